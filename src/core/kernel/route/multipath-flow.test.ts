import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOfHex, concatBytes, write16 } from '../../base/bytes.ts'
import { flowOfPacket, icmpPort } from './multipath-flow.ts'

const SRC = '0a000007'
const DST = 'ac10fd64'
const A = 0x0a000007
const B = 0xac10fd64
/** An IPv4 header of `words` 32-bit words; checksums are none of the dissector's business. */
const ip = (proto: number, payload: string, { frag = 0, src = SRC, dst = DST, words = 5 } = {}): string => {
  const header = bytesOfHex(`450000000000000040000000${src}${dst}` + '01010100'.repeat(words - 5))
  header[0] = 0x40 | words
  header[9] = proto
  write16(header, 6, frag)
  return [...header].map((byte) => byte.toString(16).padStart(2, '0')).join('') + payload
}
const PORTS = '9c401f90'
const TCP = PORTS + '00'.repeat(16)
const read = (hex: string, policy?: number) =>
  flowOfPacket(concatBytes([new Uint8Array(14).fill(0xa5), bytesOfHex(hex)]), 14, policy)
const portsOf = (hex: string): number[] => {
  const { sport, dport } = read(hex).outer
  return [sport, dport]
}

describe('flowOfPacket', () => {
  it.each([6, 17, 33, 50, 132, 136])('protocol %d has ports', (proto) => {
    expect(read(ip(proto, TCP))).toEqual({ outer: { src: A, dst: B, proto, sport: 40000, dport: 8080 } })
  })

  it.each([1, 2, 47, 51, 89])('protocol %d has none', (proto) => {
    expect(portsOf(ip(proto, TCP))).toEqual([0, 0])
  })

  it('finds ports behind options', () => {
    expect(portsOf(ip(6, TCP, { words: 8 }))).toEqual([40000, 8080])
  })

  it.each([
    ['the first', 0x2000],
    ['a middle', 0x2010],
    ['the last', 0x0010],
  ])('%s fragment has no ports but keeps its protocol', (_, frag) => {
    expect(read(ip(17, TCP, { frag })).outer).toMatchObject({ proto: 17, sport: 0, dport: 0 })
  })

  it("don't fragment is no fragment", () => {
    expect(portsOf(ip(6, TCP, { frag: 0x4000 }))).toEqual([40000, 8080])
  })

  it.each([3, 4, 5, 11, 12])('ICMP type %d quotes', (type) => {
    const quote = ip(6, PORTS, { src: 'c0a80001', dst: 'c0a80002' })
    const error = ip(1, type.toString(16).padStart(2, '0') + '00'.repeat(7) + quote)
    expect(read(error, 0).quoted).toEqual({ src: 0xc0a80001, dst: 0xc0a80002 })
    expect(read(error, 1).quoted).toBeUndefined()
  })

  it.each([
    ['an echo', ip(1, '08' + '00'.repeat(7) + ip(6, TCP))],
    ['a cut quote', ip(1, '0300000000000000' + ip(6, '').slice(0, 38))],
    ['a later fragment', ip(1, '0300000000000000' + ip(6, TCP), { frag: 0x0010 })],
  ])('%s quotes nothing', (_, packet) => {
    expect(read(packet).quoted).toBeUndefined()
  })

  const inner = ip(6, TCP, { src: 'c0a80001', dst: 'c0a80002' })
  const found = { src: 0xc0a80001, dst: 0xc0a80002, proto: 6, sport: 40000, dport: 8080 }

  it.each([
    ['IPIP', ip(4, inner)],
    ['IPIP in IPIP', ip(4, ip(4, inner))],
    ['GRE', ip(47, '00000800' + inner)],
    ['GRE with checksum, key and number', ip(47, 'b0000800' + '00'.repeat(12) + inner)],
    ['GRE in IPIP', ip(4, ip(47, '20000800' + '00000007' + inner))],
  ])('%s: the innermost header, for policies 2 and 3', (_, packet) => {
    expect(read(packet, 2).inner).toEqual(found)
    expect(read(packet, 3).inner).toEqual(found)
    expect(read(packet, 1)).toEqual({ outer: read(packet).outer })
    expect(portsOf(packet)).toEqual([0, 0])
  })

  it.each([
    ['plain', ip(6, TCP)],
    ['a fragment of a tunnel packet', ip(4, inner, { frag: 0x2000 })],
    ['a cut inner header', ip(4, inner.slice(0, 38))],
    ['IPv6 in GRE', ip(47, '000086dd' + '60'.repeat(40))],
    ['GRE version 1', ip(47, '20010800' + '00'.repeat(4) + inner)],
  ])('%s: no inner header', (_, packet) => {
    expect(read(packet).inner).toBeUndefined()
  })

  it('reads any bytes without failing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        const { outer } = flowOfPacket(bytes, 0)
        expect(outer.sport).toBeLessThan(65536)
      }),
      { numRuns: 2000 },
    )
  })

  it('terminates on a header that points at itself', () => {
    expect(read(ip(4, '').replace(/^45/, '40')).inner).toBeUndefined()
  })
})

describe('icmpPort', () => {
  it('an echo request stands as port 0x0800', () => {
    expect(icmpPort(8, 0)).toBe(0x0800)
    expect(icmpPort(3, 4)).toBe(0x0304)
  })
})
