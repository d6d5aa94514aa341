import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MS, SEC } from '../base/ids.ts'
import { wheelTime } from './timer-wheel.ts'

it.each([
  [0, 40 * MS, 44 * MS],
  [0, 200 * MS, 204 * MS],
  [0, SEC, 1024 * MS],
  [20 * MS, 1020 * MS, 1024 * MS],
  [0, 4 * SEC, 4096 * MS],
])('set at %i for %i it fires at %i', (now, at, fires) => {
  expect(wheelTime(now, at)).toBe(fires)
})

it('never early, and late by one step of its level at most', () => {
  fc.assert(
    fc.property(fc.nat(1e11), fc.nat(2e10), (now, delay) => {
      const late = wheelTime(now, now + delay) - (now + delay)
      expect(late).toBeGreaterThanOrEqual(0)
      expect(late).toBeLessThanOrEqual(Math.max(8 * MS, delay / 7))
    }),
    { seed: 1 },
  )
})
