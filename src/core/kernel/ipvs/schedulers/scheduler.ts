import type { Ip4, Nanos } from '../../../base/ids.ts'
import type { Rng } from '../../../base/prng.ts'
import type { IpvsDest, IpvsService } from '../types.ts'

/** What a scheduler may look at besides the service. */
export interface Asked {
  src: Ip4
  dst: Ip4
  /** Ports as the client wrote them. */
  sport: number
  dport: number
  now: Nanos
  rng: Rng
  /** net.ipv4.vs.* */
  vs: Record<string, number>
}

export interface Scheduler {
  /** The real server of a new connection; undefined = none is usable. May keep its memory in the service. */
  pick: (service: IpvsService, asked: Asked) => IpvsDest | undefined
  /**
   * The list of real servers, or a weight, has changed (add_dest, del_dest, upd_dest); also called when the scheduler is
   * set. `gone` = position the removed one had in the list.
   */
  changed?: (service: IpvsService, how: Change) => void
}

export type Change = { what: 'init' | 'add' | 'update' } | { what: 'delete'; at: number }

/** May take a new connection: it has a weight, and is below its connection limit. */
export function isUsable(dest: IpvsDest): boolean {
  return dest.weight > 0 && !dest.overload
}

/** Load of a server: an active connection counts as much as 256 inactive ones (ip_vs_dest_conn_overhead). */
export function overheadOf(dest: IpvsDest): number {
  return dest.activeConns * 256 + dest.inactConns
}

/** The usable server with the least load for its weight; the first one in the list wins ties. */
export function leastByWeight(
  dests: readonly IpvsDest[],
  loadOf: (dest: IpvsDest) => number,
): IpvsDest | undefined {
  let least: IpvsDest | undefined
  let load = 0
  for (const dest of dests) {
    if (!isUsable(dest)) continue
    const own = loadOf(dest)
    if (least && load * dest.weight <= own * least.weight) continue
    least = dest
    load = own
  }
  return least
}
