import { expect, test } from 'vitest'
import { balanced, CLIENT, SERVERS, VIP } from '../../../testing/balanced.ts'
import { ip, s } from '../../../testing/lan.ts'
import { read16, read32 } from '../../base/bytes.ts'
import { ETH_P_IP } from '../../wire/ethernet.ts'
import { ipDst, ipProto, ipSrc, ipTtl, PROTO_IPIP } from '../../wire/ipv4.ts'
import { ACK, FIN, RST, SYN, tcpHeaderLength } from '../../wire/tcp.ts'
import { L2 } from '../skb.ts'

const RST_ACK = RST | ACK

test('NAT: the destination is rewritten and the answer restored, TTL one less each way (golden B2)', () => {
  const lab = balanced('nat')
  lab.client(1000, SYN)
  expect(lab.seen('server1')[0]).toEqual({
    text: `${CLIENT}:1000 > ${SERVERS[0]}:8080 ${SYN} ttl 62`,
    ok: true,
  })
  expect(lab.seen('client')[0]).toEqual({
    text: `${VIP}:8080 > ${CLIENT}:1000 ${RST_ACK} ttl 62`,
    ok: true,
  })
  expect(lab.conns()[0]?.state).toBe('CLOSE')
})

test('NAT: hooks of request and answer as in golden N1', () => {
  const lab = balanced('nat')
  for (const dev of ['all', 'ens33']) lab.sysctl('LB1', `conf.${dev}.send_redirects`, 0)
  lab.client(1000, SYN)
  const hooks = lab.notes('hook', 'LB1').map((n) => [n.point, n.verdict].join(' '))
  const answer = hooks.slice(-3)
  expect(hooks.slice(0, 4)).toEqual([
    'PREROUTING ACCEPT',
    'LOCAL_IN STOLEN',
    'LOCAL_OUT ACCEPT',
    'POSTROUTING ACCEPT',
  ])
  expect(answer).toEqual(['PREROUTING ACCEPT', 'FORWARD ACCEPT', 'POSTROUTING ACCEPT'])
})

test('NAT maps ports', () => {
  const lab = balanced('nat', { servers: 0 })
  lab.ipvs({ op: 'ipvs.dest.add', ...lab.service, ip: ip(SERVERS[0]), dport: 80, weight: 1, mode: 'nat' })
  lab.client(1000, SYN)
  expect(lab.seen('server1')[0]?.text).toContain(`> ${SERVERS[0]}:80 `)
  expect(lab.seen('client')[0]?.text).toContain(`${VIP}:8080 > `)
})

test('NAT without a way back through the director: the client sees the server itself (golden B3)', () => {
  const lab = balanced('nat', { gateway: '172.16.253.135' })
  lab.client(1000, SYN)
  expect(lab.seen('client')[0]?.text).toContain(`${SERVERS[0]}:8080 > ${CLIENT}:1000`)
  expect(lab.conns()[0]?.state).toBe('SYN_RECV')
})

test('NAT needs ip_forward for the answer only (golden B9)', () => {
  const lab = balanced('nat')
  lab.sysctl('LB1', 'ip_forward', 0)
  lab.client(1000, SYN)
  expect(lab.seen('server1')).toHaveLength(1)
  expect(lab.seen('client')).toEqual([])
})

test('NAT sees both sides: states as in golden B15', () => {
  const lab = balanced('nat')
  const server = { host: 'server1', src: SERVERS[0], dst: CLIENT, dport: 1000 }
  const state = () => lab.conns()[0]?.state
  lab.sysctl('server1', 'ip_forward', 0)
  lab.client(1000, SYN)
  // The server's RST closed it: a new SYN opens it again.
  expect(state()).toBe('CLOSE')
  lab.client(1000, SYN)
  lab.tcp(8080, SYN | ACK, server)
  lab.client(1000, ACK)
  lab.tcp(8080, ACK, server)
  lab.client(1000, FIN | ACK)
  lab.tcp(8080, FIN | ACK, server)
  expect(state()).toBe('CLOSE')
  const quiet = balanced('nat', { gateway: '172.16.253.135' })
  const seen: string[] = []
  const note = (): void => void seen.push(quiet.conns()[0]?.state ?? '')
  quiet.client(1000, SYN)
  note()
  quiet.client(1000, ACK)
  note()
  quiet.client(1000, FIN | ACK)
  note()
  expect(seen).toEqual(['SYN_RECV', 'ESTABLISHED', 'CLOSE_WAIT'])
})

