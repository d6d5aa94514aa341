import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildDisplayTime, HOOK_MS, HOP_MS, idleMs, lastAtMost, type Beat } from './display-time.ts'

const hop = (id: number, at: number, until: number): Beat => ({ id, at, until, ms: HOP_MS })
const step = (id: number, at: number): Beat => ({ id, at, until: at, ms: HOOK_MS })

describe('display time', () => {
  it('gives a lone hop 480 ms and each step at an instant 140 ms', () => {
    const time = buildDisplayTime([step(0, 0), step(1, 0), hop(2, 0, 30_000), step(3, 30_000)], 0, 30_000)
    expect(time.spanOf(0)).toEqual([0, 140])
    expect(time.spanOf(1)).toEqual([140, 280])
    expect(time.spanOf(2)).toEqual([280, 760])
    expect(time.spanOf(3)).toEqual([760, 900])
    expect(time.lengthMs).toBe(900)
    expect(time.simOf(280 + 240)).toBe(15_000)
  })

  it('holds simulated time still while steps of an instant are shown, also under a flight of others', () => {
    const time = buildDisplayTime([hop(0, 0, 40_000), step(1, 20_000)], 0, 40_000)
    expect(time.lengthMs).toBe(480 + 140)
    expect(time.displayOf(20_000, 'before')).toBe(240)
    expect(time.displayOf(20_000, 'after')).toBe(380)
    expect(time.simOf(300)).toBe(20_000)
    expect(time.spanOf(0)).toEqual([0, 620])
  })

  it('never shows a flight shorter than its time when flights overlap', () => {
    const time = buildDisplayTime([hop(0, 0, 30_000), hop(1, 10_000, 20_000)], 0, 30_000)
    const [a0 = 0, a1 = 0] = time.spanOf(0) ?? []
    const [b0 = 0, b1 = 0] = time.spanOf(1) ?? []
    expect(b1 - b0).toBeCloseTo(480)
    expect(a1 - a0).toBeCloseTo(160 + 480 + 160)
  })

  it('shrinks idle seconds to a short pause and says so', () => {
    const time = buildDisplayTime([hop(0, 0, 30_000), hop(1, 4e9, 4e9 + 30_000)], 0, 4e9 + 30_000)
    expect(time.lengthMs).toBeCloseTo(480 + 320 + 480)
    expect(time.breaks).toEqual([{ atMs: 480, untilMs: 800, skippedNs: 4e9 - 30_000 }])
    expect(idleMs(0)).toBe(0)
  })

  it('knows the beat at a display time', () => {
    const time = buildDisplayTime([step(7, 10), hop(9, 10, 50)], 10, 50)
    expect([-1, 0, 139, 140, 1000].map((ms) => time.beatAt(ms))).toEqual([-1, 7, 7, 9, 9])
    expect(time.spanOf(8)).toBeUndefined()
  })

  it('is empty for an empty run', () => {
    const time = buildDisplayTime([], 5, 5)
    expect([time.lengthMs, time.simOf(3), time.displayOf(5), time.beatAt(0)]).toEqual([0, 5, 0, -1])
  })

  const beats = fc
    .array(fc.tuple(fc.nat(2_000_000), fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90_000 }))), {
      maxLength: 40,
    })
    .map((list) =>
      list
        .sort((a, b) => a[0] - b[0])
        .map(([at, length], id): Beat => (length === 0 ? step(id, at) : hop(id, at, at + length))),
    )
  const END = 2_200_000

  it('rises, and comes back to the simulated instant it came from', () => {
    fc.assert(
      fc.property(beats, fc.nat(END), fc.nat(END), (list, a, b) => {
        const time = buildDisplayTime(list, 0, END)
        const [early, late] = a < b ? [a, b] : [b, a]
        expect(time.displayOf(early, 'before')).toBeLessThanOrEqual(time.displayOf(early, 'after'))
        if (early < late) expect(time.displayOf(early, 'after')).toBeLessThan(time.displayOf(late, 'before'))
        expect(time.simOf(time.displayOf(early))).toBe(early)
        expect(time.simOf(time.displayOf(early, 'before'))).toBe(early)
      }),
    )
  })

  it('comes back to the display time it came from, up to what an instant holds', () => {
    fc.assert(
      fc.property(beats, fc.double({ min: 0, max: 1, noNaN: true }), (list, share) => {
        const time = buildDisplayTime(list, 0, END)
        const ms = share * time.lengthMs
        const at = time.simOf(ms)
        expect(time.displayOf(Math.max(0, at - 1), 'before')).toBeLessThanOrEqual(ms + 1e-6)
        expect(time.displayOf(Math.min(END, at + 1), 'after')).toBeGreaterThanOrEqual(ms - 1e-6)
      }),
    )
  })

  it('shows every hop at least 480 ms and every step its 140 ms', () => {
    fc.assert(
      fc.property(beats, (list) => {
        const time = buildDisplayTime(list, 0, END)
        for (const beat of list) {
          const [from = 0, to = 0] = time.spanOf(beat.id) ?? []
          expect(to - from).toBeGreaterThan(beat.ms - 1e-6)
        }
      }),
    )
  })
})

describe('lastAtMost', () => {
  it('finds the last of equal keys', () => {
    expect(lastAtMost([1, 2, 2, 5], (x) => x, 2)).toBe(2)
    expect(lastAtMost([1, 2], (x) => x, 0)).toBe(-1)
  })
})
