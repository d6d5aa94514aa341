import { describe, expect, it } from 'vitest'
import type { Shape } from '../paint/shape.ts'
import { bandsOf, decisionStripShapes } from './decision-strip.ts'
import { distributionShapes } from './distribution.ts'
import { thinMarks } from '../timeline/scrubber.ts'

const texts = (shapes: readonly Shape[]): string[] =>
  shapes.flatMap((s) => (s.el === 'text' ? [s.text] : s.el === 'g' ? texts(s.children) : []))

describe('decision strip', () => {
  const model = {
    width: 304,
    bounds: [715827882, 1431655764, 2147483647],
    codes: ['L1', 'L2', 'L3'],
    hash: 1242346952,
    pick: 1,
    ariaLabel: '',
  }

  it('cuts the hash space at the bounds, which belong to the lower band', () => {
    expect(bandsOf(model).map((b) => [b.from, b.to, b.picked])).toEqual([
      [0, 715827882, false],
      [715827883, 1431655764, true],
      [1431655765, 2147483647, false],
    ])
  })

  it('leaves out a next hop that takes nothing', () => {
    expect(bandsOf({ bounds: [-1, 2147483647], codes: ['L1', 'L2'], pick: 1 })).toEqual([
      { code: 'L2', from: 0, to: 2147483647, picked: true },
    ])
  })

  it('always names the hash and the bound that decided', () => {
    expect(texts(decisionStripShapes(model))).toEqual(
      expect.arrayContaining(['1242346952', '1431655764', 'L2']),
    )
  })
})

describe('distribution', () => {
  const bar = (code: string, count: number): Parameters<typeof distributionShapes>[0]['bars'][number] => ({
    code,
    name: code,
    count,
    expected: 0.5,
    countText: String(count),
    shareText: `${count} %`,
  })
  const model = {
    width: 400,
    title: 't',
    total: 100,
    bars: [bar('L1', 75), bar('L2', 25)],
    ariaLabel: '',
    empty: 'none',
  }

  it('draws bars in proportion', () => {
    const widths = distributionShapes(model).flatMap((s) => (s.el === 'rect' && s.h === 14 ? [s.w] : []))
    expect(widths).toHaveLength(2)
    expect((widths[0] ?? 0) / (widths[1] ?? 1)).toBeCloseTo(3)
  })

  it('says so while there is nothing to count', () => {
    expect(texts(distributionShapes({ ...model, total: 0 }))).toEqual(['t', 'none'])
  })
})

describe('scrubber marks', () => {
  it('keeps the most important of those that would overlap', () => {
    const marks = [
      { atMs: 0, kind: 'event' as const },
      { atMs: 1, kind: 'drop' as const },
      { atMs: 2, kind: 'rewrite' as const },
      { atMs: 100, kind: 'arp' as const },
    ]
    expect(thinMarks(marks, 1).map((m) => m.kind)).toEqual(['drop', 'arp'])
  })
})
