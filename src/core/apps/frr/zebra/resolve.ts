/** Which next hops of a route can be used (nexthop_active_update in zebra/zebra_nhg.c), route map of the protocol included. */
import { inPrefix, networkOf } from '../../../base/cidr.ts'
import type { Ip4 } from '../../../base/ids.ts'
import type { Sys } from '../../sys.ts'
import { own } from '../config/own.ts'
import { askMap } from '../config/route-map.ts'
import { findNhe, hold, release, setValid } from './nhg.ts'
import { type Dest, type Entry, type Hop, isOperative, keyOf, type ZebraState } from './types.ts'

/** MULTIPATH_NUM of the package (--enable-multipath=256). */
const MAX_HOPS = 256

/**
 * Look at the next hops of an entry again: its group becomes the one that says which are active. Returns how many are.
 * `entry.changed` stays set only if something did change.
 */
export function updateActive(sys: Sys, st: ZebraState, dest: Dest, entry: Entry): number {
  const old = st.nhes[entry.nhe]
  if (!old) return 0
  let count = 0
  const hops = old.hops.map((hop) => {
    const next = checkHop(st, dest, entry, hop)
    if (!next.active) return next
    count++
    return count <= MAX_HOPS ? next : { ...next, active: false }
  })
  entry.changed = hops.some((hop, i) => !sameHop(hop, old.hops[i]))
  if (entry.changed) useGroup(sys, st, entry, hops)
  const nhe = st.nhes[entry.nhe]
  if (count > 0 && nhe) setValid(st, nhe)
  return count
}

/** Let an entry use the group of these next hops and leave the one it had (route_entry_update_nhe). */
export function useGroup(sys: Sys, st: ZebraState, entry: Entry, hops: readonly Hop[]): void {
  const nhe = findNhe(st, hops, sys.now)
  if (nhe.id === entry.nhe) return
  const old = entry.nhe
  entry.nhe = nhe.id
  // A connected route stands in the table for multicast too, which nothing else uses here.
  for (let i = 0; i < usesOf(entry); i++) hold(st, nhe.id)
  if (old !== 0) leaveGroup(sys, st, entry, old)
}

/** An entry is gone, or has another group now. */
export function leaveGroup(sys: Sys, st: ZebraState, entry: Entry, id: number): void {
  for (let i = 0; i < usesOf(entry); i++) release(sys, st, id)
}

function usesOf(entry: Entry): number {
  return entry.type === 'connected' ? 2 : 1
}

function sameHop(a: Hop, b: Hop | undefined): boolean {
  if (!b || a.active !== b.active || a.dev !== b.dev || a.src !== b.src) return false
  return a.resolved.length === b.resolved.length && a.resolved.every((hop, i) => sameVia(hop, b.resolved[i]))
}

function sameVia(a: Hop, b: Hop | undefined): boolean {
  return b !== undefined && a.gateway === b.gateway && a.dev === b.dev
}

/** nexthop_active_check. */
function checkHop(st: ZebraState, dest: Dest, entry: Entry, hop: Hop): Hop {
  const found = findWay(st, dest, entry, hop)
  if (!found.active) return found
  // Zebra's own and the kernel's routes are not asked about.
  if (entry.type === 'connected' || entry.type === 'kernel') return found
  const { protocols, maps, lists } = st.config
  const name = protocols[entry.type] ?? protocols.any
  if (name === undefined) return { ...found, src: 0 as Ip4 }
  st.invoked[name] = (own(st.invoked, name) ?? 0) + 1
  const { dst, prefix } = dest
  const { gateway, dev } = found
  const verdict = askMap(own(maps, name), lists, {
    dst,
    prefix,
    gateway,
    dev,
    type: entry.type,
    tag: entry.tag,
  })
  const decided = `${name} ${verdict.seq}`
  st.invoked[decided] = (own(st.invoked, decided) ?? 0) + 1
  return { ...found, active: verdict.permit, src: verdict.src }
}

/** nexthop_active: how the next hop is reached at present. */
function findWay(st: ZebraState, dest: Dest, entry: Entry, hop: Hop): Hop {
  const plain: Hop = { ...hop, dev: hop.kind === 'gateway' ? '' : hop.dev, resolved: [], active: false }
  const iface = st.ifaces[hop.dev]
  if (hop.kind === 'blackhole' || hop.kind === 'reject') return { ...plain, active: true }
  if (entry.type === 'kernel' && iface?.up) return { ...plain, dev: hop.dev, active: true }
  if (hop.kind === 'dev' || hop.onlink) return { ...plain, active: isOperative(iface) }
  if (dest.prefix === 32 && hop.gateway === dest.dst) return plain
  const match = matchSelected(st, hop.gateway, dest)
  if (!match) return plain
  const inner = st.nhes[match.nhe]?.hops ?? []
  if (match.type === 'connected') {
    const out = connectedBy(st, hop, inner[0])
    return out === undefined || (hop.kind === 'gateway-dev' && out !== hop.dev)
      ? plain
      : { ...plain, dev: out, active: true }
  }
  // Only static routes may lead to their gateway by another route (ZEBRA_FLAG_ALLOW_RECURSION).
  if (entry.type !== 'static' || !match.installed) return plain
  const resolved = inner.flatMap((one) => (one.resolved.length > 0 ? one.resolved : [one]))
  const usable = resolved.filter((one) => one.active && (hop.kind !== 'gateway-dev' || one.dev === hop.dev))
  if (usable.length === 0) return plain
  return { ...plain, active: true, resolved: usable.map((one) => inherit(one, hop)) }
}

/** What a recursive next hop is installed as (nexthop_set_resolved): a bare route out of a device keeps the gateway. */
function inherit(via: Hop, hop: Hop): Hop {
  if (via.kind === 'blackhole' || via.kind === 'reject') return via
  const gateway = via.gateway !== 0 ? via.gateway : hop.gateway
  return { ...via, kind: 'gateway-dev', gateway, onlink: via.gateway === 0, src: 0 as Ip4 }
}

/** Interface of a connected route to the gateway; among several the one asked for (zebra_nhg_connected_ifindex). */
function connectedBy(st: ZebraState, hop: Hop, via: Hop | undefined): string | undefined {
  if (hop.kind !== 'gateway-dev') return via?.dev
  const own = st.ifaces[hop.dev]?.addrs.some((addr) => inPrefix(hop.gateway, addr.ip, addr.prefix))
  return own ? hop.dev : via?.dev
}

/** The chosen route to an address, other than the default route where that is not allowed, and never the asking one. */
export function matchSelected(st: ZebraState, ip: Ip4, asking?: Dest): Entry | undefined {
  for (let prefix = 32; prefix >= 0; prefix--) {
    const net = networkOf(ip, prefix)
    const dest = st.dests[keyOf(net, prefix)]
    if (!dest) continue
    if (asking && dest === asking && prefix !== 32) return undefined
    if (prefix === 0 && !st.config.resolveViaDefault) return undefined
    const chosen = dest.entries.find((entry) => entry.selected && !entry.removed)
    if (chosen) return chosen
  }
  return undefined
}
