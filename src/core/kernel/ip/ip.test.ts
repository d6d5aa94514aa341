import { expect, test } from 'vitest'
import { ip, makeLan, ms, s } from '../../../testing/lan.ts'
import { ipTtl } from '../../wire/ipv4.ts'

/** client -- router -- server */
function routed(forward = 1) {
  const lan = makeLan({
    client: { eth0: '10.0.0.10/24 on left' },
    router: { eth0: '10.0.0.1/24 on left', eth1: '10.0.1.1/24 on right' },
    server: { eth0: '10.0.1.10/24 on right' },
  })
  lan.sysctl('router', 'ip_forward', forward)
  const gateway = (host: string, gw: string): void => {
    const nexthops = [{ gateway: ip(gw), dev: 'eth0', weight: 1 }]
    lan.op(host, {
      op: 'route.add',
      dst: ip('0.0.0.0'),
      prefix: 0,
      type: 'unicast',
      proto: 'boot',
      metric: 0,
      prefsrc: ip('0.0.0.0'),
      nexthops,
    })
  }
  gateway('client', '10.0.0.1')
  gateway('server', '10.0.1.1')
  return lan
}

const hooks = (lan: ReturnType<typeof routed>, host: string) => lan.notes('hook', host).map((n) => n.point)

test('a forwarded packet passes PREROUTING, FORWARD, POSTROUTING and loses one TTL', () => {
  const lan = routed()
  lan.ping('client', '10.0.1.10')
  lan.run(ms(10))
  const out = ['PREROUTING', 'FORWARD', 'POSTROUTING']
  expect(hooks(lan, 'router')).toEqual([...out, ...out])
  expect(hooks(lan, 'server')).toEqual(['PREROUTING', 'LOCAL_IN', 'LOCAL_OUT', 'POSTROUTING'])
  expect(lan.notes('forward', 'router').map((n) => [n.ttlIn, n.ttlOut])).toEqual([
    [64, 63],
    [64, 63],
  ])
  const arrived = lan.notes('rx', 'server').at(-1)
  const frame = lan.trace.frames.find((f) => f.id === arrived?.frame)
  expect(frame && ipTtl(frame.bytes, 14)).toBe(63)
})

test('what leaves a router has the frame that came in as its parent', () => {
  const lan = routed()
  lan.ping('client', '10.0.1.10')
  lan.run(ms(10))
  const sent = lan.notes('tx', 'router').map((n) => lan.trace.frames.find((f) => f.id === n.frame))
  const request = sent.find((f) => f && f.bytes[12] === 8 && f.bytes[13] === 0)
  const parent = lan.trace.frames.find((f) => f.id === request?.parent)
  expect(parent && ipTtl(parent.bytes, 14)).toBe(64)
})

test('without ip_forward the packet is dropped in silence', () => {
  const lan = routed(0)
  lan.ping('client', '10.0.1.10')
  lan.run(ms(10))
  expect(lan.host('router').drops).toEqual({ IP_NOFORWARD: 1 })
  expect(lan.notes('icmp', 'router')).toEqual([])
})

test('TTL 1 dies at the router, which says so to the sender', () => {
  const lan = routed()
  lan.ping('client', '10.0.1.10', { ttl: 1 })
  lan.run(ms(10))
  expect(lan.host('router').drops).toEqual({ IP_TTL: 1 })
  expect(lan.notes('icmp', 'client').map((n) => [n.type, n.code, n.why])).toContainEqual([11, 0, 'in'])
})

test('no route: ICMP net unreachable, at most six in a row', () => {
  const lan = routed()
  for (let i = 0; i < 9; i++) lan.ping('client', '99.0.0.1')
  lan.run(ms(10))
  const sent = lan.notes('icmp', 'router').filter((n) => n.why === 'error')
  expect(sent.length).toBe(6)
  expect(sent[0]).toMatchObject({ type: 3, code: 0 })
  lan.run(s(1))
  lan.ping('client', '99.0.0.1')
  lan.run(ms(10))
  expect(lan.notes('icmp', 'router').filter((n) => n.why === 'error').length).toBe(7)
})

test('ping reaches an address on lo, and is answered from it', () => {
  const lan = makeLan({ a: { eth0: '10.0.0.1/24' }, b: { eth0: '10.0.0.2/24' } })
  lan.op('b', {
    op: 'addr.add',
    dev: 'lo',
    ip: ip('10.0.0.100'),
    prefix: 32,
    label: 'lo:0',
    broadcast: ip('0.0.0.0'),
  })
  lan.ping('a', '10.0.0.100')
  lan.run(ms(10))
  expect(lan.notes('icmp', 'a')).toHaveLength(1)
  expect(lan.notes('icmp', 'a')[0]).toMatchObject({ type: 0, to: ip('10.0.0.100') })
})
