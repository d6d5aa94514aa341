import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeRng, nextBelow, nextU32, type Rng } from './prng.ts'

const take = (rng: Rng, n: number): number[] => Array.from({ length: n }, () => nextU32(rng))

test('a known sequence: worked out by a second implementation of sfc32 in another language', () => {
  expect(take(makeRng(42, 'host:router'), 4)).toEqual([2920066808, 226609387, 3422977854, 4095131453])
})

test('same seed and label, same numbers; another seed or label, other numbers', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.string(), (seed, label) => {
      const numbers = take(makeRng(seed, label), 8)
      expect(take(makeRng(seed, label), 8)).toEqual(numbers)
      expect(take(makeRng(seed, `${label}x`), 8)).not.toEqual(numbers)
      expect(take(makeRng(seed + 1, label), 8)).not.toEqual(numbers)
    }),
  )
})

test('the state is plain data: a copy goes on where the original was', () => {
  const rng = makeRng(7, 'link')
  take(rng, 100)
  const copy = JSON.parse(JSON.stringify(rng)) as Rng
  expect(take(copy, 50)).toEqual(take(rng, 50))
})

test('numbers below a bound are in range, and each comes up about as often', () => {
  const rng = makeRng(1, 'dice')
  const counts = new Array<number>(6).fill(0)
  for (let i = 0; i < 6000; i++) {
    const face = nextBelow(rng, 6)
    counts[face] = (counts[face] ?? NaN) + 1
  }
  expect(counts).toHaveLength(6)
  // Standard deviation is 29: five of them.
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(145)
})
