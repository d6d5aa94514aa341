import { expect, test } from 'vitest'
import { balanced, CLIENT, SERVERS, VIP } from '../../../testing/balanced.ts'
import { ip, s } from '../../../testing/lan.ts'
import { ACK, FIN, SYN } from '../../wire/tcp.ts'
import { cloneHost } from '../clone.ts'
import { secondsLeft } from './conn.ts'
import { readStats } from './stats.ts'
import { addConn, findConn, listConns } from './table.ts'
import type { IpvsOp } from '../netlink.ts'

const persistent = (more: object = {}) => balanced('dr', { servers: 2, service: { persistent: 50, ...more } })
const vs = (lab: ReturnType<typeof balanced>, name: string, value: number) =>
  lab.sysctl('LB1', `vs.${name}`, value)

test('persistence: one server for a client, a template beside the connections (golden B14)', () => {
  const lab = persistent()
  for (let i = 0; i < 4; i++) lab.client(1000 + i, SYN)
  lab.client(1000, ACK)
  expect(lab.notes('ipvs.pick')).toHaveLength(1)
  expect(new Set(lab.conns().map((c) => c.dip))).toEqual(new Set([ip(SERVERS[1])]))
  const template = lab.conns().find((c) => c.template)
  expect(template).toMatchObject({ cip: ip(CLIENT), cport: 0, vport: 8080, state: 'ASSURED', controls: 4 })
  expect(lab.dest()).toMatchObject({ persistConns: 1, activeConns: 4, inactConns: 0 })
})

test('persistence: the template stays in steps of a minute while it has connections (golden B14)', () => {
  const lab = persistent()
  lab.client(1000, SYN)
  lab.client(1000, ACK)
  lab.client(1000, FIN | ACK)
  const left = () =>
    lab
      .conns()
      .filter((c) => c.template)
      .map((c) => secondsLeft(c, lab.world.now))
  lab.run(s(70))
  expect(left()[0]).toBeGreaterThan(35)
  lab.run(s(60))
  // The connection itself is gone after two minutes; the template goes on for the rest of its minute.
  expect(lab.conns().map((c) => c.template)).toEqual([true])
  lab.run(s(60))
  expect(lab.conns()).toEqual([])
  expect(lab.dest()?.persistConns).toBe(0)
})

test('persistence with a netmask: a network shares a template', () => {
  const lab = persistent({ netmask: 0xffffff00 })
  const address = { dev: 'eth0', ip: ip('10.0.0.11'), prefix: 24, label: 'eth0', broadcast: ip('0.0.0.0') }
  lab.op('client', { op: 'addr.add', ...address })
  lab.client(1000, SYN)
  lab.client(1000, SYN, { src: '10.0.0.11' })
  expect(lab.notes('ipvs.pick')).toHaveLength(1)
})

test('expire_quiescent_template: weight 0 lets go of persistent clients only with it', () => {
  const lab = persistent()
  lab.client(1000, SYN)
  const quiesce = {
    op: 'ipvs.dest.edit',
    ...lab.service,
    ip: ip(SERVERS[1]),
    dport: 8080,
    mode: 'dr',
  } as const
  lab.ipvs({ ...quiesce, weight: 0 })
  lab.client(1001, SYN)
  vs(lab, 'expire_quiescent_template', 1)
  lab.client(1002, SYN)
  lab.client(1003, SYN)
  const servers = lab
    .conns()
    .filter((c) => !c.template)
    .map((c) => c.dip & 255)
  expect(servers).toEqual([134, 134, 130, 130])
})

test('weight 0 keeps connections that exist', () => {
  const lab = balanced('dr', { servers: 2 })
  lab.client(1000, SYN)
  const quiesce = {
    op: 'ipvs.dest.edit',
    ...lab.service,
    ip: ip(SERVERS[1]),
    dport: 8080,
    mode: 'dr',
  } as const
  lab.ipvs({ ...quiesce, weight: 0 })
  lab.client(1000, ACK)
  expect(lab.notes('ipvs.xmit').map((n) => n.dip)).toEqual([ip(SERVERS[1]), ip(SERVERS[1])])
  for (let i = 1; i < 4; i++) lab.client(1000 + i, SYN)
  expect(
    lab
      .notes('ipvs.pick')
      .slice(1)
      .map((n) => n.dip & 255),
  ).toEqual([130, 130, 130])
})

