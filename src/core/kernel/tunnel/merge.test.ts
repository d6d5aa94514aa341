import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Bytes, concatBytes } from '../../base/bytes.ts'
import type { Ip4 } from '../../base/ids.ts'
import { emitIpv4, ipTotalLength, parseIpv4, PROTO_TCP } from '../../wire/ipv4.ts'
import { ACK, emitTcp, parseTcp, PSH, setTcpChecksum, SYN, tcpChecksumOk } from '../../wire/tcp.ts'
import { L2 } from '../skb.ts'
import { mergeSegments } from './merge.ts'

const TIMES = { timestamps: { value: 7, echo: 9 } }

function segment(seq: number, payload: Bytes, more: { flags?: number; ttl?: number; ack?: number } = {}) {
  const b = new Uint8Array(L2 + 20 + 32 + payload.length)
  const { flags = ACK, ttl = 62, ack = 1 } = more
  const [src, dst] = [0x0a00000a as Ip4, 0xac10fd64 as Ip4]
  const totalLength = b.length - L2
  emitIpv4({ tos: 0, totalLength, id: seq & 0xffff, df: true, ttl, proto: PROTO_TCP, src, dst }, b, L2)
  const head = { sport: 40000, dport: 8080, seq, ack, flags, window: 500, urgent: 0, options: TIMES }
  emitTcp(head, b, L2 + 20)
  b.set(payload, L2 + 20 + 32)
  setTcpChecksum(b, L2, L2 + 20, b.length)
  return b
}

const filled = (length: number): Bytes => new Uint8Array(length).map((_, i) => i & 0xff)

test('golden B7: what TCP cut comes together again, whole and with right checksums', () => {
  const sizes = fc.record({ mss: fc.integer({ min: 1, max: 1448 }), full: fc.integer({ min: 1, max: 20 }) })
  fc.assert(
    fc.property(sizes, fc.nat(), ({ mss, full }, at) => {
      const rest = filled(Math.max(1, mss - 3))
      const parts = [...Array.from({ length: full }, () => filled(mss)), rest]
      let whole: Bytes | undefined
      parts.forEach((payload, i) => {
        const flags = i === full ? ACK | PSH : ACK
        const next = segment((at + i * mss) >>> 0, payload, { flags })
        whole = whole === undefined ? next : mergeSegments(whole, next)
      })
      expect(whole).toBeDefined()
      const b = whole ?? new Uint8Array(0)
      expect(parseIpv4(b, L2).ok).toBe(true)
      expect(tcpChecksumOk(b, L2, L2 + 20, b.length)).toBe(true)
      expect(L2 + ipTotalLength(b, L2)).toBe(b.length)
      expect(parseTcp(b, L2 + 20, b.length)).toMatchObject({ value: { seq: at, flags: ACK | PSH } })
      expect(b.subarray(L2 + 52)).toEqual(concatBytes(parts))
    }),
    { numRuns: 50 },
  )
})

const first = segment(100, filled(10))
test.each([
  ['a gap', segment(111, filled(10))],
  ['a longer one', segment(110, filled(11))],
  ['no payload', segment(110, filled(0))],
  ['another TTL', segment(110, filled(10), { ttl: 61 })],
  ['it acknowledges more', segment(110, filled(10), { ack: 2 })],
  ['SYN', segment(110, filled(10), { flags: ACK | SYN })],
  ['damaged', segment(110, filled(10)).map((v, i) => (i === L2 + 60 ? v ^ 1 : v))],
])('apart: %s', (_why, next) => {
  expect(mergeSegments(first, next)).toBeUndefined()
})

test('apart: after a pushed one', () => {
  expect(
    mergeSegments(segment(100, filled(10), { flags: ACK | PSH }), segment(110, filled(10))),
  ).toBeUndefined()
  expect(mergeSegments(first, segment(110, filled(10)))).toBeDefined()
})
