import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Bytes, hexOf, read16 } from '../base/bytes.ts'
import type { Ip4, Mac } from '../base/ids.ts'
import { arpFrame, emitArp, parseArp } from './arp.ts'
import { emitEthernet, ETH, ETH_P_ARP, parseEthernet } from './ethernet.ts'
import {
  emitEcho,
  emitIcmpError,
  ICMP_DEST_UNREACH,
  ICMP_ECHO,
  ICMP_FRAG_NEEDED,
  icmpChecksumOk,
  mtuOfRest,
  parseIcmp,
  restOfEcho,
  restOfMtu,
} from './icmp.ts'
import {
  emitIpv4,
  IPV4,
  ipDst,
  type Ipv4Header,
  ipSrc,
  parseIpv4,
  setIpDst,
  setIpSrc,
  setIpTtl,
} from './ipv4.ts'
import { emitUdp, parseUdp, setUdpChecksum, udpChecksumOk } from './udp.ts'

/** Not zero: a byte that emit forgets would go unnoticed in a fresh buffer. */
const dirty = (length: number): Bytes => new Uint8Array(length).fill(0xa5)

const mac = fc.maxSafeNat().map((n) => (n % 2 ** 48) as Mac)
const ip4 = fc.nat(0xffffffff).map((n) => n as Ip4)
const u16 = fc.nat(0xffff)
const u8 = fc.nat(0xff)

const ipHeader: fc.Arbitrary<Required<Ipv4Header>> = fc.record({
  tos: u8,
  totalLength: fc.integer({ min: 20, max: 1500 }),
  id: u16,
  df: fc.boolean(),
  mf: fc.boolean(),
  fragOffset: fc.nat(0x1fff).map((n) => n * 8),
  ttl: u8,
  proto: u8,
  src: ip4,
  dst: ip4,
})

test('Ethernet: what is emitted is parsed again', () => {
  fc.assert(
    fc.property(mac, mac, u16, (dst, src, type) => {
      const b = dirty(20)
      emitEthernet({ dst, src, type }, b)
      expect(parseEthernet(b)).toEqual({ ok: true, value: { dst, src, type } })
      expect(hexOf(b.subarray(14))).toBe('a5a5a5a5a5a5')
    }),
  )
  expect(parseEthernet(dirty(13))).toEqual({ ok: false, error: 'eth.short' })
})

test('ARP: what is emitted is parsed again, and a frame is 42 bytes without padding', () => {
  const arp = fc.record({ op: u16, sha: mac, spa: ip4, tha: mac, tpa: ip4 })
  fc.assert(
    fc.property(arp, fc.nat(9), (value, at) => {
      const b = dirty(at + 28 + 3)
      emitArp(value, b, at)
      expect(parseArp(b, at)).toEqual({ ok: true, value })
      expect(hexOf(b.subarray(at + 28))).toBe('a5a5a5')
      expect(hexOf(b.subarray(0, at))).toBe('a5'.repeat(at))
      const frame = arpFrame({ dst: value.tha, src: value.sha }, value)
      expect(frame).toHaveLength(42)
      expect(parseEthernet(frame)).toEqual({
        ok: true,
        value: { dst: value.tha, src: value.sha, type: ETH_P_ARP },
      })
      expect(parseArp(frame, ETH.size)).toEqual({ ok: true, value })
    }),
  )
})

test('ARP for other hardware or another protocol is refused', () => {
  const b = dirty(28)
  emitArp({ op: 1, sha: 1 as Mac, spa: 2 as Ip4, tha: 3 as Mac, tpa: 4 as Ip4 }, b, 0)
  expect(parseArp(b.subarray(0, 27), 0)).toEqual({ ok: false, error: 'arp.short' })
  for (const at of [0, 1, 2, 3, 4, 5]) {
    const other = b.slice()
    other[at] = 0x77
    expect(parseArp(other, 0)).toEqual({ ok: false, error: 'arp.family' })
  }
})

test('IPv4: what is emitted is parsed again, at any offset', () => {
  fc.assert(
    fc.property(ipHeader, fc.nat(9), (header, at) => {
      const b = dirty(at + header.totalLength)
      emitIpv4(header, b, at)
      const checksum = read16(b, at + IPV4.checksum.at)
      expect(parseIpv4(b, at)).toEqual({ ok: true, value: { ...header, headerLength: 20, checksum } })
    }),
  )
})

