import { describe, expect, it } from 'vitest'
import type { HostId } from '../../core/base/ids.ts'
import { labById } from '../../content/labs.ts'
import type { HostView, TraceRecord } from '../../engine/engine.ts'
import { createEngine } from '../../engine/inprocess.ts'
import { LVS_MODES, type LvsMode, modeOf } from './lvs-lab.ts'
import { modeCommands } from './lvs-mode.ts'

/** A lab with its sender, run in this thread, and a switch of mode as the knob does it. */
async function openLab(id: string) {
  const lab = labById(id)
  if (lab === undefined) throw new Error(`no lab ${id}`)
  const engine = createEngine()
  const seen = { events: 0, records: [] as TraceRecord[] }
  engine.onTrace((batch) => {
    seen.events = batch.events
    seen.records.push(...batch.records)
  })
  await engine.load(lab)
  const views = async (): Promise<Record<HostId, HostView>> => {
    const all = await Promise.all(Object.keys(lab.hosts).map((host) => engine.inspect(host, seen.events)))
    return Object.fromEntries(all.map((view) => [view.host, view]))
  }
  const home = await views()
  const sender = id === 'course' ? 'router' : 'client'
  return {
    views,
    home,
    turnTo: async (mode: LvsMode) => {
      const lines = modeCommands(await views(), home, mode)
      const done = await engine.execAll(lines)
      expect(done.filter(({ status }) => status !== 0)).toEqual([])
      return lines
    },
    /** Status of a request to the VIP, and the ways in which it was handed on. */
    ask: async (more = '') => {
      const from = seen.records.length
      const url = 'http://172.16.253.100:8080'
      const done = await engine.exec(sender, `curl -s -m 5 -o /dev/null -w %{http_code} ${url} ${more}`)
      const sent = seen.records.slice(from).flatMap((r) => (r.kind === 'ipvs.xmit' ? [r.mode] : []))
      return { answer: done.output, modes: [...new Set(sent)] }
    },
    type: (host: HostId, line: string) => engine.exec(host, line),
  }
}

const PAIRS = LVS_MODES.flatMap((from) => LVS_MODES.map((to) => [from, to] as const))

describe.each(['course', 'outside'])('lab %s', (id) => {
  it.each(PAIRS)('from %s to %s: a request is answered, and handed on that way', async (from, to) => {
    const lab = await openLab(id)
    await lab.turnTo(from)
    expect(await lab.ask()).toEqual({ answer: '200', modes: [from] })
    await lab.turnTo(to)
    expect(modeOf(await lab.views())).toBe(to)
    for (let i = 0; i < 3; i++) expect(await lab.ask()).toEqual({ answer: '200', modes: [to] })
    expect(await lab.turnTo(to), 'nothing is left to do').toEqual([])
  })

  it('is after a round through all modes configured as it was booted', async () => {
    const lab = await openLab(id)
    for (const mode of ['nat', 'tun', 'fullnat', 'dr'] as const) await lab.turnTo(mode)
    const after = await lab.views()
    for (const [host, view] of Object.entries(lab.home)) {
      const setup = ({ conf, sysctl, devs, routes, ipvs }: HostView) => ({
        conf,
        forward: sysctl['net.ipv4.ip_forward'],
        routes: routes.map(({ dst, prefix, nexthops }) => ({ dst, prefix, nexthops })),
        addrs: devs.map(({ name, up, addrs }) => ({ name, up, addrs })),
        services: ipvs.services.map(({ laddrs, dests }) => ({
          laddrs,
          modes: dests.map(({ mode }) => mode),
        })),
      })
      const now = after[host]
      expect(now && setup(now), host).toEqual(setup(view))
    }
  })
})

it('requests from extra addresses on the same LAN come back through the load balancer, too', async () => {
  const lab = await openLab('course')
  await lab.turnTo('nat')
  await lab.type('router', 'ifconfig lo:1 172.16.253.200 netmask 255.255.255.255 up')
  expect(await lab.ask('--interface 172.16.253.200')).toEqual({ answer: '200', modes: ['nat'] })
})

it('leaves alone what it did not set', async () => {
  const lab = await openLab('course')
  await lab.type('LB1', 'sysctl -w net.ipv4.conf.all.rp_filter=1 net.ipv4.fwmark_reflect=1')
  await lab.type('LB1', 'ipvsadm -e -t 172.16.253.100:8080 -r 172.16.253.130:8080 -g -w 3 -x 50 -y 5')
  const lines = await lab.turnTo('nat')
  expect(lines[0]).toEqual({
    host: 'LB1',
    line: 'ipvsadm -e -t 172.16.253.100:8080 -r 172.16.253.130:8080 -m -w 3 -x 50 -y 5',
  })
  expect(lines.some(({ line }) => line.includes('rp_filter'))).toBe(false)
})
