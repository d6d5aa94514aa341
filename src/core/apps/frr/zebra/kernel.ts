/** Routes that others put into the kernel (netlink_route_change in zebra/rt_netlink.c), and ours that others took out. */
import type { Ip4 } from '../../../base/ids.ts'
import type { NextHop, Route, RouteType } from '../../../kernel/route/types.ts'
import type { NetChange } from '../../../kernel/net-change.ts'
import type { Sys } from '../../sys.ts'
import { installRoute, isSystem } from './install.ts'
import { KEEP_NS } from './nhg.ts'
import { addRoute, deleteRoute } from './rib.ts'
import { type Entry, type Hop, keyOf, type ZebraState } from './types.ts'

type RouteFacts = Pick<Route, 'dst' | 'prefix' | 'type' | 'proto' | 'metric'> & {
  nexthops: readonly NextHop[]
  nhid?: number | undefined
}

const METRIC_BITS = 24
const BASE = { onlink: false, active: false, src: 0 as Ip4, resolved: [] } as const

/** Ours (is_selfroute): the kernel numbers static routes by hand and those of FRR differently; here next-hop ids tell. */
function isOwn(route: RouteFacts): boolean {
  return (
    route.proto === 'ospf' ||
    route.proto === 'zebra' ||
    (route.proto === 'static' && route.nhid !== undefined)
  )
}

/** At start: the kernel's routes and next-hop objects. Ids that are taken there are not given again. */
export function readRoutes(sys: Sys, st: ZebraState): void {
  st.lastNhe = Math.max(st.lastNhe, ...Object.values(sys.nexthops()).map((object) => object.id))
  for (const route of sys.routes()) if (!isOwn(route)) learn(sys, st, route)
}

/**
 * What an earlier life left in the kernel goes (rib_sweep_route, zebra_nhg_sweep_table; without `-K` at once). Next-hop
 * objects that its routes used are kept for a while, as all that were in use.
 */
export function sweep(sys: Sys, st: ZebraState): void {
  const used: number[] = []
  for (const route of sys.routes().slice()) {
    if (!isOwn(route) || isPresent(st, route)) continue
    if (route.nhid !== undefined) used.push(route.nhid)
    sys.netlink({ op: 'route.del', ...specOf(route) })
  }
  const objects = Object.values(sys.nexthops()).filter((one) => one.proto === 'zebra' && !st.nhes[one.id])
  const parts = objects
    .filter((one) => used.includes(one.id))
    .flatMap((one) => one.group.map((part) => part.id))
  for (const { id } of objects) {
    if (used.includes(id) || parts.includes(id)) sys.sleep(`stale ${id}`, KEEP_NS)
    else sys.netlink({ op: 'nexthop.del', id })
  }
}

function isPresent(st: ZebraState, { dst, prefix, proto }: RouteFacts): boolean {
  return (
    st.dests[keyOf(dst, prefix)]?.entries.some((entry) => entry.installed && entry.type === proto) ?? false
  )
}

function specOf({ dst, prefix, type, proto, metric, nhid }: RouteFacts) {
  const base = { dst, prefix, type, proto, metric, prefsrc: 0 as Ip4, nexthops: [] }
  return nhid === undefined ? base : { ...base, nhid }
}

/**
 * A route has come or gone: the prefix is compared with what the kernel has now. What this process did itself is known
 * already.
 */
export function routeChanged(sys: Sys, st: ZebraState, change: Extract<NetChange, { what: 'route' }>): void {
  if (change.by === sys.pid || change.table !== 'main') return
  const { dst, prefix } = change
  const routes = sys.routes().filter((route) => route.dst === dst && route.prefix === prefix)
  const dest = st.dests[keyOf(dst, prefix)]
  const chosen = dest?.entries.find((entry) => entry.selected && !entry.removed)
  // Somebody else took a route of ours out: it goes in again (rib_delete with fromkernel).
  const isOurs = chosen !== undefined && !isSystem(chosen)
  if (dest && isOurs && !routes.some((route) => isOwn(route))) installRoute(sys, st, dest, chosen, undefined)
  const foreign = routes.filter((route) => !isOwn(route))
  for (const entry of dest?.entries ?? []) {
    const isThere = foreign.some((route) => isFrom(route.metric, entry))
    if (entry.type === 'kernel' && !isThere) deleteRoute(st, change, (one) => one === entry)
  }
  if (!change.gone) for (const route of foreign) if (!isKnown(st, route)) learn(sys, st, route)
}

function isFrom(metric: number, entry: Entry): boolean {
  const own = split(metric)
  return own.metric === entry.metric && own.distance === entry.distance
}

/** The same route with the same next hops. */
function isKnown(st: ZebraState, route: RouteFacts): boolean {
  const dest = st.dests[keyOf(route.dst, route.prefix)]
  const entry = dest?.entries.find(
    (one) => one.type === 'kernel' && !one.removed && isFrom(route.metric, one),
  )
  const hops = entry ? (st.nhes[entry.nhe]?.hops ?? []) : []
  if (!entry || hops.length !== Math.max(1, route.nexthops.length)) return false
  return route.nexthops.every(({ gateway, dev }) =>
    hops.some((hop) => hop.gateway === gateway && hop.dev === dev),
  )
}

function learn(sys: Sys, st: ZebraState, route: RouteFacts): void {
  const { dst, prefix, proto } = route
  const hops = hopsOf(sys, route)
  if (proto === 'kernel' || proto === 'redirect' || hops.length === 0) return
  const { distance, metric } = split(route.metric)
  addRoute(sys, st, { dst, prefix, type: 'kernel', distance, metric, tag: 0, from: 0, hops })
}

/** The upper byte of a kernel route's metric is read as its administrative distance. */
function split(metric: number): { distance: number; metric: number } {
  return { distance: metric >>> METRIC_BITS, metric: metric & 0xffffff }
}

function hopsOf(sys: Sys, route: RouteFacts): readonly Hop[] {
  const none = blackholeOf(route.type)
  if (none) return [{ ...BASE, kind: none, gateway: 0 as Ip4, dev: '', weight: 0 }]
  if (route.type !== 'unicast') return []
  const object = route.nhid === undefined ? undefined : sys.nexthops()[route.nhid]
  const hops = object?.hop ? [object.hop] : route.nexthops
  // A single next hop carries no weight.
  const many = hops.length > 1
  return hops
    .map(({ gateway, dev, weight, onlink = false }): Hop => {
      const kind = gateway === 0 ? 'dev' : 'gateway-dev'
      return { ...BASE, kind, gateway, dev, weight: many ? weight : 0, onlink }
    })
    .sort((a, b) => a.gateway - b.gateway)
}

function blackholeOf(type: RouteType): 'blackhole' | 'reject' | undefined {
  if (type === 'blackhole') return 'blackhole'
  return type === 'unreachable' || type === 'prohibit' ? 'reject' : undefined
}
