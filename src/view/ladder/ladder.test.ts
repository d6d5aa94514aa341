import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flagOf } from '../gallery/samples.ts'
import { layoutLadder, yOfTime } from './layout.ts'
import { ladderMarkup, rowsWithin } from './ladder.ts'
import type { LadderChange, LadderFrame, LadderModel } from './model.ts'

function frame(id: number, at: number, until: number, more: Partial<LadderFrame> = {}): LadderFrame {
  const time = (at / 1e6).toFixed(3)
  return { id, at, until, span: [at / 1000, until / 1000], from: 0, to: [1], toAll: false, time, again: false, lost: false, ...more } // prettier-ignore
}

const anyFrames = fc
  .array(fc.record({ gap: fc.nat(20_000_000), way: fc.integer({ min: 1, max: 2_000_000 }) }), {
    maxLength: 40,
  })
  .map((steps) => {
    let at = 0
    return steps.map(({ gap, way }, i) => frame(i * 3, (at += gap), at + way))
  })

const base = { columns: 3, changes: [], width: 1100, pitch: 32 }

describe('the ladder', () => {
  it('leaves each frame a row of its own, in order, and slants only downwards', () => {
    fc.assert(
      fc.property(anyFrames, fc.boolean(), fc.constantFrom(24, 32, 68), (frames, timed, pitch) => {
        const { rows, height } = layoutLadder({ ...base, frames, timed, pitch })
        rows.forEach((row, i) => {
          expect(row.y1).toBeGreaterThanOrEqual(row.y0)
          expect(row.y1).toBeLessThan(height)
          // flags are 18 px high with their paper: level rows are a pitch apart, slanted ones at least what stands
          if (i > 0)
            expect(row.y0 - (rows[i - 1]?.y0 ?? 0)).toBeGreaterThanOrEqual(
              timed ? pitch * 0.57 : pitch - 1e-6,
            )
        })
      }),
    )
  })

  it('draws a slower frame steeper, and crosses one that overtakes it', () => {
    const frames = [frame(1, 0, 10_000_000), frame(2, 1_000_000, 2_000_000)]
    const [slow, fast] = layoutLadder({ ...base, frames, timed: true }).rows
    expect(slow?.y1).toBeGreaterThan(fast?.y1 ?? Infinity)
    const level = layoutLadder({ ...base, frames, timed: false }).rows
    expect(level.every((row) => row.y0 === row.y1)).toBe(true)
  })

  it('folds four idle seconds and says so', () => {
    const frames = [frame(1, 0, 50_000), frame(2, 4_000_000_000, 4_000_050_000)]
    for (const timed of [false, true]) {
      const { breaks, height } = layoutLadder({ ...base, frames, timed })
      expect(breaks.map(({ skippedNs }) => skippedNs)).toEqual([3_999_950_000])
      expect(height).toBeLessThan(200)
    }
  })

  it('leads the line of the playhead from row to row, never back', () => {
    fc.assert(
      fc.property(anyFrames, fc.boolean(), (frames, timed) => {
        const { knots, rows } = layoutLadder({ ...base, frames, timed })
        let last = 0
        for (let ms = 0; ms < (knots.at(-1)?.[0] ?? 0); ms += 997) {
          const y = yOfTime(knots, ms)
          expect(y).toBeGreaterThanOrEqual(last)
          last = y
        }
        frames.forEach(({ span }, i) =>
          expect(yOfTime(knots, span[0])).toBeGreaterThanOrEqual((rows[i]?.y0 ?? 0) - 1e-6),
        )
      }),
    )
  })

  it('fills a bar from the arrival that established it to the end that a frame began', () => {
    const frames = [frame(1, 0, 100), frame(5, 1000, 1100), frame(9, 2000, 2100)]
    const state = { column: 1, at: 0, kind: 'state', label: '', strong: false } as const
    const changes: LadderChange[] = [
      { ...state, id: 2, frame: { id: 1, end: 'arrives' }, phase: 'established' },
      { ...state, id: 8, frame: { id: 9, end: 'leaves' }, phase: 'none' },
    ]
    const { bars, rows } = layoutLadder({ ...base, frames, changes, timed: false })
    expect(bars[0]).toHaveLength(1)
    expect(bars[1]?.map((bar) => bar.phase)).toEqual(['none', 'established', 'none'])
    expect(bars[1]?.[1]).toMatchObject({ y0: rows[0]?.y1, y1: rows[2]?.y0 })
  })

  it('keeps flags in full where there is room, and tabs where there is not', () => {
    const frames = [frame(1, 0, 100)]
    expect(layoutLadder({ ...base, frames, timed: false, width: 1440 }).full).toBe(true)
    const many = layoutLadder({ ...base, columns: 8, frames, timed: false, width: 900 })
    expect(many.full).toBe(false)
    expect(many.width).toBeGreaterThan(900)
    for (const [i, x] of many.columnX.entries()) expect(x - (many.columnX[i - 1] ?? 0)).toBeGreaterThan(90)
  })

  it('finds the rows in sight', () => {
    const frames = Array.from({ length: 50_000 }, (_, i) => frame(i, i * 1000, i * 1000 + 500))
    const layout = layoutLadder({ ...base, frames, timed: false })
    const [from, to] = rowsWithin(layout, 320_000, 320_640)
    expect(to - from).toBe(20)
    expect(layout.rows[from]?.y0).toBeGreaterThanOrEqual(320_000)
  })
})

describe('its picture', () => {
  const frames = [
    frame(1, 0, 100, { to: [1, 2], toAll: true }),
    frame(2, 200, 300, { from: 1, to: [2], lost: true }),
    frame(3, 400, 500, { from: 2, to: [0], again: true }),
  ]
  const model: LadderModel = {
    ...{ layout: layoutLadder({ ...base, frames, timed: true }), frames, changes: [], height: 500, top: 0 },
    columns: ['R', 'L1', 'S1'].map((code) => ({ id: code, code, name: `host <${code}>`, role: '' })),
    flagOf: () => flagOf('syn', 'SYN', ['R', 'L1', 'R', 'V']),
    noteOf: (id) => (id === 2 ? 'cable pulled' : ''),
    labelOf: (one) => `frame ${one.id}`,
    ...{
      current: 2,
      focused: -1,
      passed: 2,
      idPrefix: 'f',
      words: { ms: 'ms', decided: 'why', again: 'sent again' },
    },
  }

  it('has a row for each frame, dashes for broadcasts, the reason of a loss and what was sent again', () => {
    const svg = ladderMarkup(model, 'a ladder')
    expect(svg.match(/data-frame="\d"/g)).toHaveLength(3)
    expect(svg).toContain('stroke-dasharray="4 3"')
    expect(svg).toContain('cable pulled')
    expect(svg).toContain('sent again')
    expect(svg).toContain('host &lt;R&gt;')
    expect(svg).not.toContain('NaN')
  })
})
