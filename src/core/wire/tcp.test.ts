import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOfHex, hexOf } from '../base/bytes.ts'
import type { Ip4 } from '../base/ids.ts'
import { emitIpv4, setIpDst } from './ipv4.ts'
import {
  ACK,
  emitTcp,
  parseTcp,
  patchChecksum32,
  setTcpChecksum,
  SYN,
  TCP,
  tcpChecksumOk,
  type TcpHeader,
} from './tcp.ts'
import { emitTcpOptions, parseTcpOptions, type TcpOptions, tcpOptionsLength } from './tcp-options.ts'

const u16 = fc.nat(0xffff)
const u32 = fc.nat(0xffffffff)
const ip4 = u32.map((n) => n as Ip4)

/** Any options that fit in 40 bytes: as many SACK blocks as there is room for. */
const options: fc.Arbitrary<TcpOptions> = fc
  .record(
    {
      mss: u16,
      windowScale: fc.nat(14),
      sackPermitted: fc.constant(true),
      timestamps: fc.record({ value: u32, echo: u32 }),
      sacks: fc.array(fc.tuple(u32, u32), { minLength: 1, maxLength: 4 }),
    },
    { requiredKeys: [] },
  )
  .map((wanted) => {
    const { sacks, ...rest } = wanted
    const room = Math.floor((40 - tcpOptionsLength(rest) - 4) / 8)
    return sacks && room > 0 ? { ...rest, sacks: sacks.slice(0, room) } : rest
  })

const header: fc.Arbitrary<TcpHeader> = fc.record({
  sport: u16,
  dport: u16,
  seq: u32,
  ack: u32,
  flags: fc.nat(0xff),
  window: u16,
  urgent: u16,
  options,
})

test('what is emitted into a dirty buffer is parsed again', () => {
  fc.assert(
    fc.property(header, fc.nat(9), (tcp, at) => {
      const b = new Uint8Array(at + 64).fill(0xa5)
      const headerLength = emitTcp(tcp, b, at)
      expect(headerLength).toBe(20 + tcpOptionsLength(tcp.options))
      expect(parseTcp(b, at, b.length)).toEqual({ ok: true, value: { ...tcp, headerLength } })
      expect(hexOf(b.subarray(at + headerLength))).toBe('a5'.repeat(64 - headerLength))
    }),
  )
})

test.each<[string, TcpOptions, string]>([
  [
    'a SYN of Linux',
    { mss: 1460, sackPermitted: true, timestamps: { value: 1, echo: 0 }, windowScale: 7 },
    '020405b4 0402080a 00000001 00000000 01030307',
  ],
  ['an established segment', { timestamps: { value: 1, echo: 2 } }, '0101080a 00000001 00000002'],
  [
    'a duplicate ACK',
    { timestamps: { value: 1, echo: 2 }, sacks: [[3, 4]] },
    '0101080a 00000001 00000002 0101050a 00000003 00000004',
  ],
  ['SACK permitted without timestamps', { mss: 536, sackPermitted: true }, '02040218 01010402'],
  ['no options', {}, ''],
])('options of %s', (_, value, hex) => {
  const wanted = bytesOfHex(hex)
  const b = new Uint8Array(tcpOptionsLength(value)).fill(0xa5)
  emitTcpOptions(value, b, 0)
  expect(hexOf(b)).toBe(hexOf(wanted))
  expect(parseTcpOptions(wanted, 0, wanted.length)).toEqual(value)
})

test('unknown options are stepped over; a bad length ends the list and keeps what was read', () => {
  const parse = (hex: string): TcpOptions =>
    parseTcpOptions(bytesOfHex(hex), 0, hex.replaceAll(' ', '').length / 2)
  expect(parse('fe040102 020405b4')).toEqual({ mss: 1460 })
  expect(parse('020405b4 0800 0303')).toEqual({ mss: 1460 })
  expect(parse('020405b4 030307')).toEqual({ mss: 1460, windowScale: 7 })
  expect(parse('020405b4 0304')).toEqual({ mss: 1460 })
  expect(parse('020405b4 08')).toEqual({ mss: 1460 })
  expect(parse('00 020405b4')).toEqual({})
  expect(parse('0203 05 03030a')).toEqual({ windowScale: 10 })
})

test('headers that cannot be are refused', () => {
  const b = new Uint8Array(40)
  emitTcp({ sport: 1, dport: 2, seq: 3, ack: 4, flags: SYN, window: 5, urgent: 0, options: {} }, b, 0)
  expect(parseTcp(b, 0, 19)).toEqual({ ok: false, error: 'tcp.short' })
  expect(parseTcp(b.subarray(0, 19), 0, 40)).toEqual({ ok: false, error: 'tcp.short' })
  b[TCP.offset.at] = 4 << 4
  expect(parseTcp(b, 0, 40)).toEqual({ ok: false, error: 'tcp.offset' })
  b[TCP.offset.at] = 11 << 4
  expect(parseTcp(b, 0, 40)).toEqual({ ok: false, error: 'tcp.offset' })
})

test('the checksum covers addresses, header and payload, and can be patched when an address changes', () => {
  fc.assert(
    fc.property(
      header,
      ip4,
      ip4,
      ip4,
      fc.uint8Array({ maxLength: 99 }),
      fc.nat(),
      (tcp, src, dst, other, data, n) => {
        const length = 20 + tcpOptionsLength(tcp.options) + data.length
        const b = new Uint8Array(20 + length).fill(0xa5)
        emitIpv4({ totalLength: b.length, id: 0, ttl: 1, proto: 6, src, dst }, b, 0)
        b.set(data, 20 + emitTcp(tcp, b, 20))
        setTcpChecksum(b, 0, 20, b.length)
        expect(tcpChecksumOk(b, 0, 20, b.length)).toBe(true)
        const bit = n % (8 * length)
        const byte = 20 + (bit >>> 3)
        b[byte] = (b[byte] ?? 0) ^ (1 << (bit & 7))
        expect(tcpChecksumOk(b, 0, 20, b.length)).toBe(false)
        b[byte] = (b[byte] ?? 0) ^ (1 << (bit & 7))
        setIpDst(b, 0, other)
        patchChecksum32(b, 20 + TCP.checksum.at, dst, other)
        expect(tcpChecksumOk(b, 0, 20, b.length)).toBe(true)
      },
    ),
  )
})

test('flags are the bits of RFC 9293', () => {
  const b = new Uint8Array(20)
  emitTcp({ sport: 1, dport: 2, seq: 3, ack: 4, flags: SYN | ACK, window: 5, urgent: 0, options: {} }, b, 0)
  expect(b[13]).toBe(0x12)
})
