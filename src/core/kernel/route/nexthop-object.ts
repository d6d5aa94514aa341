import type { ResilientGroup } from './resilient.ts'
import type { NextHop } from './types.ts'

/** A next-hop object (`ip nexthop`; net/ipv4/nexthop.c): one next hop, a blackhole, or a group of such objects. */
export interface NextHopObject {
  id: number
  /** null for groups and blackholes. */
  hop: NextHop | null
  blackhole: boolean
  /** Members in the order of the command; empty unless it is a group. */
  group: { id: number; weight: number }[]
  type: 'mpath' | 'resilient'
  /** Buckets of a resilient group. */
  resilient: ResilientGroup | null
  /** 'static' ... as `ip nexthop` shows it; '' for the kernel's "unspec". */
  proto: string
}

export function cloneNextHop(object: NextHopObject): NextHopObject {
  const { resilient } = object
  if (!resilient) return object
  const { members, owner, usedNs } = resilient
  return {
    ...object,
    resilient: { ...resilient, members: members.slice(), owner: owner.slice(), usedNs: usedNs.slice() },
  }
}

/** Members of a group with their next hops, or the one of a plain object. Members that are blackholes have none. */
export function hopsOf(all: Readonly<Record<string, NextHopObject>>, object: NextHopObject): NextHop[] {
  if (object.hop) return [object.hop]
  const hops: NextHop[] = []
  for (const { id, weight } of object.group) {
    const hop = all[id]?.hop
    if (hop) hops.push({ ...hop, weight })
  }
  return hops
}
