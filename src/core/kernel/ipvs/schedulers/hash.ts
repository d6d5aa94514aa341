import type { IpvsDest, IpvsService } from '../types.ts'
import { type Asked, isUsable, type Scheduler } from './scheduler.ts'

/**
 * Source and destination hashing (net/netfilter/ipvs/ip_vs_sh.c, ip_vs_dh.c): a table of 256 places is filled with the
 * servers in list order, and an address hashes to a place. The same tuple meets the same place on every boot.
 */
const PLACES = 256

/** hash_32 of include/linux/hash.h, upper eight bits. */
function hash8(value: number): number {
  return (Math.imul(value, 0x61c88647) >>> 24) & (PLACES - 1)
}

function destAt(service: IpvsService, place: number): IpvsDest | undefined {
  const id = service.table[place & (PLACES - 1)]
  return id === undefined ? undefined : service.dests.find((dest) => dest.id === id)
}

/** Each server takes as many places in a row as it has weight, at least one, round and round. */
function fill(service: IpvsService, weightOf: (dest: IpvsDest) => number): void {
  const table: number[] = []
  const { dests } = service
  let at = 0
  let taken = 0
  for (let i = 0; i < PLACES && dests.length > 0; i++) {
    const dest = dests[at]
    if (!dest) break
    table.push(dest.id)
    if (++taken < weightOf(dest)) continue
    at = (at + 1) % dests.length
    taken = 0
  }
  service.table = table
}

function shPlace(service: IpvsService, { src, sport }: Asked): number {
  return hash8((src + (service.flags.includes('sh-port') ? sport : 0)) >>> 0)
}

export const sh: Scheduler = {
  pick: (service, asked) => {
    const place = shPlace(service, asked)
    const first = destAt(service, place)
    if (!first || isUsable(first)) return first
    if (!service.flags.includes('sh-fallback')) return undefined
    // The search goes on from the place with the place itself added: each offset is hashed anew.
    for (let offset = 0; offset < PLACES; offset++) {
      const dest = destAt(service, place + ((offset + place) % PLACES))
      if (dest && isUsable(dest)) return dest
    }
    return undefined
  },
  changed: (service) => fill(service, (dest) => dest.weight),
}

export const dh: Scheduler = {
  pick: (service, { dst }) => {
    const dest = destAt(service, hash8(dst))
    return dest && isUsable(dest) ? dest : undefined
  },
  changed: (service) => fill(service, () => 1),
}
