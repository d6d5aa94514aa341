import type { IpvsDest } from '../types.ts'
import { isUsable, leastByWeight, overheadOf, type Scheduler } from './scheduler.ts'

/** Schedulers that count connections; ties go to the first in the list, the server that was added last (golden B13). */

/** Least connection (ip_vs_lc.c): weights do not matter, except 0. */
export const lc: Scheduler = {
  pick: ({ dests }) => {
    let least: IpvsDest | undefined
    for (const dest of dests) {
      if (isUsable(dest) && (!least || overheadOf(dest) < overheadOf(least))) least = dest
    }
    return least
  },
}

/** Weighted least connection (ip_vs_wlc.c), ipvsadm's default. */
export const wlc: Scheduler = { pick: ({ dests }) => leastByWeight(dests, overheadOf) }

/** Load a server would have with this connection too; inactive ones do not count. */
function expected(dest: IpvsDest): number {
  return dest.activeConns + 1
}

/** Shortest expected delay (ip_vs_sed.c). */
export const sed: Scheduler = { pick: ({ dests }) => leastByWeight(dests, expected) }

/** Never queue (ip_vs_nq.c): the first idle server, whatever its weight; otherwise as sed. */
export const nq: Scheduler = {
  pick: ({ dests }) =>
    dests.find((dest) => isUsable(dest) && dest.activeConns === 0) ?? leastByWeight(dests, expected),
}

function heaviest(dests: readonly IpvsDest[]): IpvsDest | undefined {
  let top: IpvsDest | undefined
  for (const dest of dests) if (!top || dest.weight > top.weight) top = dest
  return top
}

/** Weighted fail-over (ip_vs_fo.c): always the heaviest that is usable. */
export const fo: Scheduler = { pick: ({ dests }) => heaviest(dests.filter(isUsable)) }

/** Weighted overflow (ip_vs_ovf.c): the heaviest until it has more active connections than weight; then the next. */
export const ovf: Scheduler = {
  pick: ({ dests }) => heaviest(dests.filter((dest) => isUsable(dest) && dest.activeConns <= dest.weight)),
}
