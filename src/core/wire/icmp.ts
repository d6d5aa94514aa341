import { type Bytes, layout, read32, write16, write32 } from '../base/bytes.ts'
import { checksum16, sum16 } from '../base/checksum.ts'
import type { Ip4 } from '../base/ids.ts'
import { bad, ok, type Result } from '../base/result.ts'

/** RFC 792. `rest` is the type's own word: echo id and sequence, next-hop MTU (RFC 1191), or gateway of a redirect. */
export const ICMP = layout({ type: 1, code: 1, checksum: 2, rest: 4 })

/** Types, named as in linux/icmp.h. */
export const ICMP_ECHOREPLY = 0
export const ICMP_DEST_UNREACH = 3
export const ICMP_REDIRECT = 5
export const ICMP_ECHO = 8
export const ICMP_TIME_EXCEEDED = 11
export const ICMP_PARAMETERPROB = 12

/** Codes of destination unreachable. */
export const ICMP_NET_UNREACH = 0
export const ICMP_HOST_UNREACH = 1
export const ICMP_PROT_UNREACH = 2
export const ICMP_PORT_UNREACH = 3
export const ICMP_FRAG_NEEDED = 4
export const ICMP_SR_FAILED = 5
export const ICMP_NET_ANO = 9
export const ICMP_HOST_ANO = 10
export const ICMP_PKT_FILTERED = 13

/** Codes of redirect. */
export const ICMP_REDIR_NET = 0
export const ICMP_REDIR_HOST = 1

/** Codes of time exceeded. */
export const ICMP_EXC_TTL = 0
export const ICMP_EXC_FRAGTIME = 1

/** An error message is at most 576 bytes long with its own IP header (RFC 1812 4.3.2.3, icmp_send), 548 of them quoted. */
export const ICMP_QUOTE_MAX = 576 - 20 - 8

export interface Icmp {
  type: number
  code: number
  /** Second word of the header, unsigned. */
  rest: number
}

/** The message b[at, end). Errors: 'icmp.short', 'icmp.checksum'. */
export function parseIcmp(b: Bytes, at: number, end: number): Result<Icmp, 'icmp.short' | 'icmp.checksum'> {
  if (Math.min(end, b.length) < at + ICMP.size) return bad('icmp.short')
  if (!icmpChecksumOk(b, at, end)) return bad('icmp.checksum')
  return ok({
    type: b[at + ICMP.type.at] ?? 0,
    code: b[at + ICMP.code.at] ?? 0,
    rest: read32(b, at + ICMP.rest.at),
  })
}

/** Write the 8-byte header at `at` of a message whose body b[at + 8, end) is already there, checksum included. */
export function emitIcmp(icmp: Icmp, into: Bytes, at: number, end: number): void {
  into[at + ICMP.type.at] = icmp.type
  into[at + ICMP.code.at] = icmp.code
  write32(into, at + ICMP.rest.at, icmp.rest)
  setIcmpChecksum(into, at, end)
}

/** After a change anywhere in the message b[at, end), for instance of the quoted packet under NAT. */
export function setIcmpChecksum(b: Bytes, at: number, end: number): void {
  write16(b, at + ICMP.checksum.at, 0)
  write16(b, at + ICMP.checksum.at, checksum16(b, at, end))
}

export function icmpChecksumOk(b: Bytes, at: number, end: number): boolean {
  return sum16(b, at, Math.min(end, b.length)) === 0xffff
}

/** Errors quote the packet they are about; queries do not, and only errors must never be answered with an error. */
export function isIcmpError(type: number): boolean {
  return (
    type === ICMP_DEST_UNREACH ||
    type === 4 ||
    type === ICMP_REDIRECT ||
    type === ICMP_TIME_EXCEEDED ||
    type === ICMP_PARAMETERPROB
  )
}

/** A whole error message about the IP packet b[from, to), of which it quotes as much as Linux does. */
export function emitIcmpError(icmp: Icmp, b: Bytes, from = 0, to = b.length): Bytes {
  const quote = b.subarray(from, Math.min(to, from + ICMP_QUOTE_MAX))
  const message = new Uint8Array(ICMP.size + quote.length)
  message.set(quote, ICMP.size)
  emitIcmp(icmp, message, 0, message.length)
  return message
}

/** `rest` of "fragmentation needed": the next hop's MTU in bytes in the low half (RFC 1191 4). */
export function restOfMtu(mtuBytes: number): number {
  return mtuBytes & 0xffff
}

/** MTU in bytes out of "fragmentation needed". */
export function mtuOfRest(rest: number): number {
  return rest & 0xffff
}

/** Gateway out of a redirect; its `rest` is the address itself. */
export function gatewayOfRest(rest: number): Ip4 {
  return rest as Ip4
}

/** `rest` of an echo request or reply. */
export function restOfEcho(id: number, seq: number): number {
  return (((id & 0xffff) << 16) | (seq & 0xffff)) >>> 0
}

export function echoOfRest(rest: number): { id: number; seq: number } {
  return { id: rest >>> 16, seq: rest & 0xffff }
}

/** A whole echo request or reply. */
export function emitEcho(echo: { type: number; id: number; seq: number }, payload: Bytes): Bytes {
  const message = new Uint8Array(ICMP.size + payload.length)
  message.set(payload, ICMP.size)
  emitIcmp({ type: echo.type, code: 0, rest: restOfEcho(echo.id, echo.seq) }, message, 0, message.length)
  return message
}
