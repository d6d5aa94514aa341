import { describe, expect, it } from 'vitest'
import { formatIp4 } from '../../core/base/ids.ts'

import { knobsFor } from '../knobs/offered.ts'
import { portsOf, troubleLine } from './cards.ts'
import { courseRun } from './course-run.fixture.ts'
import {
  faultWords,
  firewallCommand,
  forwardCommand,
  gatewayCommand,
  gatewayOf,
  gatewaysFor,
  isFirewallOn,
  mtuCommands,
  NO_FAULTS,
  rpFilterCommand,
  schedulerCommand,
  weightCommand,
} from './host-commands.ts'
import { destsOf } from './lvs-lab.ts'
import { portsOfLab } from './ports.ts'
import { words } from '../../i18n/en/index.ts'

/** Views after command lines were typed on hosts of the course lab. */
async function after(...lines: (readonly [string, string])[]) {
  const { views, lab } = await courseRun(lines)
  const of = (host: string) => {
    const view = views[host]
    if (view === undefined) throw new Error(`no ${host}`)
    return view
  }
  return { views, lab, of }
}

describe('what a knob types is what it reads back', () => {
  it('weight and scheduler, with what the service had besides', async () => {
    const { views } = await after(['LB1', 'ipvsadm -E -t 172.16.253.100:8080 -s rr -p 60'])
    const placed = destsOf(views).find(({ director }) => director.host === 'LB1')
    if (placed === undefined) throw new Error('LB1 has a server')
    const { service, dest } = placed
    const then = await after(
      ['LB1', 'ipvsadm -E -t 172.16.253.100:8080 -s rr -p 60'],
      ['LB1', weightCommand(service, dest, 3)],
      ['LB1', schedulerCommand(service, 'wlc')],
    )
    const now = then.of('LB1').ipvs.services[0]
    expect(now).toMatchObject({ scheduler: 'wlc', persistent: 60, dests: [{ weight: 3, mode: 'dr' }] })
  })

  it('gateway: router, load balancer or none', async () => {
    const { of, views } = await after()
    const options = gatewaysFor(of('server1'), views)
    expect(options.map(({ host }) => host)).toEqual(['router', 'LB1', 'LB2'])
    for (const { ip } of options) {
      const set = await after(['server1', gatewayCommand(ip)])
      expect(formatIp4(gatewayOf(set.of('server1')))).toBe(formatIp4(ip))
    }
    expect(gatewayOf(of('server1'))).toBe(0)
  })

  it('ip_forward, rp_filter, firewall, MTU', async () => {
    const { of } = await after(
      ['LB1', forwardCommand(0)],
      ['LB1', rpFilterCommand('ens33', 2)],
      ['LB1', firewallCommand(true)],
      ...mtuCommands([{ host: 'LB1', dev: 'ens33' }], 1400).map(({ host, line }) => [host, line] as const),
    )
    const lb = of('LB1')
    expect(lb.sysctl['net.ipv4.ip_forward']).toBe('0')
    expect(lb.conf['ens33']?.rp_filter).toBe(2)
    expect(isFirewallOn(lb)).toBe(true)
    expect(lb.devs.find(({ name }) => name === 'ens33')?.mtu).toBe(1400)
    const off = await after(['LB1', firewallCommand(true)], ['LB1', firewallCommand(false)])
    expect(isFirewallOn(off.of('LB1'))).toBe(false)
  })
})

it('faults are worded as a script has them', () => {
  expect(faultWords(NO_FAULTS)).toBe('')
  const faults = { ...NO_FAULTS, lossPercent: 10, reorderPercent: 5, delayNs: 20e6, jitterNs: 1500 }
  expect(faultWords(faults)).toBe('loss 10% reorder 5% delay 20ms jitter 2us')
})

it('a card says why its host is cut off: cable, interface, power', async () => {
  const { lab, of } = await after(['LB2', 'ip link set ens33 down'])
  const say = (view: ReturnType<typeof of>) => troubleLine(view, portsOf(lab, view), words.ui)
  const lb = of('LB1')
  expect(say(lb)).toBeUndefined()
  expect(say(of('LB2'))).toBe(words.ui.stage.down)
  const unplugged = { ...lb, devs: lb.devs.map((dev) => ({ ...dev, carrier: dev.name === 'lo' })) }
  expect(say(unplugged)).toBe(words.ui.stage.unplugged)
  expect(say({ ...lb, power: 'off' })).toBe(words.ui.stage.off)
  expect(say({ ...lb, power: 'frozen' })).toBe(words.ui.stage.frozen)
})

it('knobs that have nothing to act on are not offered', async () => {
  const all = await after()
  expect(knobsFor(all.views)).toContain('mode')
  const none = await after(
    ['LB1', 'ipvsadm -C'],
    ['LB2', 'ipvsadm -C'],
    ['router', 'ip route del 172.16.253.100'],
  )
  const left = knobsFor(none.views)
  for (const id of ['send', 'mode', 'weight', 'scheduler', 'policy', 'vip'] as const)
    expect(left).not.toContain(id)
  expect(left).toContain('cable')
  expect(portsOfLab(none.lab).map(({ host }) => host)).toEqual(Object.keys(none.lab.hosts))
})
