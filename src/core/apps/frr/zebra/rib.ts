/**
 * The routing table of all sources (zebra/zebra_rib.c): entries by prefix, choice of the best, changes to the kernel.
 * What an event brings is queued and looked at once at its end, in zebra's order of sources (the meta queue).
 */
import { formatIp4, type Ip4, type Pid } from '../../../base/ids.ts'
import type { Sys } from '../../sys.ts'
import type { RibType, ZapiRoute } from '../zapi.ts'
import { uninstallRoute, installRoute } from './install.ts'
import { leaveGroup, updateActive, useGroup } from './resolve.ts'
import { type Dest, type Entry, type Hop, keyOf, type ZebraState } from './types.ts'

export interface Offer {
  dst: Ip4
  prefix: number
  type: RibType
  distance: number
  metric: number
  tag: number
  from: Pid
  hops: readonly Hop[]
}

/** Next hops of a client's route, in zebra's order: by kind, then gateway, then interface (nexthop_group_add_sorted). */
export function hopsOf(route: ZapiRoute): readonly Hop[] {
  const base = { weight: 1, onlink: false, active: false, src: 0 as Ip4, resolved: [] }
  if (route.blackhole !== undefined) return [{ ...base, kind: route.blackhole, gateway: 0 as Ip4, dev: '' }]
  const hops = route.nexthops.map(({ gateway, dev, weight = 1, onlink = false }): Hop => {
    const kind = gateway === 0 ? 'dev' : dev === '' ? 'gateway' : 'gateway-dev'
    return { ...base, kind, gateway, dev, weight, onlink }
  })
  return hops.sort((a, b) => a.gateway - b.gateway || (a.dev < b.dev ? -1 : a.dev > b.dev ? 1 : 0))
}

/** Same source: one replaces the other (rib_compare_routes). */
function isSame(st: ZebraState, entry: Entry, offer: Offer): boolean {
  if (entry.type !== offer.type || entry.removed) return false
  if (entry.type === 'kernel') return entry.metric === offer.metric
  if (entry.type === 'static') return entry.distance === offer.distance
  if (entry.type !== 'connected') return true
  return st.nhes[entry.nhe]?.hops[0]?.dev === offer.hops[0]?.dev
}

/** A source offers a route (rib_add_multipath). */
export function addRoute(sys: Sys, st: ZebraState, offer: Offer): void {
  const { dst, prefix, type, distance, metric, tag, from } = offer
  const key = keyOf(dst, prefix)
  const dest = (st.dests[key] ??= { dst, prefix, entries: [] })
  const entry: Entry = {
    ...{ type, distance, metric, tag, from, nhe: 0, since: sys.now },
    ...{ changed: true, removed: false, selected: false, installed: false },
  }
  useGroup(sys, st, entry, offer.hops)
  for (const old of dest.entries) if (isSame(st, old, offer)) old.removed = true
  dest.entries.unshift(entry)
  enqueue(st, key)
}

/** A source takes routes to a prefix back (rib_delete); `which` says which of its entries. */
export function deleteRoute(
  st: ZebraState,
  { dst, prefix }: { dst: Ip4; prefix: number },
  which: (entry: Entry) => boolean,
): void {
  const key = keyOf(dst, prefix)
  const found = st.dests[key]?.entries.find((entry) => !entry.removed && which(entry))
  if (!found) return
  found.removed = true
  enqueue(st, key)
}

export function enqueue(st: ZebraState, key: string): void {
  st.queue[key] = true
}

/** Sub-queues of the meta queue: connected, kernel, static, the rest. */
const RANK: Readonly<Record<RibType, number>> = { connected: 0, kernel: 1, static: 2, ospf: 3 }

function rankOf(dest: Dest | undefined): number {
  return Math.min(3, ...(dest?.entries ?? []).filter((e) => e.changed || e.removed).map((e) => RANK[e.type]))
}

