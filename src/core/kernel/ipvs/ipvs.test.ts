import { expect, test } from 'vitest'
import { ip, makeLan, ms, s } from '../../../testing/lan.ts'
import { PROTO_TCP } from '../../wire/ipv4.ts'
import { ACK, emitTcp, FIN, RST, SYN } from '../../wire/tcp.ts'
import { ipSend } from '../ip/output.ts'
import { L2, newSkb } from '../skb.ts'
import { secondsLeft } from './conn.ts'
import { listConns } from './table.ts'

const VIP = '172.16.253.100'
const SERVERS = ['172.16.253.141', '172.16.253.142', '172.16.253.143']

/** A client, a director that owns the VIP, three real servers that own it too and keep quiet about it. */
function directed(weights = [1, 1, 1]) {
  const lan = makeLan({
    client: { eth0: '172.16.253.10/24' },
    LB1: { eth0: '172.16.253.131/24' },
    s1: { eth0: '172.16.253.141/24' },
    s2: { eth0: '172.16.253.142/24' },
    s3: { eth0: '172.16.253.143/24' },
  })
  for (const host of ['LB1', 's1', 's2', 's3']) {
    lan.op(host, {
      op: 'addr.add',
      dev: 'lo',
      ip: ip(VIP),
      prefix: 32,
      label: 'lo:0',
      broadcast: ip('0.0.0.0'),
    })
    if (host !== 'LB1') lan.sysctl(host, 'conf.all.arp_ignore', 1)
    if (host !== 'LB1') lan.sysctl(host, 'conf.all.arp_announce', 2)
  }
  const service = { proto: PROTO_TCP, vip: ip(VIP), port: 8080 }
  lan.op('LB1', { op: 'ipvs.service.add', ...service, scheduler: 'rr' })
  SERVERS.forEach((server, i) => {
    lan.op('LB1', {
      op: 'ipvs.dest.add',
      ...service,
      ip: ip(server),
      dport: 8080,
      weight: weights[i] ?? 1,
      mode: 'dr',
    })
  })
  const send = (sport: number, flags: number, dport = 8080): void => {
    lan.act('client', (host, ctx) => {
      // No checksum: the director does not look at it, and what the servers make of it does not matter here.
      const skb = newSkb(40)
      const tcp = { sport, dport, seq: 1, ack: 0, flags, window: 100, urgent: 0, options: {} }
      emitTcp(tcp, skb.data, L2 + 20)
      ipSend(host, skb, { src: ip('172.16.253.10'), dst: ip(VIP), proto: PROTO_TCP, df: true, id: 1 }, ctx)
    })
    lan.run(ms(5))
  }
  const picks = () =>
    lan.notes('ipvs.pick', 'LB1').map((n) => SERVERS.indexOf(`172.16.253.${n.dip & 255}`) + 1)
  const conns = () => listConns(lan.host('LB1').ipvs)
  const dests = () => lan.host('LB1').ipvs.services[0]?.dests ?? []
  return { ...lan, send, picks, conns, dests, service }
}

test('rr goes round the list, which is in reverse order of ipvsadm -a (golden B13)', () => {
  const lb = directed()
  for (let i = 0; i < 6; i++) lb.send(1000 + i, SYN)
  expect(lb.picks()).toEqual([3, 2, 1, 3, 2, 1])
})

test('rr passes over weight 0', () => {
  const lb = directed([1, 0, 1])
  for (let i = 0; i < 4; i++) lb.send(1000 + i, SYN)
  expect(lb.picks()).toEqual([3, 1, 3, 1])
})

test('direct routing: hooks as in golden N1, TTL less one, only the MAC tells the server', () => {
  const lb = directed()
  lb.send(1000, SYN)
  expect(
    lb
      .notes('hook', 'LB1')
      .slice(0, 4)
      .map((n) => [n.point, n.verdict]),
  ).toEqual([
    ['PREROUTING', 'ACCEPT'],
    ['LOCAL_IN', 'STOLEN'],
    ['LOCAL_OUT', 'ACCEPT'],
    ['POSTROUTING', 'ACCEPT'],
  ])
  expect(lb.notes('ipvs.xmit', 'LB1')[0]).toMatchObject({
    mode: 'dr',
    ttlIn: 64,
    ttlOut: 63,
    dip: ip('172.16.253.143'),
  })
})

