import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ip4 } from '../../base/ids.ts'
import { boundsOf, type Choice, isGoodNeigh, selectByBounds, selectNextHop } from './multipath-select.ts'

const MAX = 2 ** 31 - 1

describe('boundsOf', () => {
  it.each([
    [[1], [MAX]],
    [
      [1, 1],
      [1073741823, MAX],
    ],
    [
      [1, 1, 1],
      [715827882, 1431655764, MAX],
    ],
    [
      [1, 2, 3],
      [357913940, 1073741823, MAX],
    ],
  ])('weights %j', (weights, bounds) => {
    expect(boundsOf(weights)).toEqual(bounds)
  })

  it('is exact for any weights, up to 256 members of 65535', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 65535 }), { minLength: 1, maxLength: 256 })
    fc.assert(
      fc.property(weights, (list) => {
        const total = BigInt(list.reduce((sum, w) => sum + w, 0))
        let sum = 0n
        const exact = list.map((w) => Number(((sum += BigInt(w)) * 2n ** 31n + total / 2n) / total - 1n))
        expect(boundsOf(list)).toEqual(exact)
      }),
    )
  })

  it('a dead next hop has -1 and the others share the space as if it were not there', () => {
    expect(boundsOf([1, 5, 1], [true, false, true])).toEqual([1073741823, -1, MAX])
    expect(boundsOf([3, 1], [false, false])).toEqual([-1, -1])
  })
})

describe('selectByBounds', () => {
  it('the bound itself still belongs to its next hop', () => {
    const bounds = boundsOf([1, 1, 1])
    expect(
      [0, 715827882, 715827883, 1431655764, 1431655765, MAX].map((h) => selectByBounds(h, bounds)),
    ).toEqual([0, 0, 1, 1, 2, 2])
  })

  it('passes over the dead', () => {
    const bounds = boundsOf([1, 1, 1], [false, true, true])
    expect([0, MAX].map((h) => selectByBounds(h, bounds))).toEqual([1, 2])
  })
})

describe('selectNextHop', () => {
  const A = 10 as Ip4
  const B = 20 as Ip4
  const choice = (change: Partial<Choice>): Choice => ({
    hash31: 0,
    bounds: boundsOf([1, 1, 1, 1]),
    local: false,
    flowSrc: 0 as Ip4,
    hopSrcs: [A, B, A, B],
    ...change,
  })

  it('without a source it is the bounds', () => {
    const hash = fc.integer({ min: 0, max: MAX })
    const weights = fc.array(fc.integer({ min: 1, max: 256 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(hash, weights, (hash31, list) => {
        const bounds = boundsOf(list)
        const expected = { index: selectByBounds(hash31, bounds), bySource: false }
        expect(selectNextHop(choice({ hash31, bounds, hopSrcs: [] }))).toEqual(expected)
      }),
    )
  })

  it('a local flow keeps to next hops on the interface of its source', () => {
    const pick = (hash31: number) => selectNextHop(choice({ hash31, local: true, flowSrc: B }))
    expect(pick(0)).toEqual({ index: 1, bySource: true })
    expect(pick(0x30000000)).toEqual({ index: 1, bySource: false })
    expect(pick(0x50000000)).toEqual({ index: 3, bySource: true })
    expect(pick(MAX)).toEqual({ index: 3, bySource: false })
  })

  it('past the last bound of its interface the first one of it is taken, so the split is lopsided', () => {
    const pick = (hash31: number) => selectNextHop(choice({ hash31, local: true, flowSrc: A })).index
    expect([0, 0x30000000, 0x50000000, MAX].map(pick)).toEqual([0, 2, 2, 0])
  })

  it('a forwarded packet, and a source that is on none, go by the bound', () => {
    expect(selectNextHop(choice({ hash31: MAX, flowSrc: A })).index).toBe(3)
    expect(selectNextHop(choice({ hash31: MAX, local: true, flowSrc: 99 as Ip4 }))).toEqual({
      index: 3,
      bySource: false,
    })
  })

  it('a bad neighbour gives its flows to the next good one, the last to the first', () => {
    const pick = (hash31: number, alive: boolean[]) => selectNextHop(choice({ hash31, alive })).index
    expect(pick(0, [false, true, true, true])).toBe(1)
    expect(pick(0x30000000, [true, false, false, true])).toBe(3)
    expect(pick(MAX, [false, true, true, false])).toBe(1)
    expect(pick(MAX, [false, false, false, false])).toBe(0)
  })
})

describe('isGoodNeigh', () => {
  it('no entry is good, a failed or unanswered one is not', () => {
    expect(
      [undefined, 'PERMANENT', 'NOARP', 'REACHABLE', 'STALE', 'DELAY', 'PROBE'].every((s) =>
        isGoodNeigh(s as 'STALE'),
      ),
    ).toBe(true)
    expect((['FAILED', 'INCOMPLETE', 'NONE'] as const).some(isGoodNeigh)).toBe(false)
  })
})