test('a removed server: its connections are dropped, or expire at once with expire_nodest_conn', () => {
  const lab = balanced('dr', { servers: 2 })
  lab.client(1000, SYN)
  const gone: IpvsOp = { op: 'ipvs.dest.del', ...lab.service, ip: ip(SERVERS[1]), dport: 8080 }
  lab.ipvs(gone)
  lab.client(1000, ACK)
  expect(lab.notes('drop', 'LB1').map((n) => [n.why, n.detail])).toEqual([['NETFILTER_DROP', 'ip_vs_in']])
  vs(lab, 'expire_nodest_conn', 1)
  lab.client(1000, ACK)
  expect(lab.conns()).toEqual([])
  lab.client(1000, SYN)
  expect(lab.conns()[0]?.dip).toBe(ip(SERVERS[0]))
})

test('expire_nodest_conn: connections and templates go with their server', () => {
  const lab = persistent()
  lab.client(1000, SYN)
  lab.client(1001, SYN)
  vs(lab, 'expire_nodest_conn', 1)
  lab.ipvs({ op: 'ipvs.dest.del', ...lab.service, ip: ip(SERVERS[0]), dport: 8080 })
  expect(lab.conns()).toHaveLength(3)
  lab.ipvs({ op: 'ipvs.dest.del', ...lab.service, ip: ip(SERVERS[1]), dport: 8080 })
  expect(lab.conns()).toEqual([])
  expect(lab.host('LB1').ipvs.trash.map(({ dest }) => [dest.inactConns, dest.persistConns])).toEqual([
    [0, 0],
    [0, 0],
  ])
})

test('a template without a usable server is given up at once, before another one is looked for', () => {
  const lab = persistent()
  lab.client(1000, SYN)
  const key = { ...lab.service, dport: 8080 }
  for (const server of SERVERS) lab.ipvs({ op: 'ipvs.dest.del', ...key, ip: ip(server) })
  lab.client(1001, SYN)
  expect(lab.conns().filter((c) => c.template)).toMatchObject([{ vip: ip(VIP), vport: 65535, dport: 65535 }])
  lab.ipvs({ op: 'ipvs.dest.add', ...key, ip: ip(SERVERS[1]), weight: 1, mode: 'dr' })
  lab.client(1002, SYN)
  expect(lab.dest()?.persistConns).toBe(2)
})

test('without any service IPVS does not look at packets: its connections stay as they are', () => {
  const lab = balanced('dr')
  lab.client(1000, SYN)
  lab.ipvs({ op: 'ipvs.service.del', ...lab.service })
  const before = lab.seen('client').length
  lab.client(1000, ACK)
  expect(lab.notes('ipvs.xmit')).toHaveLength(1)
  expect(lab.conns()).toHaveLength(1)
  expect(lab.seen('client')).toHaveLength(before + 1)
  expect(lab.seen('client').at(-1)?.text).toMatch(/^172\.16\.253\.100:8080 > 10\.0\.0\.10:1000 \d+ ttl 63$/)
})

test('a server that comes back while connections count on it has its counters again', () => {
  const lab = balanced('dr')
  lab.client(1000, SYN)
  const key = { ...lab.service, ip: ip(SERVERS[0]), dport: 8080 }
  lab.ipvs({ op: 'ipvs.dest.del', ...key })
  lab.ipvs({ op: 'ipvs.dest.add', ...key, weight: 1, mode: 'dr' })
  expect(lab.dest()).toMatchObject({ activeConns: 1, inactConns: 0 })
  lab.run(s(200))
  expect(lab.dest()).toMatchObject({ activeConns: 0, inactConns: 0 })
})

