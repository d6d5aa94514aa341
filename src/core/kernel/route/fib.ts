import { inPrefix } from '../../base/cidr.ts'
import type { Ip4 } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Host } from '../host.ts'
import type { Errno } from '../netlink.ts'
import type { Route } from './types.ts'

/**
 * The forwarding information base: two tables, `local` asked before `main` (rules 0 and 32766). Each table is kept
 * sorted, longest prefix first, then lowest metric, then order of arrival, so that the first match is the best.
 */
export function addRoute(host: Host, route: Route): void {
  const table = host[route.table]
  let at = table.findIndex(
    (r) => r.prefix < route.prefix || (r.prefix === route.prefix && r.metric > route.metric),
  )
  if (at < 0) at = table.length
  table.splice(at, 0, route)
  host.routeGen++
}

/** `ip route add`: refused with EEXIST when a route of this prefix and metric is there (NLM_F_EXCL). */
export function addRouteExclusive(host: Host, route: Route): Result<void, Errno> {
  if (host[route.table].some((r) => sameKey(r, route))) return bad('EEXIST')
  addRoute(host, route)
  return ok(undefined)
}

export function replaceRoute(host: Host, route: Route): void {
  const table = host[route.table]
  const at = table.findIndex((r) => sameKey(r, route))
  if (at < 0) return addRoute(host, route)
  table[at] = route
  host.routeGen++
}

/** `ip route del`: the first route that matches what is given. ESRCH when there is none. */
export function deleteRoute(
  host: Host,
  want: Pick<Route, 'dst' | 'prefix' | 'nexthops' | 'table'> & { metric: number },
): Result<void, Errno> {
  const table = host[want.table]
  const hop = want.nexthops[0]
  const at = table.findIndex(
    (r) =>
      r.dst === want.dst &&
      r.prefix === want.prefix &&
      (want.metric === 0 || r.metric === want.metric) &&
      (!hop ||
        r.nexthops.some(
          (n) => (hop.gateway === 0 || n.gateway === hop.gateway) && (hop.dev === '' || n.dev === hop.dev),
        )),
  )
  if (at < 0) return bad('ESRCH')
  table.splice(at, 1)
  host.routeGen++
  return ok(undefined)
}

export function deleteRoutesWhere(host: Host, unwanted: (route: Route) => boolean): void {
  host.local = host.local.filter((r) => !unwanted(r))
  host.main = host.main.filter((r) => !unwanted(r))
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

/** The best route over both tables. */
export function lookupFib(host: Host, dst: Ip4): Route | undefined {
  return lookupTable(host.local, dst) ?? lookupTable(host.main, dst)
}

/** What kind of address this is for the host (inet_addr_type). */
export function addressType(host: Host, ip: Ip4): 'local' | 'broadcast' | 'multicast' | 'unicast' {
  if (ip >>> 28 === 14) return 'multicast'
  if (ip === 0xffffffff || ip === 0) return 'broadcast'
  const type = lookupTable(host.local, ip)?.type
  return type === 'local' || type === 'broadcast' ? type : 'unicast'
}
