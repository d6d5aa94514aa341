import { type Bytes, layout, read16, write16 } from '../base/bytes.ts'
import { pseudoSum, sum16 } from '../base/checksum.ts'
import { bad, ok, type Result } from '../base/result.ts'
import { ipDst, ipSrc, PROTO_UDP } from './ipv4.ts'

/** RFC 768. */
export const UDP = layout({ sport: 2, dport: 2, length: 2, checksum: 2 })

export interface Udp {
  sport: number
  dport: number
  /** Bytes, header and payload. */
  length: number
}

/** The header at `at` of a datagram that ends at `end`. Errors: 'udp.short', 'udp.length' (field and packet differ). */
export function parseUdp(b: Bytes, at: number, end: number): Result<Udp, 'udp.short' | 'udp.length'> {
  if (Math.min(end, b.length) < at + UDP.size) return bad('udp.short')
  const length = read16(b, at + UDP.length.at)
  if (length < UDP.size || at + length > end) return bad('udp.length')
  return ok({ sport: read16(b, at + UDP.sport.at), dport: read16(b, at + UDP.dport.at), length })
}

/** Write the 8 bytes of the header with a zero checksum; `setUdpChecksum` follows once the payload is there. */
export function emitUdp(udp: Udp, into: Bytes, at: number): void {
  write16(into, at + UDP.sport.at, udp.sport)
  write16(into, at + UDP.dport.at, udp.dport)
  write16(into, at + UDP.length.at, udp.length)
  write16(into, at + UDP.checksum.at, 0)
}

/** Fill in the checksum over pseudo header, header and payload. A sum of 0 is sent as 0xffff, 0 means none (RFC 768). */
export function setUdpChecksum(b: Bytes, ipAt: number, udpAt: number, end: number): void {
  write16(b, udpAt + UDP.checksum.at, 0)
  const check = ~sumUdp(b, ipAt, udpAt, end) & 0xffff
  write16(b, udpAt + UDP.checksum.at, check === 0 ? 0xffff : check)
}

/** True also for a datagram sent without checksum. */
export function udpChecksumOk(b: Bytes, ipAt: number, udpAt: number, end: number): boolean {
  return read16(b, udpAt + UDP.checksum.at) === 0 || sumUdp(b, ipAt, udpAt, end) === 0xffff
}

function sumUdp(b: Bytes, ipAt: number, udpAt: number, end: number): number {
  return sum16(b, udpAt, end, pseudoSum(ipSrc(b, ipAt), ipDst(b, ipAt), PROTO_UDP, end - udpAt))
}
