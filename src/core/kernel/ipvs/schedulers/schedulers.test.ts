import { describe, expect, test } from 'vitest'
import captured from '../../../../testing/fixtures/ipvs/schedulers.json' with { type: 'json' }
import { ip, makeLan, ms, s } from '../../../../testing/lan.ts'
import { formatIp4 } from '../../../base/ids.ts'
import { PROTO_TCP } from '../../../wire/ipv4.ts'
import { ACK, emitTcp, FIN, SYN } from '../../../wire/tcp.ts'
import { ipSend } from '../../ip/output.ts'
import { L2, newSkb } from '../../skb.ts'

/**
 * The sequences of golden B13, reduced: which of the servers 141-146 (1-6) each connection met, 0 = refused. Connections
 * are opened, and closed again unless they were held open; where first ports are given the clients were 10.0.0.100-149 in
 * turn with rising ports.
 */
const VIP = '172.16.253.100'

function director(scheduler: string, flags: string[], weights: number[], vip = VIP) {
  const lan = makeLan({
    client: { eth0: '172.16.253.10/24' },
    LB1: { eth0: '172.16.253.131/24' },
    server: { eth0: '172.16.253.141/24' },
  })
  const own = (host: string, address: string, prefix: number, dev: string) =>
    lan.op(host, { op: 'addr.add', dev, ip: ip(address), prefix, label: dev, broadcast: ip('0.0.0.0') })
  own('LB1', vip, 32, 'lo')
  for (let i = 2; i <= 6; i++) own('server', `172.16.253.14${i}`, 24, 'eth0')
  const service = { proto: PROTO_TCP, vip: ip(vip), port: 8080 }
  lan.op('LB1', { op: 'ipvs.service.add', ...service, scheduler, flags })
  weights.forEach((weight, i) => {
    const server = ip(`172.16.253.14${i + 1}`)
    lan.op('LB1', { op: 'ipvs.dest.add', ...service, ip: server, dport: 8080, weight, mode: 'nat' })
  })
  const send = (src: string, sport: number, flags: number): void => {
    lan.act('client', (host, ctx) => {
      const skb = newSkb(40)
      const tcp = { sport, dport: 8080, seq: 1, ack: 0, flags, window: 100, urgent: 0, options: {} }
      emitTcp(tcp, skb.data, L2 + 20)
      const dst = {
        type: 'unicast',
        dev: 'eth0',
        nexthop: ip('172.16.253.131'),
        gateway: ip('0.0.0.0'),
      } as const
      skb.dst = { ...dst, prefsrc: ip(src) }
      ipSend(host, skb, { src: ip(src), dst: ip(vip), proto: PROTO_TCP, df: true, id: 1 }, ctx)
    })
    lan.run(ms(1))
  }
  const connect = (src: string, sport: number, hold: boolean): number => {
    const before = lan.notes('ipvs.pick').length
    send(src, sport, SYN)
    send(src, sport, ACK)
    if (!hold) send(src, sport, FIN | ACK)
    const pick = lan.notes('ipvs.pick')[before]
    return pick ? Number(formatIp4(pick.dip).slice(-1)) : 0
  }
  return { ...lan, service, send, connect }
}

describe('as captured in golden B13', () => {
  test.each(captured.schedulers)('$name', ({ scheduler, flags, weights, hold, firstPort, picks }) => {
    const lb = director(scheduler, flags, weights)
    const got = Array.from(picks, (_, i) =>
      firstPort === 0
        ? lb.connect('172.16.253.10', 30_000 + i, hold)
        : lb.connect(`10.0.0.${100 + (i % 50)}`, firstPort + i, hold),
    )
    expect(got.join('')).toBe(picks)
  })

  test('dh goes by the virtual address alone', () => {
    const got = Array.from(captured.dhVips, (_, i) => {
      const lb = director('dh', [], [1, 1, 1, 1, 1, 1], `172.16.253.${101 + i}`)
      return [1, 2].map((n) => lb.connect(`10.0.0.${n}`, 40_000 + n, true)).join('')
    })
    expect(got).toEqual(Array.from(captured.dhVips, (pick) => pick + pick))
  })
})

test('mh moves nobody but the clients of a server that is quiesced, and those only with mh-fallback', () => {
  const lb = director('mh', ['mh-fallback'], [1, 1, 1])
  const before = Array.from({ length: 60 }, (_, i) => lb.connect(`10.0.1.${i}`, 1000, false))
  const dest = { ...lb.service, ip: ip('172.16.253.142'), dport: 8080, mode: 'nat' as const }
  lb.op('LB1', { op: 'ipvs.dest.edit', ...dest, weight: 0 })
  const after = Array.from({ length: 60 }, (_, i) => lb.connect(`10.0.1.${i}`, 1001, false))
  expect(new Set(before)).toEqual(new Set([1, 2, 3]))
  for (const [i, was] of before.entries()) {
    if (was === 2) expect([1, 3]).toContain(after[i])
    else expect(after[i]).toBe(was)
  }
})

test('twos keeps the load even and never uses weight 0', () => {
  const lb = director('twos', [], [1, 1, 0, 1])
  const counts = [0, 0, 0, 0]
  for (let i = 0; i < 90; i++) {
    const pick = lb.connect('172.16.253.10', 1000 + i, true)
    counts[pick - 1] = (counts[pick - 1] ?? 0) + 1
  }
  expect(counts[2]).toBe(0)
  // Random choice alone would spread wider: the less loaded of two is taken.
  for (const i of [0, 1, 3]) expect(Math.abs((counts[i] ?? 0) - 30)).toBeLessThanOrEqual(4)
})

test('lblc: an address stays with its server until that has more than its weight and another is idle', () => {
  const lb = director('lblc', [], [2, 2])
  const picks = Array.from({ length: 5 }, (_, i) => lb.connect('172.16.253.10', 1000 + i, true))
  expect(picks).toEqual([2, 2, 2, 1, 1])
})

test('lblcr: an address has a set of servers that grows under load', () => {
  const lb = director('lblcr', [], [2, 2])
  const picks = Array.from({ length: 6 }, (_, i) => lb.connect('172.16.253.10', 1000 + i, true))
  expect(picks).toEqual([2, 2, 2, 1, 1, 1])
  lb.run(s(1))
})

test('connection limits: a full server is passed over until it has less than three quarters', () => {
  const lb = director('rr', [], [])
  for (const [last, upper] of [
    ['141', 0],
    ['142', 4],
  ] as const) {
    const dest = { ...lb.service, ip: ip(`172.16.253.${last}`), dport: 8080, weight: 1, mode: 'nat' as const }
    lb.op('LB1', { op: 'ipvs.dest.add', ...dest, upper })
  }
  const picks = Array.from({ length: 10 }, (_, i) => lb.connect('172.16.253.10', 1000 + i, false))
  expect(picks).toEqual([2, 1, 2, 1, 2, 1, 2, 1, 1, 1])
  // All entries are over after the timeout of CLOSE_WAIT.
  lb.run(s(61))
  expect(lb.connect('172.16.253.10', 2000, false)).toBe(2)
})

test('an edit of weights moves wrr to the new shares', () => {
  const lb = director('wrr', [], [1, 1])
  const dest = { ...lb.service, ip: ip('172.16.253.141'), dport: 8080, mode: 'nat' as const }
  lb.op('LB1', { op: 'ipvs.dest.edit', ...dest, weight: 3 })
  const picks = Array.from({ length: 8 }, (_, i) => lb.connect('172.16.253.10', 1000 + i, false))
  expect(picks.filter((pick) => pick === 1)).toHaveLength(6)
})
