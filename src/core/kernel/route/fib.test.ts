import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ip, makeLan } from '../../../testing/lan.ts'
import { inPrefix, networkOf } from '../../base/cidr.ts'
import type { Ip4 } from '../../base/ids.ts'
import { addRoute, lookupTable } from './fib.ts'
import { findRoute, routeGet } from './lookup.ts'
import type { Flow, Route } from './types.ts'

const flow = (dst: string, more: Partial<Flow> = {}): Flow => ({
  dst: ip(dst),
  src: ip('0.0.0.0'),
  proto: 17,
  sport: 0,
  dport: 0,
  ...more,
})
const hop = (gateway: string, dev = 'ens33', weight = 1) => ({ gateway: ip(gateway), dev, weight })

function router() {
  const lan = makeLan({ router: { ens33: '172.16.253.135/24', ens34: '10.0.0.1/8 on out' } })
  const add = (
    dst: string,
    prefix: number,
    nexthops: ReturnType<typeof hop>[],
    metric = 0,
    op: 'route.add' | 'route.replace' | 'route.del' = 'route.add',
  ) =>
    lan.op('router', {
      op,
      dst: ip(dst),
      prefix,
      type: 'unicast',
      proto: 'static',
      metric,
      prefsrc: ip('0.0.0.0'),
      nexthops,
    })
  const via = (dst: string, more: Partial<Flow> = {}) => {
    const found = findRoute(lan.host('router'), flow(dst, more), 'local')
    return found.ok ? found.value.dst : found.error
  }
  return { ...lan, add, via }
}

test('the longest prefix wins, the local table before all, and no route is ENETUNREACH', () => {
  const r = router()
  r.add('0.0.0.0', 0, [hop('172.16.253.1')])
  r.add('10.1.0.0', 16, [hop('172.16.253.2')])
  r.add('10.1.2.0', 24, [hop('172.16.253.3')])
  expect(r.via('10.1.2.3')).toMatchObject({
    gateway: ip('172.16.253.3'),
    dev: 'ens33',
    prefsrc: ip('172.16.253.135'),
  })
  expect(r.via('10.1.9.9')).toMatchObject({ gateway: ip('172.16.253.2') })
  expect(r.via('10.9.9.9')).toMatchObject({
    gateway: 0,
    dev: 'ens34',
    nexthop: ip('10.9.9.9'),
    prefsrc: ip('10.0.0.1'),
  })
  expect(r.via('8.8.8.8')).toMatchObject({ gateway: ip('172.16.253.1') })
  expect(r.via('172.16.253.135')).toMatchObject({ type: 'local', dev: 'lo' })
  expect(r.via('172.16.253.255')).toMatchObject({ type: 'broadcast', dev: 'ens33' })
  r.add('0.0.0.0', 0, [], 0, 'route.del')
  expect(r.via('8.8.8.8')).toBe('ENETUNREACH')
})

test('of equal prefixes the lower metric wins; the same prefix and metric is refused', () => {
  const r = router()
  expect(r.add('9.0.0.0', 8, [hop('172.16.253.1')], 20).ok).toBe(true)
  expect(r.add('9.0.0.0', 8, [hop('172.16.253.2')], 10).ok).toBe(true)
  expect(r.add('9.0.0.0', 8, [hop('172.16.253.3')], 10)).toEqual({ ok: false, error: 'EEXIST' })
  expect(r.via('9.9.9.9')).toMatchObject({ gateway: ip('172.16.253.2') })
  expect(r.add('9.0.0.0', 8, [hop('172.16.253.3')], 10, 'route.replace').ok).toBe(true)
  expect(r.via('9.9.9.9')).toMatchObject({ gateway: ip('172.16.253.3') })
})

test('a gateway that is not on a link is refused, an unknown device too', () => {
  const r = router()
  expect(r.add('9.0.0.0', 8, [hop('1.2.3.4')])).toEqual({ ok: false, error: 'ENETUNREACH' })
  expect(r.add('9.0.0.0', 8, [hop('172.16.253.1', 'eth9')])).toEqual({ ok: false, error: 'ENODEV' })
})

