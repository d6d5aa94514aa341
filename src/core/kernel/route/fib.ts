import { inPrefix } from '../../base/cidr.ts'
import type { Ip4 } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Host } from '../host.ts'
import type { Errno } from '../netlink.ts'
import { orConf } from '../sysctl/max.ts'
import { hopsOf } from './nexthop-object.ts'
import { DEFAULT_RULES, isRuleMatched, type Rule } from './rule.ts'
import type { Flow, NextHop, Route } from './types.ts'

/**
 * The forwarding information base: tables `local` and `main`, others by name or number, and the policy rules that say
 * which is asked when. Each table is kept sorted, longest prefix first, then lowest metric, then order of arrival, so
 * that the first match is the best. Simplified: without policy rules Linux searches local and main as one trie, here
 * local comes first; routes of main inside a prefix of local (127.0.0.0/8) are never found.
 */
export function tableOf(host: Host, name: string): Route[] {
  if (name === 'main') return host.main
  if (name === 'local') return host.local
  return host.tables[name] ?? []
}

function setTable(host: Host, name: string, routes: Route[]): void {
  if (name === 'main') host.main = routes
  else if (name === 'local') host.local = routes
  else if (routes.length > 0) host.tables[name] = routes
  else Reflect.deleteProperty(host.tables, name)
}

export function addRoute(host: Host, route: Route): void {
  const table = tableOf(host, route.table)
  let at = table.findIndex(
    (r) => r.prefix < route.prefix || (r.prefix === route.prefix && r.metric > route.metric),
  )
  if (at < 0) at = table.length
  table.splice(at, 0, route)
  setTable(host, route.table, table)
  host.routeGen++
}

/** `ip route add`: refused with EEXIST when a route of this prefix and metric is there (NLM_F_EXCL). */
export function addRouteExclusive(host: Host, route: Route): Result<void, Errno> {
  if (tableOf(host, route.table).some((r) => sameKey(r, route))) return bad('EEXIST')
  addRoute(host, route)
  return ok(undefined)
}

export function replaceRoute(host: Host, route: Route): void {
  const table = tableOf(host, route.table)
  const at = table.findIndex((r) => sameKey(r, route))
  if (at < 0) return addRoute(host, route)
  table[at] = route
  host.routeGen++
}

/** `ip route del`: the first route that matches what is given. ESRCH when there is none. */
export function deleteRoute(
  host: Host,
  want: Pick<Route, 'dst' | 'prefix' | 'nexthops' | 'table' | 'nhid'> & { metric: number },
): Result<void, Errno> {
  const table = tableOf(host, want.table)
  const hop = want.nexthops[0]
  const at = table.findIndex(
    (r) =>
      r.dst === want.dst &&
      r.prefix === want.prefix &&
      (want.metric === 0 || r.metric === want.metric) &&
      (want.nhid === undefined || r.nhid === want.nhid) &&
      (!hop ||
        r.nexthops.some(
          (n) => (hop.gateway === 0 || n.gateway === hop.gateway) && (hop.dev === '' || n.dev === hop.dev),
        )),
  )
  if (at < 0) return bad('ESRCH')
  table.splice(at, 1)
  setTable(host, want.table, table)
  host.routeGen++
  return ok(undefined)
}

export function deleteRoutesWhere(host: Host, unwanted: (route: Route) => boolean): void {
  host.local = host.local.filter((r) => !unwanted(r))
  host.main = host.main.filter((r) => !unwanted(r))
  for (const name in host.tables)
    setTable(
      host,
      name,
      tableOf(host, name).filter((r) => !unwanted(r)),
    )
  host.routeGen++
}

function sameKey(a: Route, b: Route): boolean {
  return a.dst === b.dst && a.prefix === b.prefix && a.metric === b.metric
}

/** Longest-prefix match in one table. */
export function lookupTable(table: readonly Route[], dst: Ip4): Route | undefined {
  for (const route of table) if (inPrefix(dst, route.dst, route.prefix)) return route
  return undefined
}

/** Where a route leads: its own next hops, or those of the object it names. */
export function nextHopsOf(host: Host, route: Route): readonly NextHop[] {
  if (route.nhid === undefined) return route.nexthops
  const object = host.nexthops[route.nhid]
  return object ? hopsOf(host.nexthops, object) : []
}

/** The best route of one table that can be used for this flow (fib_table_lookup). */
function lookupUsable(host: Host, table: readonly Route[], flow: Flow, suppress: number): Route | undefined {
  for (const route of table) {
    if (!inPrefix(flow.dst, route.dst, route.prefix) || route.prefix <= suppress) continue
    if (isUsable(host, route, flow)) return route
  }
  return undefined
}

/** One next hop at least is alive, and on the interface that is asked for. */
function isUsable(host: Host, route: Route, flow: Flow): boolean {
  const hops = nextHopsOf(host, route)
  if (hops.length === 0) return true
  for (const hop of hops) {
    const dev = host.devs[hop.dev]
    if (!dev?.up || hop.dead === true || (flow.oif !== undefined && flow.oif !== hop.dev)) continue
    if (dev.carrier || !orConf(host, hop.dev, 'ignore_routes_with_linkdown')) return true
  }
  return false
}

/** The best route for a flow, by the policy rules if there are any (fib_lookup). */
export function lookupFlow(host: Host, flow: Flow): Route | undefined {
  if (host.rules === null) {
    return lookupUsable(host, host.local, flow, -1) ?? lookupUsable(host, host.main, flow, -1)
  }
  for (const rule of host.rules) {
    if (!isRuleMatched(rule, flow)) continue
    const route =
      rule.action === 'lookup'
        ? lookupUsable(host, tableOf(host, rule.table), flow, rule.suppress)
        : verdictOf(rule, rule.action)
    if (route && route.type !== 'throw') return route
  }
  return undefined
}

/** A rule that ends the search itself, as a route. */
function verdictOf(rule: Rule, type: 'blackhole' | 'unreachable' | 'prohibit'): Route {
  const dst = 0 as Ip4
  const empty = { metric: 0, prefsrc: 0 as Ip4, nexthops: [] }
  return { dst, prefix: 0, type, scope: 'global', proto: 'kernel', table: rule.table, byRule: true, ...empty }
}

/** The rules as they are. */
export function rulesOf(host: Host): readonly Rule[] {
  return host.rules ?? DEFAULT_RULES
}

/** The best route to an address, nothing else being known of the packet. */
export function lookupFib(host: Host, dst: Ip4): Route | undefined {
  return lookupFlow(host, { dst, src: 0 as Ip4, proto: 0, sport: 0, dport: 0 })
}

/** What kind of address this is for the host (inet_addr_type). */
export function addressType(host: Host, ip: Ip4): 'local' | 'broadcast' | 'multicast' | 'unicast' {
  if (ip >>> 28 === 14) return 'multicast'
  if (ip === 0xffffffff || ip === 0) return 'broadcast'
  const type = lookupTable(host.local, ip)?.type
  return type === 'local' || type === 'broadcast' ? type : 'unicast'
}
