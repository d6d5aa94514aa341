import { type Nanos, SEC } from '../../../base/ids.ts'
import type { CacheEntry, IpvsDest, IpvsService } from '../types.ts'
import { type Asked, isUsable, leastByWeight, overheadOf, type Scheduler } from './scheduler.ts'

/**
 * Locality-based least connection, for caches behind a mark (net/netfilter/ipvs/ip_vs_lblc.c, ip_vs_lblcr.c): what was
 * asked for at an address goes to the server, or to one of the servers, that has it. Entries that nobody used for
 * lblc(r)_expiration are forgotten when they are next looked at, where the kernel has a timer.
 */

/** Above its weight, while another server is at less than half of its own. */
function isOverloaded(dest: IpvsDest, service: IpvsService): boolean {
  return dest.activeConns > dest.weight && service.dests.some((other) => other.activeConns * 2 < other.weight)
}

function entryOf(service: IpvsService, { dst, now, vs }: Asked, name: string): CacheEntry | undefined {
  const entry = service.cache[dst]
  const lifeNs = (vs[name] ?? 86_400) * SEC
  return entry && now - entry.usedNs <= lifeNs ? entry : undefined
}

export const lblc: Scheduler = {
  pick: (service, asked) => {
    const { dst, now } = asked
    const entry = entryOf(service, asked, 'lblc_expiration')
    const known = entry && service.dests.find((dest) => dest.id === entry.dests[0])
    const keep = known && known.weight > 0 && !isOverloaded(known, service)
    const dest = keep ? known : leastByWeight(service.dests, overheadOf)
    if (dest) service.cache[dst] = { dests: [dest.id], usedNs: now, changedNs: now }
    return dest
  },
  changed: forget,
}

export const lblcr: Scheduler = {
  pick: (service, asked) => {
    const { dst, now, vs } = asked
    const entry = entryOf(service, asked, 'lblcr_expiration')
    if (!entry) {
      const first = leastByWeight(service.dests, overheadOf)
      if (first) service.cache[dst] = { dests: [first.id], usedNs: now, changedNs: now }
      return first
    }
    const set = entry.dests.flatMap((id) => service.dests.find((dest) => dest.id === id) ?? [])
    const least = leastByWeight(set, overheadOf)
    let ids: readonly number[] = entry.dests
    let changedNs: Nanos = entry.changedNs
    if (ids.length > 1 && now > changedNs + (vs['lblcr_expiration'] ?? 86_400) * SEC) {
      const most = mostLoaded(set)
      if (most) {
        ids = ids.filter((id) => id !== most.id)
        changedNs = now
      }
    }
    let dest = least
    if (!dest || isOverloaded(dest, service)) {
      dest = leastByWeight(service.dests, overheadOf)
      if (!dest) return undefined
      if (!ids.includes(dest.id)) {
        ids = [dest.id, ...ids]
        changedNs = now
      }
    }
    service.cache[dst] = { dests: ids, usedNs: now, changedNs }
    return dest
  },
  changed: forget,
}

/** The most loaded for its weight (ip_vs_dest_set_max). */
function mostLoaded(dests: readonly IpvsDest[]): IpvsDest | undefined {
  let most: IpvsDest | undefined
  for (const dest of dests) {
    if (!isUsable(dest)) continue
    if (!most || overheadOf(most) * dest.weight < overheadOf(dest) * most.weight) most = dest
  }
  return most
}

function forget(service: IpvsService, how: { what: string }): void {
  if (how.what === 'init') service.cache = {}
}
