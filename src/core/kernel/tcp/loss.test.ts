import { describe, expect, test } from 'vitest'
import { concatBytes } from '../../base/bytes.ts'
import { must } from '../../base/assert.ts'
import { MS, SEC } from '../../base/ids.ts'
import { flagText, makePair, pattern, sameBytes, segmentsOf } from '../../../testing/pair.ts'
import { newSkb } from '../skb.ts'
import { queueData } from './data.ts'
import { seqAdd } from './seq.ts'

/** Seconds between one transmission and the next, to the millisecond. */
function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((at, i) => Math.round((at - (times[i] ?? 0)) / MS) / 1000)
}

test('an unanswered SYN is sent seven times and given up after 131 s', () => {
  const pair = makePair((to) => (to === 'b' ? 'lose' : 'pass'))
  pair.listen()
  const a = pair.connect()
  if (!a.ok) throw new Error(a.error)
  pair.net.run(200 * SEC)
  expect(pair.flags('a')).toEqual(['S', 'S', 'S', 'S', 'S', 'S', 'S'])
  // In the ticks of the timer wheel, which are coarser the longer the wait is.
  expect(gaps(pair.times('a'))).toEqual([1.024, 2.016, 4.128, 8.192, 16.128, 34.048])
  expect(pair.receive('a', a.value)).toEqual({ ok: false, error: 'ETIMEDOUT' })
  const end = pair.net.trace.records.filter((r) => r.kind === 'tcp.state').at(-1)
  expect(Math.round((end?.at ?? 0) / SEC)).toBe(131)
})

test('a lost SYN costs one second and the connection stands', () => {
  let lost = 0
  const pair = makePair((to, tcp) =>
    to === 'b' && flagText(tcp.flags) === 'S' && lost++ === 0 ? 'lose' : 'pass',
  )
  const listener = pair.listen()
  pair.connect()
  pair.net.run(2 * SEC)
  expect(pair.flags('a')).toEqual(['S', 'S', '.'])
  expect(pair.accept(listener)).toBeDefined()
})

test('a SYN-ACK that stays unanswered is repeated five times, then the half open connection is forgotten', () => {
  const pair = makePair((to) => (to === 'a' ? 'lose' : 'pass'))
  const listener = pair.listen()
  pair.connect()
  // Stop the client's own retransmissions from asking again.
  pair.net.run(500 * MS)
  const seen = pair.net.host('b').tcp
  expect(
    Object.values(seen.socks)
      .map((s) => s.state)
      .sort(),
  ).toEqual(['LISTEN', 'SYN_RECV'])
  pair.net.run(400 * SEC)
  expect(Object.values(seen.socks).map((s) => s.state)).toEqual(['LISTEN'])
  expect(pair.accept(listener)).toBeUndefined()
})

