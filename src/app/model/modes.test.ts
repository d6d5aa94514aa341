import { beforeAll, describe, expect, it } from 'vitest'
import { words } from '../../i18n/en/index.ts'
import { calloutOf } from './callout.ts'
import { type CourseRun, courseRun, CURL, noteOf } from './course-run.fixture.ts'
import { stateLine } from './cards.ts'
import { decidedBy } from './flags.ts'
import { LVS_MODES, type LvsMode, modeOf } from './lvs-lab.ts'
import { modeCommands } from './lvs-mode.ts'
import { diffFrames } from './packet-diff.ts'
import { infoOf } from './packet-info.ts'

/** The course lab in each mode, with one request. */
const runs: Partial<Record<LvsMode, CourseRun>> = {}
beforeAll(async () => {
  const { views } = await courseRun([])
  for (const mode of LVS_MODES) {
    const lines = modeCommands(views, views, mode).map(({ host, line }) => [host, line] as const)
    runs[mode] = await courseRun([...lines, CURL])
  }
})

function runOf(mode: LvsMode): CourseRun {
  const run = runs[mode]
  if (run === undefined) throw new Error(`no run of ${mode}`)
  return run
}

/** The flight by which the first request leaves the load balancer, and that of the first answer past it. */
function flights(course: CourseRun) {
  const { run } = course
  const xmit = noteOf(run, 'ipvs.xmit')
  const lb = run.records[xmit]?.host
  const isSyn = (k: number): boolean => ['syn', 'synack'].includes(course.flags.ofFlight(k)?.kind ?? '')
  const all = run.records.filter(
    ({ i, kind, host }) => i > xmit && kind === 'flight' && host === lb && isSyn(i),
  )
  return { request: all[0]?.i ?? -1, answer: all[1]?.i }
}

describe.each([
  ['dr', ['macTo'], { macTo: 'S' }, /MAC here. Both IP addresses stay/],
  ['nat', ['ipTo'], { ipTo: 'S' }, /IP in place of the VIP/],
  ['fullnat', ['ipFrom', 'ipTo'], { ipFrom: 'L', ipTo: 'S' }, /its own IP here/],
  ['tun', ['outer'], { ipFrom: 'L', ipTo: 'S' }, /wrapped the packet/],
] as const)('%s', (mode, decided, owners, says) => {
  it('rings the cells that it wrote, and says so', () => {
    const course = runOf(mode)
    const { request } = flights(course)
    expect(decidedBy(course.run, request, course.owners)).toEqual(decided)
    const flag = course.flags.ofFlight(request)
    const cells = { macTo: flag?.mac[1], ipFrom: flag?.ip?.[0], ipTo: flag?.ip?.[1] }
    for (const [name, cell] of Object.entries(cells)) {
      const owner = (owners as Readonly<Record<string, string>>)[name]
      expect(cell?.ring === 'decision', name).toBe(owner !== undefined)
      if (owner !== undefined) expect(cell?.code).toContain(owner)
    }
    expect(flag?.inner?.map(({ code }) => code)).toEqual(mode === 'tun' ? ['R', 'V'] : undefined)
    expect(calloutOf(course.run, request, course.owners, words)?.title).toMatch(says)
  })

  it('the answer passes the load balancer where addresses were translated', () => {
    const course = runOf(mode)
    const { answer } = flights(course)
    expect(answer !== undefined).toBe(mode === 'nat' || mode === 'fullnat')
    if (answer === undefined) return
    expect(course.flags.ofFlight(answer)?.ip?.[0]).toMatchObject({ code: 'V', ring: 'decision' })
    expect(calloutOf(course.run, answer, course.owners, words)?.title).toContain('put the VIP')
  })

  it('a server card says what the mode makes of it', () => {
    const { views, owners } = runOf(mode)
    const server = views['server1']
    expect(modeOf(views)).toBe(mode)
    const line = server && stateLine(server, owners, words.ui, mode)
    const wanted = { dr: 'V on lo', nat: 'answers through L1', fullnat: 'sees the load', tun: 'unwraps' }
    expect(line).toContain(wanted[mode])
  })
})

it('a wrapped packet is compared with what is inside it, its outer addresses are the decision', () => {
  const { run, flags } = runOf('tun')
  const { request } = flights(runOf('tun'))
  const record = run.records[request]
  const frame = record?.kind === 'flight' ? run.frames[record.frame] : undefined
  const before = frame && run.frames[frame.parent]
  if (frame === undefined || before === undefined) throw new Error('the packet was wrapped from another')
  const [, outer, inner, tcp] = diffFrames(frame.bytes, before.bytes, [])
  expect(outer?.rows.filter(({ mark }) => mark === 'decision').map(({ field }) => field.name)).toEqual([
    'ip.src',
    'ip.dst',
  ])
  expect(inner?.rows.filter(({ was }) => was !== undefined).map(({ field }) => field.name)).toEqual([
    'ip.ttl',
    'ip.checksum',
  ])
  expect(tcp?.rows.some(({ mark }) => mark !== undefined)).toBe(false)
  expect(flags.ofFlight(request)?.kind).toBe('syn')
  expect(infoOf(frame.bytes)).toMatchObject({
    proto: 'tcp',
    text: expect.stringMatching(/^IPIP +\d+ → 8080/) as string,
  })
})
