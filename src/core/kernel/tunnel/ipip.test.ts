import { expect, test } from 'vitest'
import { ip, makeLan, ms } from '../../../testing/lan.ts'
import { ipDst, ipProto, ipSrc, ipTtl } from '../../wire/ipv4.ts'
import { newSkb } from '../skb.ts'
import { encapsulate } from './encapsulate.ts'

const tunnel = (local: string, remote: string, ttl = 0) => ({
  local: ip(local),
  remote: ip(remote),
  ttl,
  tos: 0,
  pmtudisc: true,
})

/** Two sites behind two routers, joined by a tunnel over the link between these. */
function sites() {
  const lan = makeLan({
    a: { eth0: '10.1.0.2/24 on left' },
    ra: { eth0: '10.1.0.1/24 on left', eth1: '192.0.2.1/24 on mid' },
    rb: { eth0: '10.2.0.1/24 on right', eth1: '192.0.2.2/24 on mid' },
    b: { eth0: '10.2.0.2/24 on right' },
  })
  const route = (host: string, dst: string, prefix: number, gateway: string, dev: string) =>
    expect(
      lan.op(host, {
        ...{ op: 'route.add', dst: ip(dst), prefix, type: 'unicast', proto: 'boot', metric: 0 },
        ...{ prefsrc: ip('0.0.0.0'), nexthops: [{ gateway: ip(gateway), dev, weight: 1 }] },
      }).ok,
    ).toBe(true)
  for (const router of ['ra', 'rb']) lan.sysctl(router, 'ip_forward', 1)
  lan.op('ra', { op: 'tunnel.add', dev: 'tun1', ...tunnel('192.0.2.1', '192.0.2.2') })
  lan.op('rb', { op: 'tunnel.add', dev: 'tun1', ...tunnel('192.0.2.2', '192.0.2.1', 33) })
  for (const router of ['ra', 'rb']) lan.op(router, { op: 'link.set', dev: 'tun1', up: true })
  route('a', '0.0.0.0', 0, '10.1.0.1', 'eth0')
  route('b', '0.0.0.0', 0, '10.2.0.1', 'eth0')
  route('ra', '10.2.0.0', 24, '0.0.0.0', 'tun1')
  route('rb', '10.1.0.0', 24, '0.0.0.0', 'tun1')
  return lan
}

test('a tunnel carries a ping there and back; outer TTL inherited or set', () => {
  const lan = sites()
  lan.ping('a', '10.2.0.2')
  lan.run(ms(50))
  const mid = lan.notes('flight').filter((n) => n.segment === 'mid')
  const packets = mid
    .map((n) => lan.trace.frames.find((f) => f.id === n.frame)?.bytes)
    .filter((b) => b !== undefined && b[12] === 8 && b[13] === 0)
    .map((b) => b && [ipProto(b, 14), ipTtl(b, 14), ipTtl(b, 34), ipSrc(b, 34), ipDst(b, 34)])
  expect(packets).toEqual([
    [4, 63, 63, ip('10.1.0.2'), ip('10.2.0.2')],
    [4, 33, 63, ip('10.2.0.2'), ip('10.1.0.2')],
  ])
  expect(lan.notes('rx', 'rb').filter((n) => n.dev === 'tun1')).toHaveLength(1)
  expect(lan.notes('tx', 'ra').filter((n) => n.dev === 'tun1')).toHaveLength(1)
  expect(lan.notes('icmp', 'a').at(-1)).toMatchObject({ type: 0, why: 'in' })
})

test('a packet with DF that the tunnel cannot carry is refused with the tunnel MTU, and the sender remembers it', () => {
  const lan = sites()
  lan.ping('a', '10.2.0.2', { size: 1472 })
  lan.run(ms(50))
  expect(lan.notes('icmp', 'a').at(-1)).toMatchObject({ type: 3, code: 4, why: 'in' })
  expect(lan.notes('route.cache', 'a').at(-1)).toMatchObject({ mtu: 1480, why: 'pmtu' })
  // The next one is cut by the sender itself and arrives.
  lan.ping('a', '10.2.0.2', { size: 1472 })
  lan.run(ms(50))
  expect(lan.notes('ip.fragment', 'a')).toHaveLength(1)
  expect(lan.notes('ip.reassembled', 'b')).toHaveLength(1)
  expect(lan.notes('icmp', 'a').at(-1)).toMatchObject({ type: 0, why: 'in' })
})

