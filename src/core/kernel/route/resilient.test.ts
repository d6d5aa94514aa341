import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SEC } from '../../base/ids.ts'
import {
  countBuckets,
  createResilient,
  type ResilientGroup,
  selectResilient,
  setResilientMembers,
  upkeepResilient,
  wantedBuckets,
} from './resilient.ts'

const equal = (...ids: number[]) => ids.map((id) => ({ id, weight: 1 }))
const useAll = (group: ResilientGroup, now: number): void =>
  group.owner.forEach((_, bucket) => void selectResilient(group, bucket, now))

describe('first fill', () => {
  it('fills from the last member backwards', () => {
    expect(createResilient({ members: equal(0, 1, 2), buckets: 8 }, 0).owner).toEqual([
      2, 2, 2, 1, 1, 0, 0, 0,
    ])
  })

  it('gives every member what its weight is worth, every bucket to somebody', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 65535 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 2000 }), (list, buckets) => {
        const group = createResilient({ members: list.map((weight, id) => ({ id, weight })), buckets }, 0)
        const total = list.reduce((sum, weight) => sum + weight, 0)
        const counts = countBuckets(group)
        expect(counts).toEqual(wantedBuckets(list, buckets))
        expect(counts.reduce((sum, n) => sum + n, 0)).toBe(buckets)
        counts.forEach((n, i) =>
          expect(Math.abs(n - (buckets * (list[i] ?? 0)) / total)).toBeLessThanOrEqual(1),
        )
      }),
    )
  })
})

describe('a change of members', () => {
  it('moves the buckets of a gone member only', () => {
    const group = createResilient({ members: equal(0, 1, 2, 3), buckets: 64 }, 0)
    useAll(group, SEC)
    const before = [...group.owner]
    expect(setResilientMembers(group, equal(0, 2, 3), 2 * SEC)).toBeUndefined()
    group.owner.forEach((id, b) => {
      if (before[b] === 1) expect(id).not.toBe(1)
      else expect(id).toBe(before[b])
    })
    expect(countBuckets(group)).toEqual(wantedBuckets([1, 1, 1], 64))
  })

  it('a member added while all buckets are in use gets none until some are idle', () => {
    const idleTimerNs = SEC
    const group = createResilient({ members: equal(0, 1, 2), buckets: 96, idleTimerNs }, 0)
    useAll(group, 0)
    expect(setResilientMembers(group, equal(0, 1, 2, 3), 0)).toBe(SEC)
    expect(countBuckets(group)).toEqual([32, 32, 32, 0])
    upkeepResilient(group, SEC - 1)
    expect(countBuckets(group)[3]).toBe(0)
    expect(upkeepResilient(group, SEC)).toBeUndefined()
    expect(countBuckets(group)).toEqual([24, 24, 24, 24])
  })

  it('kept busy it gets none, with the unbalanced timer it gets its part by force', () => {
    const run = (unbalancedTimerNs: number): number | undefined => {
      const members = equal(0, 1, 2)
      const group = createResilient({ members, buckets: 96, idleTimerNs: 600 * SEC, unbalancedTimerNs }, 0)
      useAll(group, 0)
      setResilientMembers(group, equal(0, 1, 2, 3), 0)
      for (let tenth = 1; tenth <= 45; tenth++) {
        useAll(group, (tenth * SEC) / 10)
        upkeepResilient(group, (tenth * SEC) / 10)
        if ((countBuckets(group)[3] ?? 0) === 24) return tenth
      }
      return undefined
    }
    expect(run(0)).toBeUndefined()
    expect(run(2 * SEC)).toBe(21)
  })

  it('the imbalance is counted from its beginning, not from the last change', () => {
    const members = equal(0, 1)
    const group = createResilient(
      { members, buckets: 12, idleTimerNs: 600 * SEC, unbalancedTimerNs: 2 * SEC },
      0,
    )
    useAll(group, 0)
    setResilientMembers(group, equal(0, 1, 2), 0)
    setResilientMembers(group, equal(0, 1, 2, 3), 1.5 * SEC)
    expect(upkeepResilient(group, 2 * SEC + 1)).toBeUndefined()
    expect(countBuckets(group)).toEqual([3, 3, 3, 3])
  })

  it('buckets that were given away and not used since come back with their member', () => {
    const group = createResilient({ members: equal(0, 1), buckets: 100 }, 0)
    useAll(group, 0)
    const before = [...group.owner]
    setResilientMembers(group, equal(1), SEC)
    // With one member the route look-up does not ask the group, so nothing is marked as used.
    expect(selectResilient(group, 7, SEC, false).id).toBe(1)
    setResilientMembers(group, equal(0, 1), 2 * SEC)
    expect(group.owner).toEqual(before)
  })

  it('any series of changes ends balanced once everything is idle', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(
        fc.array(weights, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 8, max: 300 }),
        (series, buckets) => {
          const group = createResilient({ members: equal(0), buckets, idleTimerNs: 10 * SEC }, 0)
          series.forEach((list, step) => {
            useAll(group, step * SEC)
            setResilientMembers(
              group,
              list.map((weight, i) => ({ id: (i + step) % 7, weight })),
              step * SEC,
            )
          })
          expect(upkeepResilient(group, 100 * SEC)).toBeUndefined()
          expect(countBuckets(group)).toEqual(wantedBuckets(series.at(-1) ?? [], buckets))
        },
      ),
    )
  })
})
