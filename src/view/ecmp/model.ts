/** Part of the hash space, [from, to), and whose it is: index of a next hop. */
export interface RingArc {
  hop: number
  from: number
  to: number
}

/** One flow on the ring. */
export interface RingFlow {
  key: string
  /** 31 bits. */
  hash: number
  before: number
  after: number
  fate: 'stays' | 'forced' | 'needless'
  selected: boolean
}

export interface RingModel {
  /** Px; the ring is round and in the middle, labels may stand beside it. */
  width: number
  height: number
  /** Printed codes of the next hops in order: 'L1', 'L2' ... */
  codes: readonly string[]
  /** Outer ring. */
  before: readonly RingArc[]
  /** Inner ring; null = nothing changes, there is one ring. */
  after: readonly RingArc[] | null
  /** Next hop that goes, -1 = none. */
  gone: number
  flows: readonly RingFlow[]
  /** In the middle: what the rings are, the result in large, what of it was needless, the scale. */
  middle: { above: readonly string[]; large: string; bold: string; below: string }
  formatBound: (value: number) => string
  ariaLabel: string
}
