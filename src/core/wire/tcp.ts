import { type Bytes, layout, read16, read32, write16, write32 } from '../base/bytes.ts'
import { pseudoSum, sum16, updateChecksum16 } from '../base/checksum.ts'
import { bad, ok, type Result } from '../base/result.ts'
import { ipDst, ipSrc, PROTO_TCP } from './ipv4.ts'
import { emitTcpOptions, parseTcpOptions, type TcpOptions, tcpOptionsLength } from './tcp-options.ts'

/** RFC 9293 3.1. */
export const TCP = layout({
  sport: 2,
  dport: 2,
  seq: 4,
  ack: 4,
  offset: 1,
  flags: 1,
  window: 2,
  checksum: 2,
  urgent: 2,
})

export const FIN = 1
export const SYN = 2
export const RST = 4
export const PSH = 8
export const ACK = 16
export const URG = 32
export const ECE = 64
export const CWR = 128

export interface Tcp extends TcpHeader {
  /** Bytes, 20..60. */
  headerLength: number
}

/** What a sender chooses; the header length follows from the options. `window` is the field, unscaled. */
export interface TcpHeader {
  sport: number
  dport: number
  seq: number
  ack: number
  flags: number
  window: number
  urgent: number
  options: TcpOptions
}

/** The header at `at` of a segment that ends at `end`. Errors: 'tcp.short', 'tcp.offset' (data offset out of range). */
export function parseTcp(b: Bytes, at: number, end: number): Result<Tcp, 'tcp.short' | 'tcp.offset'> {
  const limit = Math.min(end, b.length)
  if (limit < at + TCP.size) return bad('tcp.short')
  const headerLength = tcpHeaderLength(b, at)
  if (headerLength < TCP.size || at + headerLength > limit) return bad('tcp.offset')
  return ok({
    sport: read16(b, at + TCP.sport.at),
    dport: read16(b, at + TCP.dport.at),
    seq: read32(b, at + TCP.seq.at),
    ack: read32(b, at + TCP.ack.at),
    flags: b[at + TCP.flags.at] ?? 0,
    window: read16(b, at + TCP.window.at),
    urgent: read16(b, at + TCP.urgent.at),
    headerLength,
    options: parseTcpOptions(b, at + TCP.size, at + headerLength),
  })
}

/**
 * Write the header with its options in Linux's order at `at` and return its length in bytes. The checksum is left zero:
 * `setTcpChecksum` follows once the payload is there. `into` may be dirty.
 */
export function emitTcp(tcp: TcpHeader, into: Bytes, at: number): number {
  const headerLength = TCP.size + tcpOptionsLength(tcp.options)
  write16(into, at + TCP.sport.at, tcp.sport)
  write16(into, at + TCP.dport.at, tcp.dport)
  write32(into, at + TCP.seq.at, tcp.seq)
  write32(into, at + TCP.ack.at, tcp.ack)
  into[at + TCP.offset.at] = (headerLength / 4) << 4
  into[at + TCP.flags.at] = tcp.flags
  write16(into, at + TCP.window.at, tcp.window)
  write16(into, at + TCP.checksum.at, 0)
  write16(into, at + TCP.urgent.at, tcp.urgent)
  emitTcpOptions(tcp.options, into, at + TCP.size)
  return headerLength
}

export function tcpHeaderLength(b: Bytes, at: number): number {
  return ((b[at + TCP.offset.at] ?? 0) >>> 4) * 4
}

/** Fill in the checksum over pseudo header (addresses of the IP header at `ipAt`), header and payload. */
export function setTcpChecksum(b: Bytes, ipAt: number, tcpAt: number, end: number): void {
  write16(b, tcpAt + TCP.checksum.at, 0)
  write16(b, tcpAt + TCP.checksum.at, ~sumTcp(b, ipAt, tcpAt, end) & 0xffff)
}

export function tcpChecksumOk(b: Bytes, ipAt: number, tcpAt: number, end: number): boolean {
  return sumTcp(b, ipAt, tcpAt, end) === 0xffff
}

/** Patch the checksum at offset `checkAt` after a covered 32-bit word (an address) went from `was` to `is` (RFC 1624). */
export function patchChecksum32(b: Bytes, checkAt: number, was: number, is: number): void {
  const high = updateChecksum16(read16(b, checkAt), was >>> 16, is >>> 16)
  write16(b, checkAt, updateChecksum16(high, was & 0xffff, is & 0xffff))
}

function sumTcp(b: Bytes, ipAt: number, tcpAt: number, end: number): number {
  return sum16(b, tcpAt, end, pseudoSum(ipSrc(b, ipAt), ipDst(b, ipAt), PROTO_TCP, end - tcpAt))
}