test('NAT: an ICMP error about a request comes from the virtual address, quoting what the client sent', () => {
  const lab = balanced('nat', { service: { proto: 17 } })
  lab.udp(1000, 8080)
  const icmp = lab.notes('rx', 'client').map((n) => lab.trace.frames[n.frame - 1]?.bytes)
  const error = icmp.find((b) => b && read16(b, 12) === ETH_P_IP && ipProto(b, L2) === 1)
  if (!error) throw new Error('no ICMP error')
  const quote = L2 + 28
  expect([ipSrc(error, L2), ipDst(error, L2)]).toEqual([ip(VIP), ip(CLIENT)])
  expect([error[L2 + 20], error[L2 + 21]]).toEqual([3, 3])
  expect([ipSrc(error, quote), ipDst(error, quote), read16(error, quote + 22)]).toEqual([
    ip(CLIENT),
    ip(VIP),
    8080,
  ])
  expect(lab.conns()[0]).toMatchObject({ state: 'UDP', active: false })
})

test('TUN: an outer header with the TTL of the inner one; the server gets the packet as it was (golden B5)', () => {
  const lab = balanced('tun')
  lab.client(1000, SYN)
  const frames = lab.notes('rx', 'server1').map((n) => lab.trace.frames[n.frame - 1]?.bytes)
  const outer = frames.find((b) => b && read16(b, 12) === ETH_P_IP && ipProto(b, L2) === PROTO_IPIP)
  if (!outer) throw new Error('no tunnelled packet')
  expect([ipSrc(outer, L2), ipDst(outer, L2), ipTtl(outer, L2), read16(outer, L2 + 4)]).toEqual([
    ip('172.16.253.131'),
    ip(SERVERS[0]),
    62,
    0,
  ])
  expect([ipSrc(outer, L2 + 20), ipDst(outer, L2 + 20), ipTtl(outer, L2 + 20)]).toEqual([
    ip(CLIENT),
    ip(VIP),
    62,
  ])
})

test('TUN: a packet that does not fit is answered with the smaller MTU, from the VIP (golden B7)', () => {
  const lab = balanced('tun')
  lab.client(1000, SYN)
  lab.client(1000, ACK, { length: 1460 })
  expect(lab.notes('icmp', 'LB1').find((n) => n.code === 4)).toMatchObject({ type: 3, to: ip(CLIENT) })
  expect(lab.notes('drop', 'LB1').map((n) => n.detail)).toContain('mtu=1480')
  lab.op('LB1', { op: 'sysctl', key: 'net.ipv4.vs.pmtu_disc', value: '0' })
  const tooBig = () => lab.notes('icmp', 'LB1').filter((n) => n.code === 4)
  lab.client(1000, ACK, { length: 1460 })
  expect(tooBig()).toHaveLength(1)
  expect(lab.notes('ipvs.xmit', 'LB1')).toHaveLength(2)
})

test('TUN to a server that cannot unwrap: its complaint is told to the client as from the VIP (golden B6)', () => {
  const lab = balanced('tun')
  lab.client(1000, SYN)
  const told = lab.notes('icmp', 'client').filter((n) => n.why === 'in')
  expect(told[0]).toMatchObject({ type: 3, to: ip(VIP) })
})

test('FULLNAT: the server sees the director, the answer comes back by itself (golden B8)', () => {
  const lab = balanced('fullnat')
  lab.client(1000, SYN)
  expect(lab.seen('server1')[0]).toEqual({
    text: `172.16.253.131:1000 > ${SERVERS[0]}:8080 ${SYN} ttl 62`,
    ok: true,
  })
  expect(lab.seen('client')[0]).toEqual({
    text: `${VIP}:8080 > ${CLIENT}:1000 ${RST_ACK} ttl 62`,
    ok: true,
  })
})