test('IPv4: each way to be broken has its error', () => {
  const b = dirty(60)
  emitIpv4({ totalLength: 40, id: 1, ttl: 64, proto: 6, src: 1 as Ip4, dst: 2 as Ip4 }, b, 14)
  const broken = (at: number, value: number): unknown => {
    const c = b.slice()
    c[14 + at] = value
    return parseIpv4(c, 14)
  }
  expect(parseIpv4(b.subarray(0, 33), 14)).toEqual({ ok: false, error: 'ip.short' })
  expect(broken(0, 0x65)).toEqual({ ok: false, error: 'ip.version' })
  expect(broken(0, 0x44)).toEqual({ ok: false, error: 'ip.ihl' })
  expect(broken(0, 0x4f)).toEqual({ ok: false, error: 'ip.ihl' })
  expect(broken(8, 63)).toEqual({ ok: false, error: 'ip.checksum' })
  expect(parseIpv4(b.subarray(0, 53), 14)).toEqual({ ok: false, error: 'ip.length' })
  emitIpv4({ totalLength: 19, id: 1, ttl: 64, proto: 6, src: 1 as Ip4, dst: 2 as Ip4 }, b, 14)
  expect(parseIpv4(b, 14)).toEqual({ ok: false, error: 'ip.length' })
})

test('IPv4: changes in place leave the checksum right', () => {
  fc.assert(
    fc.property(ipHeader, u8, ip4, ip4, (header, ttl, src, dst) => {
      const b = dirty(header.totalLength)
      emitIpv4(header, b, 0)
      setIpTtl(b, 0, ttl)
      setIpSrc(b, 0, src)
      setIpDst(b, 0, dst)
      const wanted = dirty(header.totalLength)
      emitIpv4({ ...header, ttl, src, dst }, wanted, 0)
      expect(hexOf(b)).toBe(hexOf(wanted))
      expect([ipSrc(b, 0), ipDst(b, 0)]).toEqual([src, dst])
    }),
  )
})

test('UDP: what is emitted is parsed again, and one flipped bit is noticed', () => {
  fc.assert(
    fc.property(
      ip4,
      ip4,
      u16,
      u16,
      fc.uint8Array({ maxLength: 99 }),
      fc.nat(),
      (src, dst, sport, dport, data, n) => {
        const length = 8 + data.length
        const b = dirty(20 + length)
        emitIpv4({ totalLength: b.length, id: 0, ttl: 1, proto: 17, src, dst }, b, 0)
        emitUdp({ sport, dport, length }, b, 20)
        b.set(data, 28)
        setUdpChecksum(b, 0, 20, b.length)
        expect(parseUdp(b, 20, b.length)).toEqual({ ok: true, value: { sport, dport, length } })
        expect(udpChecksumOk(b, 0, 20, b.length)).toBe(true)
        const bit = 160 + (n % (8 * length))
        const byte = bit >>> 3
        b[byte] = (b[byte] ?? 0) ^ (1 << (bit & 7))
        // Without a checksum nothing is checked: the one change that may pass is to zero.
        expect(udpChecksumOk(b, 0, 20, b.length)).toBe(read16(b, 26) === 0)
      },
    ),
  )
  expect(parseUdp(dirty(7), 0, 7)).toEqual({ ok: false, error: 'udp.short' })
  expect(parseUdp(dirty(8), 0, 8)).toEqual({ ok: false, error: 'udp.length' })
})

test('ICMP echo: what is emitted is parsed again', () => {
  fc.assert(
    fc.property(u16, u16, fc.uint8Array({ maxLength: 99 }), (id, seq, payload) => {
      const b = emitEcho({ type: ICMP_ECHO, id, seq }, payload)
      expect(parseIcmp(b, 0, b.length)).toEqual({
        ok: true,
        value: { type: ICMP_ECHO, code: 0, rest: restOfEcho(id, seq) },
      })
      expect(hexOf(b.subarray(8))).toBe(hexOf(payload))
      b[0] = 0
      expect(icmpChecksumOk(b, 0, b.length)).toBe(false)
      expect(parseIcmp(b, 0, b.length)).toEqual({ ok: false, error: 'icmp.checksum' })
    }),
  )
  expect(parseIcmp(dirty(7), 0, 7)).toEqual({ ok: false, error: 'icmp.short' })
})

test('ICMP errors quote the packet, up to 576 bytes in all with their own IP header', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 1500 }), fc.nat(0xffff), (packet, mtu) => {
      const b = emitIcmpError(
        { type: ICMP_DEST_UNREACH, code: ICMP_FRAG_NEEDED, rest: restOfMtu(mtu) },
        packet,
      )
      const parsed = parseIcmp(b, 0, b.length)
      expect(parsed.ok && mtuOfRest(parsed.value.rest)).toBe(mtu)
      expect(b.length + 20).toBe(Math.min(576, packet.length + 28))
      expect(hexOf(b.subarray(8))).toBe(hexOf(packet.subarray(0, b.length - 8)))
    }),
  )
})
