import type { OwnerCode } from '../hues.ts'

/** How requests were shared out: one bar per host in its hue, the expected share as an ink line, its confidence hatched. */
export interface DistributionModel {
  width: number
  title: string
  bars: readonly DistributionBar[]
  /** Requests counted so far. */
  total: number
  ariaLabel: string
  /** Shown instead of the bars while total is 0. */
  empty: string
}

export interface DistributionBar {
  code: OwnerCode
  name: string
  count: number
  /** Share 0..1 that an even or weighted hash would give. */
  expected?: number
  /** Share 0..1 between which the count lies with the confidence named in the title. */
  band?: readonly [low: number, high: number]
  /** Exact numbers, already formatted: '52', '52.0 %'. */
  countText: string
  shareText: string
}

/** One ECMP decision on the hash space 0 .. 2^31 - 1, cut into bands by the next hops' upper bounds. */
export interface DecisionStripModel {
  width: number
  /** Upper bound of each next hop, inclusive, rising; -1 = takes nothing. */
  bounds: readonly number[]
  codes: readonly OwnerCode[]
  hash: number
  pick: number
  ariaLabel: string
  /** Numbers in the reader's grouping. */
  format?: (value: number) => string
}
