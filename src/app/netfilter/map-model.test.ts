import { describe, expect, it } from 'vitest'
import { words } from '../../i18n/en/index.ts'
import { map } from '../../i18n/en/map.ts'
import { createFlagReader } from '../model/flags.ts'
import { modeRun, type ModeRun } from '../model/mode-runs.fixture.ts'
import { ownersOf } from '../model/owners.ts'
import { clockOf } from '../session/clock.ts'
import { mapModel } from './map-model.ts'

function mapOf({ run, views, lab }: ModeRun, host: string, k: number, more = {}) {
  const owners = ownersOf(lab, Object.values(views))
  const flags = createFlagReader(run, owners, words)
  const base = { host, run, k, view: views[host], owners, flags, clock: clockOf(run), words, map }
  return mapModel({ ...base, width: 1104, height: 684, wall: false, both: false, curtain: false, ...more })
}

const find = (one: ModeRun, kind: string, host = 'LB1'): number =>
  one.run.records.find((record) => record.i >= one.from && record.kind === kind && record.host === host)?.i ??
  -1

const places = (stops: readonly { place: string }[] | undefined) => stops?.map(({ place }) => place).join(' ')

describe('the map of a load balancer', () => {
  it('shows a request through INPUT, IPVS and OUTPUT, and the reply through FORWARD over it on demand', async () => {
    const nat = await modeRun('nat')
    const pick = find(nat, 'ipvs.pick')
    const request = mapOf(nat, 'LB1', pick, { both: true })
    expect(places(request.walk?.stops)).toBe('in pre route input ipvs output post arp out')
    expect(request.hooks.input.state).toBe('now')
    expect(request.others.map(({ stops, double }) => [places(stops), double])).toEqual([
      ['in pre route forward post arp out', true],
    ])
    const reply = mapOf(nat, 'LB1', find(nat, 'ipvs.reply'), { both: true })
    expect(reply.walk?.double).toBe(true)
    expect(places(reply.others[0]?.stops)).toContain('ipvs')
    expect(reply.changes).toContainEqual({ place: 'forward', label: map.ipFrom, old: 'S2', now: 'V' })
  })

  it('has no reply to show in direct routing', async () => {
    const dr = await modeRun('dr')
    expect(mapOf(dr, 'LB1', find(dr, 'ipvs.pick'), { both: true }).others).toEqual([])
  })

  it('tells what each decision has looked up, and its functions in order', async () => {
    const nat = await modeRun('nat', [['LB1', 'iptables -A FORWARD -j ACCEPT']])
    const shown = mapOf(nat, 'LB1', find(nat, 'ipvs.xmit'))
    expect(shown.asked).toMatchObject({ place: 'route', row: 'local 172.16.253.100', owner: 'V' })
    expect(shown.ipvs?.rows.map(({ label, value }) => `${label} ${value}`)).toContain('TTL 63 → 62')
    const rows = shown.hooks.forward.rows.map(({ priority, name, note }) => [Number(priority), name, note])
    expect(rows).toContainEqual([0, 'filter', '1 rule'])
    expect(rows.map(([priority]) => priority)).toEqual([-150, 0, 99, 100])
    expect(shown.hooks.input.rows.find(({ name }) => name === 'ip_vs_in')?.decides).toBe(true)
  })

  it('shows nothing of what comes while a question is open', async () => {
    const nat = await modeRun('nat')
    const shown = mapOf(nat, 'LB1', find(nat, 'ipvs.pick'), { curtain: true, both: true })
    expect(places(shown.walk?.stops)).toBe('in pre route input')
    expect(shown.goes).toBeUndefined()
    expect(shown.others).toEqual([])
  })
})

it('ends where a rule drops the packet, and says so', async () => {
  const run = await modeRun('dr', [['router', 'iptables -A FORWARD -p tcp --dport 8080 -j DROP']])
  const shown = mapOf(run, 'router', find(run, 'drop', 'router'))
  expect(shown.walk?.lost).toBe(words.drops.NETFILTER_DROP.what)
  expect(shown.hooks.forward).toMatchObject({ state: 'now', verdict: 'DROP' })
  expect(shown.hooks.forward.rows.find(({ name }) => name === 'filter')).toMatchObject({ decides: true })
})

it('has a tunnel on a server that unwraps, and the packet comes in twice', async () => {
  const tun = await modeRun('tun')
  const server = tun.run.records.find((one) => one.i >= tun.from && one.kind === 'tunnel')
  const shown = mapOf(tun, server?.host ?? '', server?.i ?? 0)
  expect(places(shown.walk?.stops)).toMatch(
    /^in pre route input tunnel pre route input procs routeOut output post/,
  )
  expect(shown.tunnel?.rows[0]?.value).toBe('tunl0')
})
