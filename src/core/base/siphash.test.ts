import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { sipHigh, siphash24, sipInit, type SipKey, sipLow, sipRun } from './siphash.ts'

/** vectors_sip64 of the reference implementation: key 00..0f, message 00, 01, ... of length 0..15. */
const REFERENCE = [
  '726fdb47dd0e0e31',
  '74f839c593dc67fd',
  '0d6c8009d9a94f5a',
  '85676696d7fb7e2d',
  'cf2794e0277187b7',
  '18765564cd99a68d',
  'cbc9466e58fee3ce',
  'ab0200f58b01d137',
  '93f5f5799a932462',
  '9e0082df0ba9e4b0',
  '7a5dbbc594ddb9f3',
  'f4b32f46226bada7',
  '751e8fbc860ee5fb',
  '14ea5627c0843d90',
  'f723ca908e7af2ee',
  'a129ca6149be45e5',
]
const REFERENCE_KEY: SipKey = { lo0: 0x03020100, hi0: 0x07060504, lo1: 0x0b0a0908, hi1: 0x0f0e0d0c }

const M = (1n << 64n) - 1n
const rotl = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (64n - k))) & M

/** The algorithm once more, straight from the paper on 64-bit integers. */
function sipBig(k0: bigint, k1: bigint, data: Uint8Array): bigint {
  let v0 = k0 ^ 0x736f6d6570736575n
  let v1 = k1 ^ 0x646f72616e646f6dn
  let v2 = k0 ^ 0x6c7967656e657261n
  let v3 = k1 ^ 0x7465646279746573n
  const round = (): void => {
    v0 = (v0 + v1) & M
    v1 = rotl(v1, 13n) ^ v0
    v0 = rotl(v0, 32n)
    v2 = (v2 + v3) & M
    v3 = rotl(v3, 16n) ^ v2
    v0 = (v0 + v3) & M
    v3 = rotl(v3, 21n) ^ v0
    v2 = (v2 + v1) & M
    v1 = rotl(v1, 17n) ^ v2
    v2 = rotl(v2, 32n)
  }
  const words = Math.floor(data.length / 8) + 1
  for (let w = 0; w < words; w++) {
    let m = w === words - 1 ? BigInt(data.length & 255) << 56n : 0n
    data.slice(8 * w, 8 * w + 8).forEach((byte, i) => (m |= BigInt(byte) << BigInt(8 * i)))
    v3 ^= m
    round()
    round()
    v0 ^= m
  }
  v2 ^= 0xffn
  for (let i = 0; i < 4; i++) round()
  return v0 ^ v1 ^ v2 ^ v3
}

const hex = ({ hi, lo }: { hi: number; lo: number }): string =>
  hi.toString(16).padStart(8, '0') + lo.toString(16).padStart(8, '0')

describe('siphash24', () => {
  it('gives the values of the reference implementation', () => {
    const message = Uint8Array.from({ length: 16 }, (_, i) => i)
    expect(REFERENCE.map((_, length) => hex(siphash24(REFERENCE_KEY, message.slice(0, length))))).toEqual(
      REFERENCE,
    )
  })

  it('equals the 64-bit definition for any key and message', () => {
    const half = fc.integer({ min: 0, max: 0xffffffff })
    fc.assert(
      fc.property(half, half, half, half, fc.uint8Array({ maxLength: 300 }), (lo0, hi0, lo1, hi1, data) => {
        const wide = sipBig((BigInt(hi0) << 32n) | BigInt(lo0), (BigInt(hi1) << 32n) | BigInt(lo1), data)
        expect(hex(siphash24({ lo0, hi0, lo1, hi1 }, data))).toBe(wide.toString(16).padStart(16, '0'))
      }),
      { numRuns: 400 },
    )
  })

  it('can be stopped after any word and gone on with', () => {
    const words = Int32Array.from({ length: 14 }, (_, i) => Math.imul(i + 1, 0x9e3779b1))
    const whole = sipInit(REFERENCE_KEY)
    sipRun(whole, words, true, whole)
    for (let cut = 0; cut <= 14; cut += 2) {
      const kept = sipInit(REFERENCE_KEY)
      sipRun(kept, words.slice(0, cut), false, kept)
      const before = kept.slice()
      const state = new Int32Array(8)
      sipRun(kept, words.slice(cut), true, state)
      expect([sipHigh(state), sipLow(state)]).toEqual([sipHigh(whole), sipLow(whole)])
      expect(kept).toEqual(before)
    }
  })
})
