/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) on 32-bit halves: JS has no fast 64-bit integers.
 *
 * A carry taken with a condition is a jump that random data mispredicts half of the time and triples the cost, so carries
 * are computed with bit logic: of x + y = t, `((x & y) | ((x | y) & ~t)) >>> 31`.
 */
import { type Bytes, read8 } from './bytes.ts'

/** A 128-bit key as two 64-bit words in signed or unsigned halves. */
export interface SipKey {
  lo0: number
  hi0: number
  lo1: number
  hi1: number
}

/** A 64-bit hash in unsigned halves. */
export interface Hash64 {
  hi: number
  lo: number
}

/** v0..v3, each as low half, high half. */
export type SipState = Int32Array

/** Start state of a key. */
export function sipInit(key: SipKey, into: SipState = new Int32Array(8)): SipState {
  // 'somepseudorandomlygeneratedbytes', as the paper has it
  into[0] = key.lo0 ^ 0x70736575
  into[1] = key.hi0 ^ 0x736f6d65
  into[2] = key.lo1 ^ 0x6e646f6d
  into[3] = key.hi1 ^ 0x646f7261
  into[4] = key.lo0 ^ 0x6e657261
  into[5] = key.hi0 ^ 0x6c796765
  into[6] = key.lo1 ^ 0x79746573
  into[7] = key.hi1 ^ 0x74656462
  return into
}

/**
 * Take in all 64-bit words of `words` (low half, high half, ...), two rounds each; with `finish`, four final rounds after
 * them. `from` and `into` may be the same state.
 */
export function sipRun(from: SipState, words: Int32Array, finish: boolean, into: SipState): void {
  let al = from[0] as number,
    ah = from[1] as number,
    bl = from[2] as number,
    bh = from[3] as number
  let cl = from[4] as number,
    ch = from[5] as number,
    dl = from[6] as number,
    dh = from[7] as number
  const length = words.length
  const stop = finish ? length + 2 : length
  for (let w = 0; w < stop; w += 2) {
    const isFinal = w === length
    const ml = isFinal ? 0 : (words[w] as number)
    const mh = isFinal ? 0 : (words[w + 1] as number)
    dl ^= ml
    dh ^= mh
    if (isFinal) cl ^= 0xff
    for (let r = isFinal ? 4 : 2; r > 0; r--) {
      let t = (al + bl) | 0
      ah = (ah + bh + (((al & bl) | ((al | bl) & ~t)) >>> 31)) | 0
      al = t
      t = (bl << 13) | (bh >>> 19)
      bh = ((bh << 13) | (bl >>> 19)) ^ ah
      bl = t ^ al
      t = (cl + dl) | 0
      ch = (ch + dh + (((cl & dl) | ((cl | dl) & ~t)) >>> 31)) | 0
      cl = t
      t = (dl << 16) | (dh >>> 16)
      dh = ((dh << 16) | (dl >>> 16)) ^ ch
      dl = t ^ cl
      t = (ah + dl) | 0 // v0 is turned by 32 bits: its halves change places
      const top = (al + dh + (((ah & dl) | ((ah | dl) & ~t)) >>> 31)) | 0
      al = t
      ah = top
      t = (dl << 21) | (dh >>> 11)
      dh = ((dh << 21) | (dl >>> 11)) ^ ah
      dl = t ^ al
      t = (cl + bl) | 0
      const low = (ch + bh + (((cl & bl) | ((cl | bl) & ~t)) >>> 31)) | 0
      cl = low // and v2 too
      ch = t
      t = (bl << 17) | (bh >>> 15)
      bh = ((bh << 17) | (bl >>> 15)) ^ cl
      bl = t ^ ch
    }
    al ^= ml
    ah ^= mh
  }
  into[0] = al
  into[1] = ah
  into[2] = bl
  into[3] = bh
  into[4] = cl
  into[5] = ch
  into[6] = dl
  into[7] = dh
}

/** Low half of the hash, signed, of a finished state. */
export function sipLow(state: SipState): number {
  return (state[0] as number) ^ (state[2] as number) ^ (state[4] as number) ^ (state[6] as number)
}

/** High half of the hash, signed, of a finished state. */
export function sipHigh(state: SipState): number {
  return (state[1] as number) ^ (state[3] as number) ^ (state[5] as number) ^ (state[7] as number)
}

/** SipHash-2-4 of all bytes of `data`. */
export function siphash24(key: SipKey, data: Bytes): Hash64 {
  const full = data.length >>> 3
  const words = new Int32Array(2 * full + 2)
  for (let i = 0; i < data.length; i++) {
    const half = i >>> 2
    words[half] = (words[half] as number) | (read8(data, i) << (8 * (i & 3)))
  }
  words[2 * full + 1] = (words[2 * full + 1] as number) | (data.length << 24)
  const state = sipInit(key)
  sipRun(state, words, true, state)
  return { hi: sipHigh(state) >>> 0, lo: sipLow(state) >>> 0 }
}