test('an interface that goes down takes its routes along, and its own come back with it', () => {
  const r = router()
  r.add('9.0.0.0', 8, [hop('172.16.253.1')])
  r.op('router', { op: 'link.set', dev: 'ens33', up: false })
  expect(r.via('9.9.9.9')).toBe('ENETUNREACH')
  expect(r.via('172.16.253.1')).toBe('ENETUNREACH')
  r.op('router', { op: 'link.set', dev: 'ens33', up: true })
  expect(r.via('172.16.253.1')).toMatchObject({ dev: 'ens33' })
  expect(r.via('9.9.9.9')).toBe('ENETUNREACH')
})

test('a deleted address takes its routes along, but leaves those of the others', () => {
  const r = router()
  r.op('router', {
    op: 'addr.add',
    dev: 'ens33',
    ip: ip('192.168.1.1'),
    prefix: 24,
    label: 'ens33',
    broadcast: ip('192.168.1.255'),
  })
  expect(r.via('192.168.1.9')).toMatchObject({ dev: 'ens33' })
  r.op('router', { op: 'addr.del', dev: 'ens33', ip: ip('192.168.1.1'), prefix: 24 })
  expect(r.via('192.168.1.9')).toBe('ENETUNREACH')
  expect(r.via('172.16.253.9')).toMatchObject({ dev: 'ens33' })
})

test('a source that is not ours is refused, unless ip_nonlocal_bind allows it', () => {
  const lan = router()
  const ask = (src: string) => routeGet(lan.host('router'), flow('172.16.253.9', { src: ip(src) }))
  expect(ask('172.16.253.135').ok).toBe(true)
  expect(ask('9.9.9.9')).toEqual({ ok: false, error: 'ENETUNREACH' })
  lan.sysctl('router', 'ip_nonlocal_bind', 1)
  expect(ask('9.9.9.9').ok).toBe(true)
})

test('a dead next hop is left out, and with fib_multipath_use_neigh also one whose neighbour failed', () => {
  const r = router()
  r.add('9.0.0.0', 8, [hop('172.16.253.1'), hop('10.0.0.2', 'ens34')])
  const taken = () =>
    new Set(Array.from({ length: 50 }, (_, i) => (r.via(`9.0.0.${i}`) as { dev: string }).dev))
  expect(taken().size).toBe(2)
  r.sysctl('router', 'fib_multipath_use_neigh', 1)
  r.ping('router', '172.16.253.1')
  r.run(4_000_000_000)
  expect([...taken()]).toEqual(['ens34'])
  r.sysctl('router', 'fib_multipath_use_neigh', 0)
  expect(taken().size).toBe(2)
  r.op('router', { op: 'link.set', dev: 'ens34', up: false })
  expect([...taken()]).toEqual(['ens33'])
})

test('property: the table finds what a search through all routes finds', () => {
  const someRoute = fc.record({
    dst: fc.nat(0xffffffff),
    prefix: fc.integer({ min: 0, max: 32 }),
    metric: fc.nat(3),
  })
  fc.assert(
    fc.property(fc.array(someRoute, { maxLength: 30 }), fc.nat(0xffffffff), (specs, dst) => {
      const { host } = makeLan({ h: { eth0: '10.0.0.1/24' } })
      const routes = specs.map(({ dst: net, prefix, metric }): Route => ({
        dst: networkOf(net as Ip4, prefix),
        prefix,
        metric,
        type: 'unicast',
        scope: 'global',
        proto: 'static',
        prefsrc: 0 as Ip4,
        nexthops: [hop('10.0.0.2', 'eth0')],
        table: 'main',
      }))
      for (const route of routes) addRoute(host('h'), route)
      const best = routes
        .filter((r) => inPrefix(dst as Ip4, r.dst, r.prefix))
        .sort((a, b) => b.prefix - a.prefix || a.metric - b.metric)[0]
      const found = lookupTable(host('h').main, dst as Ip4)
      const own = inPrefix(dst as Ip4, ip('10.0.0.0'), 24) && (!best || best.prefix < 24)
      if (own) expect(found?.proto).toBe('kernel')
      else expect(found && [found.prefix, found.metric]).toEqual(best && [best.prefix, best.metric])
    }),
    { numRuns: 200, seed: 7 },
  )
})
