import { expect, test } from 'vitest'
import { MS } from '../../base/ids.ts'
import { L2, newSkb } from '../skb.ts'
import { makePair, pattern, sameBytes, segmentsOf } from '../../../testing/pair.ts'
import { tcpError } from './error.ts'

test('fragmentation needed: cut anew, send again, as in golden B7', () => {
  const lost: { bytes: Uint8Array }[] = []
  const pair = makePair((to, _, length, frame) => {
    if (to !== 'b' || length <= 1428) return 'pass'
    lost.push(frame)
    return 'lose'
  })
  const { a, b } = pair.open()
  pair.send('a', a, pattern(3155))
  pair.net.run(120_000)
  expect(lost).toHaveLength(2)
  pair.call('a', (host, ctx) => {
    const skb = newSkb(28 + 548)
    skb.data.set((lost[0]?.bytes ?? new Uint8Array(0)).subarray(L2, L2 + 548), L2 + 28)
    tcpError(host, { skb, type: 3, code: 4, mtu: 1480, at: L2 + 28 }, ctx)
  })
  pair.net.run(20 * MS)
  const sent = segmentsOf(pair.net, 'a').filter(({ length }) => length > 0)
  // The last 259 bytes had arrived beyond the gap; the new third segment overlaps them.
  expect(sent.map(({ length }) => length)).toEqual([1448, 1448, 259, 1428, 1428, 299])
  const got = pair.receive('b', b)
  expect(got.ok && sameBytes(got.value.bytes, pattern(3155))).toBe(true)
  expect(pair.sock('a', a)?.txq).toEqual([])
  expect(pair.sock('a', a)?.cwnd).toBeGreaterThanOrEqual(10)
})

test('an ICMP error about another sequence number is not believed', () => {
  const pair = makePair()
  const { a } = pair.open()
  pair.call('a', (host, ctx) => {
    const skb = newSkb(28 + 40)
    skb.data.set([0x45], L2 + 28)
    skb.data.set([10, 0, 0, 1, 10, 0, 0, 2], L2 + 28 + 12)
    const s = pair.sock('a', a)
    skb.data.set([(s?.lport ?? 0) >>> 8, (s?.lport ?? 0) & 255, 5000 >>> 8, 5000 & 255], L2 + 48)
    tcpError(host, { skb, type: 3, code: 4, mtu: 600, at: L2 + 28 }, ctx)
  })
  expect(pair.sock('a', a)?.mss).toBe(1448)
  expect(pair.net.host('a').drops['ICMP_UNEXPECTED']).toBe(1)
})
