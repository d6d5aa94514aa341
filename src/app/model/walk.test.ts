import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { TraceRecord } from '../../engine/engine.ts'
import { modeRun } from './mode-runs.fixture.ts'
import { legsOf, walkAt, type Walk } from './walk.ts'

/**
 * Ways through the hooks, as log chains wrote them on Linux 6.1 (golden N1): variant, node, hook, priority ... of the SYN and
 * of the SYN-ACK. The map draws these ways.
 */
const fixture = new URL('../../testing/fixtures/walks.tsv', import.meta.url)
const recorded = readFileSync(fixture, 'utf8')
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'))

const PLACE: Record<string, string> = {
  prerouting: 'pre',
  input: 'input',
  forward: 'forward',
  output: 'output',
  postrouting: 'post',
}

/** Hooks met on a host by packets with these flags, each once per meeting. */
function golden(variant: string, node: string, flags: string): string[] {
  const met: string[] = []
  let last = Infinity
  for (const [name, host, hook = '', priority = '', , , , , , proto, flag] of recorded) {
    const isOuter = proto === '4' && flags === 'SYN'
    if (name !== variant || host !== node || (flag !== flags && !isOuter)) continue
    const place = PLACE[hook] ?? hook
    if (place !== met.at(-1) || Number(priority) <= last) met.push(place)
    last = Number(priority)
  }
  return met
}

const hooksOf = (stations: Walk['stations']): string[] =>
  stations.filter(({ verdict }) => verdict !== undefined).map(({ place }) => place)

/** Walk that the first note of that kind belongs to. */
function walkOn(
  records: readonly TraceRecord[],
  host: string,
  from: number,
  test: (record: TraceRecord) => boolean,
): Walk {
  const record = records.find((one) => one.i >= from && one.host === host && test(one))
  const walk = record && walkAt(records, host, record.i)
  if (walk === undefined) throw new Error(`nothing of that sort on ${host}`)
  return walk
}

const MODES = { dr: 'DR', nat: 'NAT', fullnat: 'FULLNAT', tun: 'TUN' } as const

describe.each(Object.entries(MODES))('the walks of a request in mode %s', (mode, variant) => {
  it('pass the hooks that a real kernel logged, on load balancer and server, there and back', async () => {
    const { run, from } = await modeRun(mode as keyof typeof MODES)
    const request = walkOn(run.records, 'LB1', from, ({ kind }) => kind === 'ipvs.pick')
    expect(hooksOf(request.stations)).toEqual(golden(variant, 'LB1', 'SYN'))
    expect(request.stations.map(({ place }) => place)).toContain('ipvs')
    expect(request.goes).toBeDefined()

    const server = run.records.find(
      (one) => one.i >= from && one.kind === 'tcp.send' && one.what === 'synack',
    )
    const served = walkOn(run.records, server?.host ?? '', from, ({ i }) => i === server?.i)
    const [arrives, leaves] = legsOf(served)
    expect(hooksOf(arrives?.stations ?? [])).toEqual(golden(variant, 'server1', 'SYN'))
    expect(hooksOf(leaves?.stations ?? [])).toEqual(golden(variant, 'server1', 'SYN ACK'))

    const answers = golden(variant, 'LB1', 'SYN ACK')
    if (answers.length === 0) {
      expect(run.records.some((one) => one.host === 'LB1' && one.kind === 'ipvs.reply')).toBe(false)
      return
    }
    const reply = walkOn(run.records, 'LB1', from, ({ kind }) => kind === 'ipvs.reply')
    expect(hooksOf(reply.stations)).toEqual(answers)
  })
})

it('is the same walk from each of its notes', async () => {
  const { run, from } = await modeRun('nat')
  const request = walkOn(run.records, 'LB1', from, ({ kind }) => kind === 'ipvs.pick')
  for (const k of request.notes) expect(walkAt(run.records, 'LB1', k)?.notes).toEqual(request.notes)
})

it('without looking ahead ends at its note', async () => {
  const { run, from } = await modeRun('nat')
  const pick = run.records.find((one) => one.i >= from && one.kind === 'ipvs.pick')
  const walk = walkAt(run.records, 'LB1', pick?.i ?? 0, false)
  expect(walk?.notes.at(-1)).toBe(pick?.i)
  expect(walk?.stations.at(-1)?.place).toBe('input')
})

it('ends where a rule drops the packet', async () => {
  const drop = 'iptables -A FORWARD -p tcp --dport 8080 -j DROP'
  const { run, from } = await modeRun('dr', [['router', drop]])
  const walk = walkOn(run.records, 'router', from, ({ kind }) => kind === 'nf.rule')
  expect(walk.stations.map(({ place, verdict }) => [place, verdict])).toEqual([
    ['in', undefined],
    ['pre', 'ACCEPT'],
    ['route', undefined],
    ['forward', 'DROP'],
  ])
})