/** Look at all that is queued. Returns the prefixes whose chosen route changed. */
export function processQueue(sys: Sys, st: ZebraState): Dest[] {
  const moved: Dest[] = []
  for (let keys = Object.keys(st.queue); keys.length > 0; keys = Object.keys(st.queue)) {
    st.queue = {}
    const ranked = keys.map((key) => ({ key, rank: rankOf(st.dests[key]) })).sort((a, b) => a.rank - b.rank)
    for (const { key } of ranked) {
      const dest = st.dests[key]
      if (!dest) continue
      if (processDest(sys, st, dest)) moved.push(dest)
      if (dest.entries.length === 0) Reflect.deleteProperty(st.dests, key)
    }
  }
  return moved
}

/** rib_process: choose, install, forget. True: the chosen route is another one, or has other next hops. */
function processDest(sys: Sys, st: ZebraState, dest: Dest): boolean {
  const old = dest.entries.find((entry) => entry.selected)
  let best: Entry | undefined
  for (const entry of dest.entries) {
    if (entry.removed) continue
    const active = entry.changed ? updateActive(sys, st, dest, entry) : activeOf(st, entry)
    if (active === 0 || entry.distance === 255) continue
    best = better(st, best, entry)
  }
  for (const entry of dest.entries) if (entry !== best) entry.changed = false
  const isChanged = best !== undefined && best.changed
  if (old && old !== best) old.selected = false
  if (best) best.selected = true
  if (best && (best !== old || isChanged || !best.installed)) installRoute(sys, st, dest, best, old)
  else if (!best && old) uninstallRoute(sys, dest, old)
  if (best) best.changed = false
  if (old !== best) noteChoice(sys, st, dest, best, old)
  for (const entry of dest.entries)
    if (entry.removed && entry.nhe !== 0) leaveGroup(sys, st, entry, entry.nhe)
  dest.entries = dest.entries.filter((entry) => !entry.removed)
  return old !== best || isChanged
}

function activeOf(st: ZebraState, entry: Entry): number {
  return (st.nhes[entry.nhe]?.hops ?? []).filter((hop) => hop.active).length
}

/** rib_choose_best: connected first, then distance, then metric; the oldest (last) wins a tie. */
function better(st: ZebraState, current: Entry | undefined, other: Entry): Entry {
  if (!current) return other
  if (other.type === 'connected') {
    if (current.type !== 'connected' || isLoopback(st, other)) return other
    return isLoopback(st, current) || other.metric > current.metric ? current : other
  }
  if (current.type === 'connected') return current
  if (other.distance !== current.distance) return other.distance < current.distance ? other : current
  return other.metric <= current.metric ? other : current
}

function isLoopback(st: ZebraState, entry: Entry): boolean {
  return (st.nhes[entry.nhe]?.hops ?? []).some((hop) => st.ifaces[hop.dev]?.loopback)
}

function noteChoice(
  sys: Sys,
  st: ZebraState,
  dest: Dest,
  best: Entry | undefined,
  old: Entry | undefined,
): void {
  const { dst, prefix } = dest
  const via = (st.nhes[best?.nhe ?? 0]?.hops ?? []).filter((hop) => hop.active)
  const others = dest.entries.filter((entry) => entry !== best && !entry.removed)
  const why =
    best === undefined ? 'gone' : old === undefined && others.length === 0 ? 'only' : reasonOf(best, others)
  const hops = via.map(({ gateway, dev }) => ({ gateway, dev }))
  const [from, distance] = best ? [best.type, best.distance] : [old?.type ?? '', old?.distance ?? 0]
  sys.note({ kind: 'rib', pid: sys.pid, dst, prefix, from, distance, metric: best?.metric ?? 0, hops, why })
}

function reasonOf(best: Entry, others: readonly Entry[]): 'only' | 'connected' | 'distance' | 'metric' {
  if (others.length === 0) return 'only'
  if (best.type === 'connected') return 'connected'
  return others.some((other) => other.distance === best.distance) ? 'metric' : 'distance'
}

/** '172.16.253.100/32'. */
export function prefixText({ dst, prefix }: { dst: Ip4; prefix: number }): string {
  return `${formatIp4(dst)}/${prefix}`
}