describe('data on an open connection', () => {
  test('a single lost segment comes again after 200 ms, then as timeout doubled each time', () => {
    let block = false
    const pair = makePair((to, _, length) => (block && to === 'b' && length > 0 ? 'lose' : 'pass'))
    const { a } = pair.open()
    block = true
    pair.send('a', a, pattern(100))
    pair.net.run(4 * SEC)
    const sent = segmentsOf(pair.net, 'a').filter(({ length }) => length > 0)
    // Tail loss probe first, then the timeout from there: 0.2, 0.2, 0.4, 0.8, 1.6 s (as in golden B7, icmp-lost).
    expect(gaps(sent.map(({ at }) => at)).map((gap) => Math.round(gap * 50) / 50)).toEqual([
      0.2, 0.2, 0.4, 0.84, 1.64,
    ])
    expect(new Set(sent.map(({ tcp }) => tcp.seq)).size).toBe(1)
    block = false
    pair.net.run(4 * SEC)
    expect(pair.sock('a', a)?.txq).toEqual([])
    expect(pair.sock('a', a)?.rtoNs).toBeLessThan(300 * MS)
  })

  test('one loss in a burst is repaired within a few round trips, from SACK', () => {
    let data = 0
    const pair = makePair((to, _, length) => (to === 'b' && length > 0 && ++data === 3 ? 'lose' : 'pass'))
    const { a, b } = pair.open()
    pair.send('a', a, pattern(10 * 1448))
    pair.net.run(20 * MS)
    const got = pair.receive('b', b)
    expect(got.ok && sameBytes(got.value.bytes, pattern(10 * 1448))).toBe(true)
    const acks = segmentsOf(pair.net, 'b').filter(({ tcp }) => tcp.options.sacks)
    expect(acks.length).toBeGreaterThan(2)
    const sent = segmentsOf(pair.net, 'a').filter(({ length }) => length > 0)
    expect(sent).toHaveLength(11)
    expect(pair.sock('a', a)?.ca).toBe('open')
    // From 12 segments to 0.7 of it, and one more for the window that was acknowledged.
    expect(pair.sock('a', a)?.cwnd).toBe(9)
  })

  test('a lost ACK does no harm; a duplicate segment is answered by a DSACK', () => {
    const pair = makePair((to, _, length) => (to === 'b' && length > 0 ? 'twice' : 'pass'))
    const { a, b } = pair.open()
    pair.send('a', a, pattern(500))
    pair.net.run(10 * MS)
    const got = pair.receive('b', b)
    expect(got.ok && got.value.bytes).toEqual(pattern(500))
    const dsack = segmentsOf(pair.net, 'b').find(({ tcp }) => tcp.options.sacks)
    expect(dsack?.tcp.options.sacks?.[0]?.[1]).toBe(dsack?.tcp.ack)
    expect(pair.net.host('b').drops['TCP_OLD_DATA']).toBe(1)
  })

  test('what waited ahead of a gap and comes again in what closes it is told in a DSACK', () => {
    const pair = makePair()
    const { b } = pair.open()
    pair.net.act('b', (host, ctx) => {
      const sock = must(host.tcp.socks[b], 'socket')
      const first = sock.rcvNxt
      const take = (from: number, length: number): void => {
        const got = { seq: seqAdd(first, from), bytes: new Uint8Array(length), fin: false, push: false }
        queueData(host, sock, newSkb(0), got, ctx)
      }
      take(1248, 124)
      take(0, 1148)
      expect(sock.dsack).toBeNull()
      take(1148, 224)
      expect(sock.dsack).toEqual([seqAdd(first, 1248), seqAdd(first, 1372)])
      expect(sock.sacks).toEqual([])
    })
  })

  test('a peer that vanishes ends the connection after about a quarter of an hour', () => {
    let dead = false
    const pair = makePair((to) => (dead && to === 'b' ? 'lose' : 'pass'))
    const { a } = pair.open()
    dead = true
    pair.send('a', a, pattern(10))
    pair.net.run(1200 * SEC)
    expect(pair.receive('a', a)).toEqual({ ok: false, error: 'ETIMEDOUT' })
    const end = pair.net.trace.records.filter((r) => r.kind === 'tcp.state').at(-1)
    expect((end?.at ?? 0) / SEC).toBeGreaterThan(900)
    expect((end?.at ?? 0) / SEC).toBeLessThan(1060)
  })

  test('corrupted segments are dropped with a reason', () => {
    let hit = false
    const pair = makePair((to, _, length, frame) => {
      if (to !== 'b' || length === 0 || hit) return 'pass'
      hit = true
      frame.bytes[frame.bytes.length - 1] = (frame.bytes.at(-1) ?? 0) ^ 1
      return 'pass'
    })
    const { a, b } = pair.open()
    pair.send('a', a, pattern(50))
    pair.net.run(SEC)
    expect(pair.net.host('b').drops['TCP_CSUM']).toBe(1)
    const got = pair.receive('b', b)
    expect(got.ok && got.value.bytes).toEqual(pattern(50))
  })
})

test('a receiver that does not read closes the window; probes find out when it opens', () => {
  const pair = makePair()
  const { a, b } = pair.open()
  const whole = pattern(300_000)
  pair.send('a', a, whole)
  pair.net.run(30 * SEC)
  const held = pair.sock('b', b)
  expect(held && held.rcvNxt - held.rcvWup).toBe(0)
  const probes = segmentsOf(pair.net, 'a').filter(
    ({ tcp, length, at }) => length === 0 && at > SEC && flagText(tcp.flags) === '.',
  )
  expect(probes.length).toBeGreaterThan(2)
  const parts = []
  for (let i = 0; i < 100; i++) {
    const got = pair.receive('b', b)
    if (got.ok) parts.push(got.value.bytes)
    pair.net.run(SEC)
  }
  expect(sameBytes(concatBytes(parts), whole)).toBe(true)
})

test('cwnd starts at ten segments and doubles each round trip', () => {
  const pair = makePair()
  const { a } = pair.open()
  pair.send('a', a, pattern(40 * 1448))
  const sent = (): number => segmentsOf(pair.net, 'a').filter(({ length }) => length > 0).length
  expect(sent()).toBe(10)
  pair.net.run(150_000)
  expect(sent()).toBeGreaterThanOrEqual(20)
})
