/**
 * From hash to next hop: hash-threshold (RFC 2992) as Linux does it (net/ipv4/fib_semantics.c fib_rebalance and
 * fib_select_multipath), for classic routes and for next-hop groups of type mpath.
 */
import type { Ip4 } from '../../base/ids.ts'
import type { NeighState } from '../neigh/entry.ts'

/**
 * Upper bounds of the next hops in the 31-bit hash space, from their weights in order. A dead next hop (`alive[i]` false:
 * interface down) has -1, and the others share the whole space anew. The last live one always has 2^31 - 1.
 */
export function boundsOf(weights: readonly number[], alive: readonly boolean[] = []): number[] {
  let total = 0
  weights.forEach((weight, i) => (total += alive[i] === false ? 0 : weight))
  let sum = 0
  return weights.map((weight, i) => {
    if (alive[i] === false) return -1
    sum += weight
    return thresholdOf(sum, total) - 1
  })
}

/** round(sum * 2^31 / total), halves up, in two steps so that no product leaves the 53 bits of a double. */
function thresholdOf(sum: number, total: number): number {
  const high = sum * 0x8000
  const rest = (high % total) * 0x10000 + Math.floor(total / 2)
  return Math.floor(high / total) * 0x10000 + Math.floor(rest / total)
}

/** The first next hop whose bound is not below the hash; 0 if there is none (all dead). `hash31` = multipathHash >>> 1. */
export function selectByBounds(hash31: number, bounds: readonly number[]): number {
  for (let i = 0; i < bounds.length; i++) if (hash31 <= (bounds[i] as number)) return i
  return 0
}

/** Neighbour states that rule a next hop out, where they are looked at; no entry at all is good. */
export function isGoodNeigh(state: NeighState | undefined): boolean {
  return state !== 'FAILED' && state !== 'INCOMPLETE' && state !== 'NONE'
}

export interface Choice {
  /** multipathHash >>> 1. */
  hash31: number
  bounds: readonly number[]
  /**
   * False: passed over, as those with bound -1 always are. Meant for next hops whose neighbour is not good (isGoodNeigh),
   * with net.ipv4.fib_multipath_use_neigh=1 on classic routes, always in mpath groups. Their bounds stay, so their flows
   * all go to the next good one in the list, or past its end to the first good one.
   */
  alive?: readonly boolean[]
  /** A flow of our own on a classic route: its source address counts. Never for forwarded packets or for groups. */
  local: boolean
  /** Source of the flow, 0 = not chosen yet. */
  flowSrc: Ip4
  /** Per next hop: the source address the kernel would pick on its interface. */
  hopSrcs: readonly Ip4[]
}

/** Index of the chosen next hop; `bySource`: the bound alone would have chosen another one. None alive: index 0. */
export function selectNextHop(choice: Choice): { index: number; bySource: boolean } {
  const index = bestScore(choice, choice.local ? choice.flowSrc : (0 as Ip4))
  const plain = choice.local && choice.flowSrc ? bestScore(choice, 0 as Ip4) : index
  return { index, bySource: index !== plain }
}

/** Each next hop scores 2 for the flow's own source address and 1 if the hash is within its bound; the first best wins. */
function bestScore({ hash31, bounds, alive, hopSrcs }: Choice, src: Ip4): number {
  let best = 0
  let score = -1
  for (let i = 0; i < bounds.length; i++) {
    const bound = bounds[i] as number
    if (bound === -1 || alive?.[i] === false) continue
    const own = (src && hopSrcs[i] === src ? 2 : 0) + (hash31 <= bound ? 1 : 0)
    if (own > score) {
      best = i
      score = own
    }
  }
  return best
}