test('golden B9: a server that comes back to a service made anew counts from 0, to the same one it counts on', () => {
  const lab = balanced('dr')
  lab.client(1000, SYN)
  lab.run(s(4))
  const count = (): number | undefined => {
    const dest = lab.dest()
    return dest && readStats(dest.stats, lab.world.now).total.conns
  }
  const key = { ...lab.service, ip: ip(SERVERS[0]), dport: 8080 }
  lab.ipvs({ op: 'ipvs.dest.del', ...key })
  lab.ipvs({ op: 'ipvs.dest.add', ...key, weight: 1, mode: 'dr' })
  expect(count()).toBe(1)
  lab.ipvs({ op: 'ipvs.clear' })
  lab.ipvs({ op: 'ipvs.service.add', ...lab.service, scheduler: 'rr' })
  lab.ipvs({ op: 'ipvs.dest.add', ...key, weight: 1, mode: 'dr' })
  expect(count()).toBe(0)
  expect(lab.dest()).toMatchObject({ inactConns: 0, activeConns: 1 })
})

test('conn_reuse_mode 0 keeps an old entry for a new connection; sloppy_tcp schedules in the middle', () => {
  const lab = balanced('dr', { servers: 2 })
  lab.client(1000, ACK)
  expect(lab.conns()).toEqual([])
  vs(lab, 'sloppy_tcp', 1)
  lab.client(1000, ACK)
  expect(lab.conns()[0]?.state).toBe('ESTABLISHED')
  lab.client(1000, 4)
  vs(lab, 'conn_reuse_mode', 0)
  lab.client(1000, SYN)
  expect(lab.notes('ipvs.pick')).toHaveLength(1)
  lab.client(1000, 4)
})

test('ipvsadm --set changes what the next packet starts', () => {
  const lab = balanced('dr')
  lab.ipvs({ op: 'ipvs.timeouts', tcp: 10, tcpfin: 20, udp: 0 })
  lab.client(1000, SYN)
  lab.client(1000, ACK)
  expect(lab.conns().map((c) => secondsLeft(c, lab.world.now))).toEqual([9])
  lab.run(s(11))
  expect(lab.conns()).toEqual([])
})

test('counters lag by up to two seconds, rates follow by quarters; -Z starts anew', () => {
  const lab = balanced('nat')
  lab.client(1000, SYN)
  const read = () => {
    const dest = lab.dest()
    if (!dest) throw new Error('no server')
    return readStats(dest.stats, lab.world.now)
  }
  expect(read().total).toMatchObject({ conns: 0, inPkts: 0 })
  lab.run(s(2))
  expect(read().total).toEqual({ conns: 1, inPkts: 1, outPkts: 1, inBytes: 40, outBytes: 40 })
  // 40 bytes in two seconds: a quarter of 20 a second.
  expect(read().rate).toMatchObject({ inBytes: 5, outBytes: 5 })
  lab.run(s(60))
  expect(read().rate).toMatchObject({ inBytes: 0 })
  lab.ipvs({ op: 'ipvs.zero' })
  expect(read().total).toMatchObject({ conns: 0, inPkts: 0, inBytes: 0 })
})

test('a clone shares nothing that changes', () => {
  const lab = balanced('nat', { servers: 2, service: { persistent: 50 } })
  lab.client(1000, SYN)
  const copy = cloneHost(lab.host('LB1'), (proc) => proc)
  const before = JSON.stringify(copy.ipvs)
  lab.client(1000, ACK)
  lab.client(1001, SYN)
  lab.run(s(300))
  lab.ipvs({ op: 'ipvs.clear' })
  expect(JSON.stringify(copy.ipvs)).toBe(before)
})

test('ten thousand connections: each is found, and all of them expire', () => {
  const lab = balanced('dr')
  lab.client(1000, SYN)
  const host = lab.host('LB1')
  const first = lab.conns()[0]
  if (!first) throw new Error('no connection')
  for (let i = 1; i < 10_000; i++) {
    addConn(host.ipvs, { ...first, id: 1000 + i, cport: 1000 + (i % 50_000), active: false, dest: 0 })
  }
  expect(host.ipvs.count).toBe(10_000)
  for (let i = 0; i < 10_000; i += 97) {
    expect(findConn(host.ipvs, { ...first, cport: 1000 + i })?.cport).toBe(1000 + i)
  }
  // Lists stay short: the table spreads clients' ports.
  expect(Math.max(...host.ipvs.slots.map((list) => list?.length ?? 0))).toBeLessThan(80)
  lab.run(s(61))
  expect(host.ipvs.count).toBe(0)
  expect(listConns(host.ipvs)).toEqual([])
})
