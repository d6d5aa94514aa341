import type { Bytes } from './bytes.ts'

/** Sum of 16-bit words of b[from, to), folded; an odd last byte counts as the high byte (RFC 1071). */
export function sum16(b: Bytes, from: number, to: number, start = 0): number {
  let sum = start
  let i = from
  for (; i + 1 < to; i += 2) sum += ((b[i] as number) << 8) | (b[i + 1] as number)
  if (i < to) sum += (b[i] as number) << 8
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000)
  return sum
}

/** Internet checksum of b[from, to): the value that goes into a header whose checksum field is zero. */
export function checksum16(b: Bytes, from: number, to: number, start = 0): number {
  return ~sum16(b, from, to, start) & 0xffff
}

/** Sum of the TCP/UDP pseudo header (RFC 9293 3.1), to be passed as `start`. */
export function pseudoSum(src: number, dst: number, proto: number, length: number): number {
  return (src >>> 16) + (src & 0xffff) + (dst >>> 16) + (dst & 0xffff) + proto + length
}

/** Incremental update (RFC 1624, eqn. 3) of a checksum after one 16-bit word changed. */
export function updateChecksum16(check: number, was: number, is: number): number {
  let sum = (~check & 0xffff) + (~was & 0xffff) + is
  sum = (sum & 0xffff) + (sum >>> 16)
  sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
