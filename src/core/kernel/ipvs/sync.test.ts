import fc from 'fast-check'
import { expect, test } from 'vitest'
import { balanced, CLIENT, SERVERS, VIP } from '../../../testing/balanced.ts'
import { ip, s } from '../../../testing/lan.ts'
import { ACK, FIN, SYN } from '../../wire/tcp.ts'
import { emitSync, parseSync } from './sync-message.ts'
import { listConns } from './table.ts'

/** LB1 balances and LB2 stands by with the same table. */
function pair(servers: readonly string[] = SERVERS) {
  const lab = balanced('dr', { servers: 2 })
  const own = { dev: 'lo', ip: ip(VIP), prefix: 32, label: 'lo:0', broadcast: ip('0.0.0.0') }
  lab.op('LB2', { op: 'addr.add', ...own })
  const at = (op: Parameters<typeof lab.ipvs>[0]) => lab.op('LB2', op)
  at({ op: 'ipvs.service.add', ...lab.service, scheduler: 'rr' })
  for (const server of servers) {
    at({ op: 'ipvs.dest.add', ...lab.service, ip: ip(server), dport: 8080, weight: 1, mode: 'dr' })
  }
  const sync = (backupId = 1): void => {
    lab.ipvs({ op: 'ipvs.daemon.start', state: 'master', dev: 'ens33', id: 1 })
    at({ op: 'ipvs.daemon.start', state: 'backup', dev: 'ens33', id: backupId })
  }
  const open = (sport: number): void => {
    lab.client(sport, SYN)
    for (let i = 0; i < 3; i++) lab.client(sport, ACK)
  }
  const failOver = (): void => {
    const hop = { gateway: ip('172.16.253.129'), dev: '', weight: 1 }
    const to = { dst: ip(VIP), prefix: 32, type: 'unicast', metric: 0, prefsrc: ip('0.0.0.0') } as const
    lab.op('router', { op: 'route.replace', ...to, proto: 'boot', nexthops: [hop] })
  }
  const learnt = () => listConns(lab.host('LB2').ipvs)
  return { ...lab, sync, open, failOver, learnt, at }
}

test('a backup learns a connection at its third packet, and carries it on after a fail-over', () => {
  const lab = pair()
  lab.sync()
  lab.open(1000)
  expect(lab.learnt()).toEqual([])
  lab.run(s(3))
  expect(lab.learnt()).toMatchObject([
    { cip: ip(CLIENT), cport: 1000, dip: ip(SERVERS[1]), state: 'ESTABLISHED', active: true, synced: true },
  ])
  lab.failOver()
  lab.client(1000, ACK)
  expect(lab.notes('ipvs.xmit', 'LB2').map((n) => n.dip)).toEqual([ip(SERVERS[1])])
})

test('without synchronisation the other director knows nothing: its own TCP resets the connection', () => {
  const lab = pair()
  lab.open(1000)
  lab.run(s(3))
  lab.failOver()
  lab.client(1000, ACK)
  expect(lab.notes('ipvs.xmit', 'LB2')).toEqual([])
  expect(lab.seen('client').at(-1)?.text).toContain(`${VIP}:8080 > ${CLIENT}:1000 4`)
})

test('the end of a connection is told at once, and the counters of the backup follow', () => {
  const lab = pair()
  lab.sync()
  lab.open(1000)
  lab.run(s(3))
  const counts = () =>
    lab
      .host('LB2')
      .ipvs.services[0]?.dests.map((d) => [d.activeConns, d.inactConns])
      .join(' ')
  expect(counts()).toBe('1,0 0,0')
  lab.client(1000, FIN | ACK)
  lab.run(s(3))
  expect(lab.learnt()[0]?.state).toBe('FIN_WAIT')
  expect(counts()).toBe('0,1 0,0')
  lab.run(s(200))
  expect(lab.learnt()).toEqual([])
})

test('another syncid is not listened to; 0 listens to all', () => {
  for (const [id, count] of [
    [2, 0],
    [0, 1],
  ] as const) {
    const lab = pair()
    lab.sync(id)
    lab.open(1000)
    lab.run(s(3))
    expect(lab.learnt()).toHaveLength(count)
  }
})

test('a connection whose real server the backup does not know is still sent there', () => {
  const lab = pair([SERVERS[0]])
  lab.sync()
  lab.open(1000)
  lab.run(s(3))
  expect(lab.learnt()[0]).toMatchObject({ dest: 0, dip: ip(SERVERS[1]) })
  lab.failOver()
  lab.client(1000, ACK)
  expect(lab.notes('ipvs.xmit', 'LB2').map((n) => n.dip)).toEqual([ip(SERVERS[1])])
})

test('backup_only: a director that is a backup leaves requests alone', () => {
  const lab = pair()
  lab.sync()
  lab.sysctl('LB2', 'vs.backup_only', 1)
  lab.failOver()
  lab.client(1000, SYN)
  expect(lab.notes('ipvs.pick', 'LB2')).toEqual([])
})

test('any bytes are a message or nothing, and messages come back as they were', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => parseSync(bytes, 0).length >= 0))
  const lab = pair()
  lab.open(1000)
  const [conn] = lab.conns()
  if (!conn) throw new Error('no connection')
  const { proto, cip, cport, vip, vport, dip, dport, mode, state, timeoutNs } = conn
  expect(parseSync(emitSync(9, [conn, conn]), 9)[1]).toEqual({
    ...{ proto, cip, cport, vip, vport, dip, dport, mode, state, timeoutNs },
    ...{ active: true, template: false, noOutput: true, fwmark: 0 },
  })
})
