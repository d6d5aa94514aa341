import { nextBelow } from '../../../base/prng.ts'
import type { IpvsDest } from '../types.ts'
import { isUsable, overheadOf, type Scheduler } from './scheduler.ts'

/** Power of two choices (net/netfilter/ipvs/ip_vs_twos.c): two servers at random by weight, then the less loaded one. */
export const twos: Scheduler = {
  pick: ({ dests }, { rng }) => {
    const usable = dests.filter(isUsable)
    const total = usable.reduce((sum, dest) => sum + dest.weight, 0)
    const last = usable[usable.length - 1]
    if (!last) return undefined
    const first = nextBelow(rng, total + 1)
    const second = nextBelow(rng, total + 1)
    const one = atWeight(usable, first) ?? last
    const two = atWeight(usable, second) ?? last
    return two.weight * overheadOf(one) > one.weight * overheadOf(two) ? two : one
  },
}

function atWeight(dests: readonly IpvsDest[], weight: number): IpvsDest | undefined {
  let left = weight
  return dests.find((dest) => (left -= dest.weight) <= 0)
}
