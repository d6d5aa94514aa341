/** Sequence numbers are unsigned 32-bit and compared modulo 2^32 (RFC 9293 3.4). */

export function before(a: number, b: number): boolean {
  return ((a - b) | 0) < 0
}

export function after(a: number, b: number): boolean {
  return ((b - a) | 0) < 0
}

export function seqAdd(a: number, bytes: number): number {
  return (a + bytes) >>> 0
}

/** Bytes from `a` up to `b`, negative when b is before a. */
export function seqDistance(a: number, b: number): number {
  return (b - a) | 0
}

/** Does [seq, end) touch the window [from, to)? Both empty counts when they meet (tcp_in_window). */
export function inWindow(seq: number, end: number, from: number, to: number): boolean {
  if (seq === from) return true
  if (after(end, from) && before(seq, to)) return true
  return seq === to && seq === end
}

/** Mixes words into 32 well spread bits. Stands in for the kernel's siphash where only spread and repeatability count. */
export function mix32(a: number, b: number, c: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b)
  h = Math.imul((h ^ (h >>> 15)) + b, 0xc2b2ae35)
  h = Math.imul((h ^ (h >>> 13)) + c, 0x27d4eb2f)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  return (h ^ (h >>> 13)) >>> 0
}