test('golden B6: without the module protocol unreachable, with tunl0 down port unreachable', () => {
  const lan = makeLan({ a: { eth0: '10.0.0.1/24' }, b: { eth0: '10.0.0.2/24' } })
  lan.op('a', { op: 'tunnel.add', dev: 'tun1', ...tunnel('10.0.0.1', '10.0.0.2') })
  lan.op('a', { op: 'link.set', dev: 'tun1', up: true })
  lan.op('a', {
    ...{ op: 'route.add', dst: ip('10.9.0.0'), prefix: 16, type: 'unicast', proto: 'boot', metric: 0 },
    ...{ prefsrc: ip('0.0.0.0'), nexthops: [{ gateway: ip('0.0.0.0'), dev: 'tun1', weight: 1 }] },
  })
  const codes = () => lan.notes('icmp', 'b').map((n) => [n.type, n.code])
  lan.ping('a', '10.9.0.1')
  lan.run(ms(50))
  expect(codes()).toEqual([[3, 2]])
  lan.op('b', { op: 'module.load', name: 'ipip' })
  lan.ping('a', '10.9.0.1')
  lan.run(ms(50))
  expect(codes().at(-1)).toEqual([3, 3])
  lan.op('b', { op: 'link.set', dev: 'tunl0', up: true })
  lan.ping('a', '10.9.0.1')
  lan.run(ms(50))
  // Taken out, but not for b, which does not forward.
  expect(codes()).toHaveLength(2)
  expect(lan.notes('drop', 'b').at(-1)).toMatchObject({ why: 'IP_NOFORWARD' })
})

test('encapsulation leaves the inner packet as it is', () => {
  const skb = newSkb(60)
  skb.data.fill(7, 14)
  const inner = skb.data.slice(14)
  encapsulate(skb, { src: ip('1.2.3.4'), dst: ip('5.6.7.8'), tos: 0, ttl: 9, df: true, id: 5 })
  expect(skb.data.slice(34)).toEqual(inner)
  expect(skb.data.length).toBe(14 + 80)
})

test('tunl0 comes with the module, cannot be deleted, and goes with it', () => {
  const lan = makeLan({ a: { eth0: '10.0.0.1/24' } })
  expect(lan.op('a', { op: 'module.load', name: 'ipip' }).ok).toBe(true)
  expect(lan.host('a').devs['tunl0']).toMatchObject({ mtu: 1480, up: false })
  expect(lan.op('a', { op: 'link.del', dev: 'tunl0' })).toEqual({ ok: false, error: 'EPERM' })
  expect(lan.op('a', { op: 'link.del', dev: 'eth0' })).toEqual({ ok: false, error: 'EOPNOTSUPP' })
  expect(lan.op('a', { op: 'module.unload', name: 'ipip' }).ok).toBe(true)
  expect(lan.host('a').devs['tunl0']).toBeUndefined()
})

test('an error about an outer packet is told to the sender of the next inner one, which is sent all the same', () => {
  const lan = sites()
  lan.op('rb', { op: 'link.set', dev: 'tun1', up: false })
  const told = () =>
    lan.notes('icmp', 'a').filter((n) => n.why === 'in' && n.type === 3 && n.code === 1).length
  lan.ping('a', '10.2.0.2')
  lan.run(ms(50))
  expect(told()).toBe(0)
  lan.ping('a', '10.2.0.2')
  lan.run(ms(50))
  expect(told()).toBe(1)
  expect(lan.notes('rx', 'rb').length).toBeGreaterThanOrEqual(2)
  // half a minute later it is forgotten
  lan.run(ms(31_000))
  lan.ping('a', '10.2.0.2')
  lan.run(ms(50))
  expect(told()).toBe(1)
})