test('FULLNAT: TOA in the first segments only, with a right checksum, when it is switched on', () => {
  const lab = balanced('fullnat')
  lab.op('LB1', { op: 'sysctl', key: 'net.ipv4.vs.toa_entry', value: '1' })
  const server = { host: 'server1', src: SERVERS[0], dst: '172.16.253.131', dport: 1000 }
  lab.client(1000, SYN)
  lab.client(1000, SYN)
  lab.tcp(8080, SYN | ACK, { ...server, seq: 5000 })
  lab.client(1000, ACK, { ack: 5001 })
  lab.client(1000, ACK, { ack: 5001, length: 100 })
  lab.client(1000, ACK, { ack: 5500 })
  const toas = lab
    .notes('ipvs.local', 'LB1')
    .filter((n) => n.way === 'out')
    .map((n) => n.toa)
  // Twice the client's SYN and once its RST: nobody waits there for what the server sent.
  expect(toas).toEqual([false, false, false, true, true, false])
  expect(lab.seen('server1').every((seg) => seg.ok)).toBe(true)
  const marked = lab
    .notes('rx', 'server1')
    .map((n) => lab.trace.frames[n.frame - 1]?.bytes)
    .filter((b) => b && ipProto(b, L2) === 6 && tcpHeaderLength(b, L2 + 20) === 28)
  expect(marked).toHaveLength(2)
  const at = L2 + 40
  expect(marked.map((b) => b && [b[at], b[at + 1], read16(b, at + 2), read32(b, at + 4)])).toEqual([
    [254, 8, 1000, ip(CLIENT)],
    [254, 8, 1000, ip(CLIENT)],
  ])
})

test('FULLNAT: two clients with one port get two local ports; without a local address nothing is sent', () => {
  const lab = balanced('fullnat')
  lab.op('client', {
    op: 'addr.add',
    dev: 'eth0',
    ip: ip('10.0.0.11'),
    prefix: 24,
    label: 'eth0',
    broadcast: ip('0.0.0.0'),
  })
  lab.client(5000, SYN)
  lab.client(5000, SYN, { src: '10.0.0.11' })
  expect(lab.conns().map((c) => c.lport)).toEqual([5000, 5001])
  expect(lab.seen('client').map((p) => p.text.split(' ')[2])).toEqual([`${CLIENT}:5000`, '10.0.0.11:5000'])
  lab.ipvs({ op: 'ipvs.laddr.del', ...lab.service, lip: ip('172.16.253.131') })
  lab.client(6000, SYN)
  expect(lab.seen('server1')).toHaveLength(2)
})

test('a UDP service; with -o every datagram is scheduled anew', () => {
  for (const flags of [[], ['ops']]) {
    const lab = balanced('nat', { servers: 2, service: { proto: 17, flags } })
    for (let i = 0; i < 4; i++) lab.udp(1000, 8080)
    const picks = lab.notes('ipvs.pick').map((n) => n.dip & 255)
    expect(picks).toEqual(flags.length === 0 ? [134] : [134, 130, 134, 130])
    expect(lab.conns()).toHaveLength(flags.length === 0 ? 1 : 0)
  }
})

test('a service that is a firewall mark takes every port that is marked', () => {
  const lab = balanced('dr', { service: { proto: 0, vip: ip('0.0.0.0'), port: 0, fwmark: 7 } })
  lab.client(1000, SYN, { dport: 1234 })
  expect(lab.notes('ipvs.pick')).toEqual([])
  const rule = {
    proto: { proto: 6, not: false },
    matches: [],
    target: { t: 'MARK', value: 7, mask: 0xffffffff },
  } as const
  lab.op('LB1', {
    op: 'nf.rule.add',
    table: 'mangle',
    chain: 'PREROUTING',
    at: 0,
    rule: { ...rule, matches: [] },
  })
  lab.client(1001, SYN, { dport: 1234 })
  lab.client(1002, SYN, { dport: 999 })
  expect(lab.notes('ipvs.pick')).toHaveLength(2)
  expect(lab.conns().map((c) => [c.vport, c.dport])).toEqual([
    [1234, 8080],
    [999, 8080],
  ])
})

test('an error about an answer finds the real server under NAT', () => {
  const lab = balanced('nat')
  lab.client(1000, SYN)
  lab.run(s(1))
  const before = lab.notes('icmp', 'server1').filter((n) => n.why === 'in').length
  // The server answers again, and the router says that the client is gone.
  lab.op('router', { op: 'link.set', dev: 'eth0', up: false })
  lab.tcp(8080, ACK, { host: 'server1', src: SERVERS[0], dst: CLIENT, dport: 1000 })
  lab.run(s(1))
  expect(lab.notes('icmp', 'server1').filter((n) => n.why === 'in').length).toBeGreaterThan(before)
})

test('NAT to a loopback address is not for clients outside', () => {
  const lab = balanced('nat', { servers: 0 })
  lab.ipvs({ op: 'ipvs.dest.add', ...lab.service, ip: ip('127.0.0.1'), dport: 8080, weight: 1, mode: 'nat' })
  lab.client(1000, SYN)
  expect(lab.notes('drop', 'LB1').map((n) => n.why)).toEqual(['IP_INADDRERRORS'])
  expect(lab.seen('client')).toEqual([])
})
