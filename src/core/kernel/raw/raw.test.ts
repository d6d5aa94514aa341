import { expect, test } from 'vitest'
import { ip, makeLan, ms, s } from '../../../testing/lan.ts'
import { formatFrame } from '../../wire/format.ts'
import { macOfGroup } from '../ip/multicast.ts'
import { loadRaw, raw } from './module.ts'

await loadRaw()

const OSPF = 89
const ALL_ROUTERS = ip('224.0.0.5')

function lan() {
  const net = makeLan({
    a: { eth0: '10.0.0.1/24' },
    b: { eth0: '10.0.0.2/24' },
    c: { eth0: '10.0.0.3/24' },
  })
  const open = (id: string, pid = 7, dev = ''): number => {
    let sock = 0
    net.host(id).procs[pid] = {
      pid,
      argv: ['x'],
      program: 'x',
      state: {},
      startedNs: 0,
      ppid: 1,
      unit: '',
      peers: [],
    }
    net.act(id, (host) => (sock = raw().rawOpen(host, pid, OSPF, dev)))
    return sock
  }
  const join = (id: string, sock: number, group = ALL_ROUTERS): void =>
    net.act(id, (host, ctx) => void raw().joinGroup(host, sock, 'eth0', group, ctx))
  const send = (id: string, sock: number, to: string, dev?: string): void =>
    net.act(id, (host, ctx) => {
      const payload = new Uint8Array([1, 2, 3, 4])
      void raw().rawSend(host, sock, { dst: ip(to), ttl: 1, tos: 0xc0, payload, ...(dev && { dev }) }, ctx)
    })
  /** What a host's programs heard since the beginning. */
  const heard = (id: string) => net.heard.filter((event) => event.host === id)
  const lines = () =>
    net.trace.frames.map(({ bytes }) => formatFrame(bytes)).filter((line) => line.includes('igmp'))
  return { ...net, open, join, send, heard, lines }
}

test('a group is heard by those who joined, and goes out with its own MAC', () => {
  const net = lan()
  const [a, b] = [net.open('a'), net.open('b')]
  net.open('c')
  net.join('b', b)
  net.send('a', a, '224.0.0.5', 'eth0')
  net.run(ms(1))
  expect(net.heard('b')).toMatchObject([{ pid: 7, event: { kind: 'raw', sock: b, dev: 'eth0' } }])
  expect(net.heard('c')).toEqual([])
  expect(net.notes('drop', 'c')).toMatchObject([{ why: 'MCAST_NOT_JOINED' }])
  const frame = net.trace.frames.find(({ bytes }) => bytes[23] === OSPF)
  expect(frame?.bytes.subarray(0, 6)).toEqual(new Uint8Array([1, 0, 0x5e, 0, 0, 5]))
  expect(macOfGroup(ip('239.129.0.6'))).toBe(0x01005e010006)
  // its own packets do not come back to the sender
  expect(net.heard('a')).toEqual([])
})

test('every socket of the protocol gets a unicast packet; one on another interface does not', () => {
  const net = lan()
  const a = net.open('a')
  const b = [net.open('b', 7), net.open('b', 8), net.open('b', 9, 'eth1')]
  net.send('a', a, '10.0.0.2')
  net.run(s(1))
  expect(net.heard('b').map((e) => e.event)).toMatchObject([{ sock: b[0] }, { sock: b[1] }])
  expect(net.notes('drop', 'b')).toEqual([])
})

test('nobody has the protocol: the sender is told, and not when it was a group', () => {
  const net = lan()
  const a = net.open('a')
  net.send('a', a, '10.0.0.2')
  net.send('a', a, '224.0.0.1', 'eth0')
  net.run(s(1))
  expect(net.notes('icmp', 'b')).toMatchObject([{ type: 3, code: 2, to: ip('10.0.0.1') }])
})

test('joining and leaving are each reported twice, several groups in one report, the newest first', () => {
  const net = lan()
  const a = net.open('a')
  net.join('a', a)
  net.join('a', a, ip('224.0.0.6'))
  net.run(s(2))
  expect(net.lines()).toEqual(Array(2).fill('IP 10.0.0.1 > 224.0.0.22: igmp v3 report, 2 group record(s)'))
  const [report] = net.trace.frames
  // tos 0xc0, DF, TTL 1, router alert; then 224.0.0.6 to_ex, 224.0.0.5 to_ex
  expect([...(report?.bytes.subarray(14, 24) ?? [])]).toEqual([0x46, 0xc0, 0, 48, 0, 0, 0x40, 0, 1, 2])
  expect([...(report?.bytes.subarray(34, 38) ?? [])]).toEqual([0x94, 4, 0, 0])
  expect([...(report?.bytes.subarray(46) ?? [])]).toEqual([
    4, 0, 0, 0, 224, 0, 0, 6, 4, 0, 0, 0, 224, 0, 0, 5,
  ])
  net.act('a', (host, ctx) => {
    raw().rawClose(host, a, ctx)
  })
  net.run(s(2))
  expect(net.lines()).toHaveLength(4)
  expect(net.host('a').groups).toEqual([])
})

test('a second socket in the same group changes nothing on the wire', () => {
  const net = lan()
  const [one, two] = [net.open('a', 7), net.open('a', 8)]
  net.join('a', one)
  net.run(s(2))
  net.join('a', two)
  net.act('a', (host, ctx) => {
    raw().rawClose(host, one, ctx)
  })
  net.run(s(2))
  expect(net.lines()).toHaveLength(2)
  expect(net.host('a').groups).toMatchObject([{ socks: [two] }])
})

test('an interface that comes up says its groups again', () => {
  const net = lan()
  net.join('a', net.open('a'))
  net.run(s(2))
  net.op('a', { op: 'link.set', dev: 'eth0', up: false })
  net.run(s(2))
  net.op('a', { op: 'link.set', dev: 'eth0', up: true })
  net.run(s(2))
  expect(net.lines()).toHaveLength(4)
})

test('listeners hear of links, addresses and routes, whoever changed them', () => {
  const net = lan()
  net.host('a').netlinkSocks = [7]
  net.open('a')
  const dev = 'eth0'
  net.op('a', { op: 'addr.add', dev, ip: ip('10.9.0.1'), prefix: 32, label: dev, broadcast: ip('0.0.0.0') })
  net.op('a', { op: 'link.set', dev, up: false })
  net.runner.cable('a', dev, false)
  net.run(ms(1))
  expect(net.heard('a').map(({ event }) => event)).toMatchObject([
    { kind: 'netlink', change: { what: 'addr', ip: ip('10.9.0.1'), prefix: 32, gone: false, by: 0 } },
    { kind: 'netlink', change: { what: 'link', dev } },
    { kind: 'netlink', change: { what: 'link', dev } },
  ])
})
