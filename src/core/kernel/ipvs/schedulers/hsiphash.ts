/**
 * The kernel's hsiphash of one 32-bit word on 64-bit machines (lib/siphash.c hsiphash_1u32): SipHash-1-3 whose result is
 * cut to 32 bits, under a key of twice the same 64-bit word. 64-bit words are pairs [low, high] here.
 */
type Word = [number, number]

function add(a: Word, b: Word): void {
  const low = (a[0] >>> 0) + (b[0] >>> 0)
  a[1] = (a[1] + b[1] + (low > 0xffffffff ? 1 : 0)) | 0
  a[0] = low | 0
}

/** a = rotate left of a by `n` (1..31, or 32), then a ^= b. */
function rotXor(a: Word, n: number, b: Word): void {
  const [low, high] = a
  a[0] = (n === 32 ? high : (low << n) | (high >>> (32 - n))) ^ b[0]
  a[1] = (n === 32 ? low : (high << n) | (low >>> (32 - n))) ^ b[1]
}

const ZERO: Word = [0, 0]

function round([v0, v1, v2, v3]: readonly [Word, Word, Word, Word]): void {
  add(v0, v1)
  rotXor(v1, 13, v0)
  rotXor(v0, 32, ZERO)
  add(v2, v3)
  rotXor(v3, 16, v2)
  add(v0, v3)
  rotXor(v3, 21, v0)
  add(v2, v1)
  rotXor(v1, 17, v2)
  rotXor(v2, 32, ZERO)
}

/** Hash of an unsigned 32-bit word under the key (key, key); `key` is below 2^32. */
export function hsiphash32(key: number, value: number): number {
  const v0: Word = [0x70736575 ^ key, 0x736f6d65]
  const v1: Word = [0x6e646f6d ^ key, 0x646f7261]
  const v2: Word = [0x6e657261 ^ key, 0x6c796765]
  const v3: Word = [0x79746573 ^ key, 0x74656462]
  const state = [v0, v1, v2, v3] as const
  // The last word holds the length, 4 bytes, in its top byte.
  v3[0] ^= value
  v3[1] ^= 0x04000000
  round(state)
  v0[0] ^= value
  v0[1] ^= 0x04000000
  v2[0] ^= 0xff
  for (let i = 0; i < 3; i++) round(state)
  return (v0[0] ^ v1[0] ^ v2[0] ^ v3[0]) >>> 0
}