test('the packets of a connection meet one server; the director follows what the client says', () => {
  const lb = directed()
  const seen: string[] = []
  for (const flags of [SYN, ACK, ACK, FIN | ACK, ACK]) {
    lb.send(1000, flags)
    seen.push(lb.conns()[0]?.state ?? '')
  }
  expect(lb.picks()).toHaveLength(1)
  expect(seen).toEqual(['SYN_RECV', 'ESTABLISHED', 'ESTABLISHED', 'FIN_WAIT', 'FIN_WAIT'])
})

test('ActiveConn counts connections that are being opened or are open (golden B15)', () => {
  const lb = directed()
  const counts = () => {
    const all = lb.dests()
    return [all.reduce((n, d) => n + d.activeConns, 0), all.reduce((n, d) => n + d.inactConns, 0)]
  }
  lb.send(1000, SYN)
  expect(counts()).toEqual([1, 0])
  lb.send(1000, ACK)
  expect(counts()).toEqual([1, 0])
  lb.send(1000, FIN | ACK)
  expect(counts()).toEqual([0, 1])
  lb.run(s(121))
  expect(counts()).toEqual([0, 0])
  expect(lb.conns()).toEqual([])
})

test('a connection expires two minutes after the last packet in FIN_WAIT, 15 minutes in ESTABLISHED', () => {
  const lb = directed()
  lb.send(1000, SYN)
  lb.send(1000, ACK)
  const left = () => lb.conns().map((c) => secondsLeft(c, lb.world.now))
  expect(left()).toEqual([899])
  lb.send(1000, FIN | ACK)
  expect(left()).toEqual([119])
  lb.run(s(60))
  lb.send(1000, ACK)
  expect(left()).toEqual([119])
  lb.run(s(119))
  expect(lb.conns()).toHaveLength(1)
  lb.run(s(2))
  expect(lb.conns()).toEqual([])
})

test('what is no SYN and belongs to no connection goes to the host itself, and so do other ports', () => {
  const lb = directed()
  lb.send(1000, ACK)
  lb.send(1000, SYN, 9999)
  expect(lb.conns()).toEqual([])
  expect(
    lb
      .notes('hook', 'LB1')
      .filter((n) => n.point === 'LOCAL_IN')
      .map((n) => n.verdict),
  ).toEqual(['ACCEPT', 'ACCEPT'])
  expect(lb.notes('ipvs.xmit')).toEqual([])
})

test('a reset closes the entry soon; a new SYN on it is scheduled anew', () => {
  const lb = directed()
  lb.send(1000, SYN)
  lb.send(1000, RST)
  // SYN_RECV stays SYN_RECV on a reset from the client, as the kernel's table has it.
  expect(lb.conns()[0]?.state).toBe('SYN_RECV')
  lb.send(2000, SYN)
  lb.send(2000, ACK)
  lb.send(2000, RST | ACK)
  expect(lb.conns()[1]).toMatchObject({ state: 'CLOSE', cport: 2000 })
  lb.send(2000, SYN)
  expect(lb.picks()).toEqual([3, 2, 1])
})

test('a service without a usable server: ICMP port unreachable, and the SYN is dropped with the hook named', () => {
  const lb = directed([0, 0, 0])
  lb.send(1000, SYN)
  expect(lb.notes('icmp', 'LB1').find((n) => n.why === 'error')).toMatchObject({ type: 3, code: 3 })
  expect(lb.notes('drop', 'LB1')[0]).toMatchObject({ why: 'NETFILTER_DROP', detail: 'ip_vs_in' })
})

test('services and servers: what is there already, and what is not, is refused', () => {
  const lb = directed()
  const { service } = lb
  const dest = { ...service, ip: ip('172.16.253.141'), dport: 8080, weight: 1, mode: 'dr' as const }
  expect(lb.op('LB1', { op: 'ipvs.service.add', ...service, scheduler: 'rr' })).toEqual({
    ok: false,
    error: 'EEXIST',
  })
  expect(lb.op('LB1', { op: 'ipvs.service.add', ...service, port: 1, scheduler: 'xx' })).toEqual({
    ok: false,
    error: 'ENOENT',
  })
  expect(lb.op('LB1', { op: 'ipvs.dest.add', ...dest })).toEqual({ ok: false, error: 'EEXIST' })
  expect(lb.op('LB1', { op: 'ipvs.dest.del', ...dest, dport: 81 })).toEqual({ ok: false, error: 'ENOENT' })
  expect(lb.op('LB1', { op: 'ipvs.service.del', ...service, port: 81 })).toEqual({
    ok: false,
    error: 'ESRCH',
  })
  expect(lb.op('LB1', { op: 'ipvs.dest.edit', ...dest, weight: 7 }).ok).toBe(true)
  expect(lb.dests().map((d) => d.weight)).toEqual([1, 1, 7])
})
