import { expect, test } from 'vitest'
import { ip, makeLan, ms } from '../../../testing/lan.ts'
import { routeGet } from './lookup.ts'
import { blankRule, type Rule } from './rule.ts'
import type { Flow } from './types.ts'

const NONE = ip('0.0.0.0')

function twoExits() {
  const lan = makeLan({
    r: { eth0: '10.0.0.1/24', eth1: '10.1.0.1/24 on one', eth2: '10.2.0.1/24 on two' },
    pc: { eth0: '10.0.0.9/24' },
    one: { eth0: '10.1.0.2/24 on one' },
    two: { eth0: '10.2.0.2/24 on two' },
  })
  const add = (table: string, via: string, dev: string, more: object = {}) =>
    lan.op('r', {
      ...{ op: 'route.add', dst: NONE, prefix: 0, type: 'unicast', proto: 'boot', metric: 0, prefsrc: NONE },
      ...{ nexthops: via === '' ? [] : [{ gateway: ip(via), dev, weight: 1 }], table, ...more },
    })
  const rule = (more: Partial<Rule>) => lan.op('r', { op: 'rule.add', rule: { ...blankRule(), ...more } })
  const way = (more: Partial<Flow> = {}) => {
    const found = routeGet(lan.host('r'), {
      dst: ip('8.8.8.8'),
      src: NONE,
      proto: 6,
      sport: 0,
      dport: 0,
      ...more,
    })
    return found.ok ? found.value.dst.dev : found.error
  }
  return { ...lan, add, rule, way }
}

test('rules choose the table by source, mark, interface and port, the lowest priority first', () => {
  const net = twoExits()
  net.add('main', '10.1.0.2', 'eth1')
  net.add('100', '10.2.0.2', 'eth2')
  expect(net.way()).toBe('eth1')
  net.rule({ table: '100', mark: 7, mask: 0xff, priority: 50 })
  net.rule({ table: '100', iif: 'eth0', priority: 60 })
  net.rule({ table: '100', dport: [80, 90], proto: 6, priority: 70 })
  expect(net.way()).toBe('eth1')
  expect(net.way({ mark: 0x107 })).toBe('eth2')
  expect(net.way({ dport: 85 })).toBe('eth2')
  expect(net.way({ dport: 85, proto: 17 })).toBe('eth1')
  expect(net.way({ iif: 'eth0', src: ip('10.0.0.9') })).toBe('eth2')
  net.rule({ action: 'unreachable', dst: { ip: ip('8.8.0.0'), prefix: 16 }, priority: 10 })
  // a rule of that kind has another error than a route (fib4_rule_action)
  expect(net.way()).toBe('ENETUNREACH')
  expect(net.rule({ table: '100', mark: 7, mask: 0xff, priority: 50 })).toEqual({
    ok: false,
    error: 'EEXIST',
  })
  const del = (rule: Partial<Rule>) =>
    net.op('r', { op: 'rule.del', rule: { ...blankRule(), table: '', ...rule } }).ok
  expect(del({ priority: 999 })).toBe(false)
  // what is not named may be anything
  expect(del({ priority: 10 })).toBe(true)
  expect(net.way()).toBe('eth1')
  expect(del({ table: '9' })).toBe(false)
  expect(del({ mark: 7, mask: 0xff })).toBe(true)
  expect(net.way({ mark: 0x107 })).toBe('eth1')
})

test('a table without a match, and `throw`, go on to the next rule; a prefix that is too short can be left out', () => {
  const net = twoExits()
  net.add('main', '10.1.0.2', 'eth1')
  net.rule({ table: '7', priority: 5 })
  expect(net.way()).toBe('eth1')
  net.add('7', '', '', { type: 'throw' })
  expect(net.way()).toBe('eth1')
  net.add('9', '10.2.0.2', 'eth2')
  net.rule({ table: '9', priority: 6, suppress: 0 })
  expect(net.way()).toBe('eth1')
  net.rule({ table: '9', priority: 7 })
  expect(net.way()).toBe('eth2')
})

test('forwarded packets obey the rules too', () => {
  const net = twoExits()
  net.sysctl('r', 'ip_forward', 1)
  net.add('main', '10.1.0.2', 'eth1')
  net.add('5', '10.2.0.2', 'eth2')
  net.rule({ table: '5', src: { ip: ip('10.0.0.9'), prefix: 32 } })
  net.op('pc', {
    ...{ op: 'route.add', dst: NONE, prefix: 0, type: 'unicast', proto: 'boot', metric: 0, prefsrc: NONE },
    nexthops: [{ gateway: ip('10.0.0.1'), dev: 'eth0', weight: 1 }],
  })
  net.ping('pc', '8.8.8.8')
  net.run(ms(20))
  expect(net.notes('rx', 'two').length).toBeGreaterThan(0)
  expect(net.notes('rx', 'one')).toHaveLength(0)
})

test('next-hop objects: groups share flows, losing a member moves them, a dead interface deletes objects for good', () => {
  const net = twoExits()
  const hop = (id: number, gateway: string, dev: string) =>
    net.op('r', {
      ...{ op: 'nexthop.add', id, blackhole: false, group: [], type: 'mpath', proto: '' },
      hop: { gateway: ip(gateway), dev, weight: 1 },
    })
  hop(1, '10.1.0.2', 'eth1')
  hop(2, '10.2.0.2', 'eth2')
  const group = (type: 'mpath' | 'resilient', id: number) =>
    net.op('r', {
      ...{ op: 'nexthop.add', id, blackhole: false, hop: null, type, proto: '', buckets: 8 },
      group: [
        { id: 1, weight: 1 },
        { id: 2, weight: 1 },
      ],
    })
  group('mpath', 10)
  group('resilient', 11)
  expect(net.add('main', '', '', { nhid: 10 }).ok).toBe(true)
  expect(net.add('main', '', '', { nhid: 99, metric: 5 }).ok).toBe(false)
  net.sysctl('r', 'fib_multipath_hash_policy', 1)
  const exits = () => new Set(Array.from({ length: 64 }, (_, i) => net.way({ sport: 1000 + i, dport: 80 })))
  expect(exits()).toEqual(new Set(['eth1', 'eth2']))
  net.op('r', { op: 'link.set', dev: 'eth1', up: false })
  expect(exits()).toEqual(new Set(['eth2']))
  expect(Object.keys(net.host('r').nexthops)).toEqual(['2', '10', '11'])
  expect(net.host('r').nexthops['11']?.resilient?.owner).toEqual([2, 2, 2, 2, 2, 2, 2, 2])
  net.op('r', { op: 'link.set', dev: 'eth1', up: true })
  expect(exits()).toEqual(new Set(['eth2']))
  // The last member goes, with it the groups and the routes that use them.
  net.op('r', { op: 'nexthop.del', id: 2 })
  expect(net.host('r').nexthops).toEqual({})
  expect(net.way()).toBe('ENETUNREACH')
})

test('carrier loss: classic routes keep the next hop, unless ignore_routes_with_linkdown is on at that moment', () => {
  const net = twoExits()
  net.add('main', '', '', {
    nexthops: [
      { gateway: ip('10.1.0.2'), dev: 'eth1', weight: 1 },
      { gateway: ip('10.2.0.2'), dev: 'eth2', weight: 1 },
    ],
  })
  net.sysctl('r', 'fib_multipath_hash_policy', 1)
  const exits = () => new Set(Array.from({ length: 64 }, (_, i) => net.way({ sport: 1000 + i, dport: 80 })))
  net.runner.cable('r', 'eth1', false)
  expect(exits()).toEqual(new Set(['eth1', 'eth2']))
  net.sysctl('r', 'conf.all.ignore_routes_with_linkdown', 1)
  expect(exits()).toEqual(new Set(['eth1', 'eth2']))
  net.runner.cable('r', 'eth1', true)
  net.runner.cable('r', 'eth1', false)
  expect(exits()).toEqual(new Set(['eth2']))
})
