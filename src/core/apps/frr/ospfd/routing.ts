import { inPrefix, networkOf, prefixOfMask } from '../../../base/cidr.ts'
import { type Ip4, SEC } from '../../../base/ids.ts'
import { readExternalLsa } from '../../../wire/ospf-lsa.ts'
import type { ZapiNexthop, ZapiRoute } from '../zapi.ts'
import { isMaxAge } from './lsdb.ts'
import { note, type Run } from './run.ts'
import { calculateSpf } from './spf.ts'
import type { Lsa, Ospf, Route } from './types.ts'

const LS_INFINITY = 0xffffff

/** The timer of the calculation has fired (ospf_spf_calculate_schedule_worker). */
export function runSpf(run: Run): void {
  const { o, now } = run
  o.spf.at = 0
  const routes: Route[] = []
  o.routers = []
  let vertices = 0
  for (const area of o.areas) {
    const oifs = o.oifs.filter((oif) => oif.area === area.id)
    const result = calculateSpf({ area, routerId: o.routerId, oifs, now })
    for (const route of result.routes) {
      if (!routes.some((one) => samePrefix(one, route))) routes.push(Object.freeze(route))
    }
    o.routers.push(...result.routers)
    area.spfRuns += 1
    vertices += result.vertices
  }
  routes.sort((a, b) => a.ip - b.ip || a.prefix - b.prefix)
  install(run, o.routes, routes)
  o.routes = routes
  o.spf.lastAt = now
  const why = o.spf.reasons.join(', ')
  o.spf.reasons = []
  note(run, { kind: 'ospf.spf', why, vertices, routes: routes.length })
  // ospf_ase_calculate_timer_add; with nothing to work out it is left out.
  if (o.external.length > 0 || o.extRoutes.length > 0) o.spf.externalAt = now + SEC
}

/** AS-external routes (RFC 2328 16.4, ospf_ase_calculate_timer). */
export function runExternal(run: Run): void {
  const { o } = run
  o.spf.externalAt = 0
  const found: Route[] = []
  for (const lsa of o.external) {
    const route = externalRoute(run, lsa)
    if (!route || o.routes.some((one) => samePrefix(one, route))) continue
    const at = found.findIndex((one) => samePrefix(one, route))
    const old = found[at]
    const order = old ? compareExternal(route, old) : -1
    if (!old) found.push(route)
    else if (order < 0) found[at] = route
    else if (order === 0) found[at] = { ...old, nexthops: [...old.nexthops, ...fresh(route, old)] }
  }
  const routes = found.map((route) => Object.freeze(route))
  install(run, o.extRoutes, routes)
  o.extRoutes = routes
}

function fresh(route: Route, old: Route): ZapiNexthop[] {
  return route.nexthops.filter(
    (hop) => !old.nexthops.some((one) => one.gateway === hop.gateway && one.dev === hop.dev),
  )
}

function compareExternal(a: Route, b: Route): number {
  return rankOf(a) - rankOf(b) || a.cost2 - b.cost2 || a.cost - b.cost
}

/** Type 1 before type 2. */
function rankOf(route: Route): number {
  return route.type === 'ext1' ? 1 : 2
}

function externalRoute(run: Run, lsa: Lsa): Route | undefined {
  if (lsa.self || isMaxAge(lsa, run.now)) return undefined
  const body = readExternalLsa(lsa.bytes)
  const asbr = run.o.routers.find((one) => one.id === lsa.adv && (one.flags & 2) !== 0)
  if (!asbr || body.metric >= LS_INFINITY) return undefined
  const over = body.forward === 0 ? asbr : forwarding(run.o, body.forward)
  if (!over) return undefined
  const nexthops = over.nexthops.map((hop) =>
    hop.gateway === 0 && body.forward !== 0 ? { ...hop, gateway: body.forward } : hop,
  )
  const prefix = prefixOfMask(body.mask) ?? 0
  const ip = networkOf(lsa.id, prefix)
  const base = { ip, prefix, tag: body.tag, area: asbr.area, nexthops }
  if (body.metricType === 1) return { ...base, type: 'ext1', cost: over.cost + body.metric, cost2: 0 }
  return { ...base, type: 'ext2', cost: over.cost, cost2: body.metric }
}

/** The route of OSPF's own to a forwarding address. */
function forwarding(o: Ospf, to: Ip4): Route | undefined {
  let best: Route | undefined
  for (const route of o.routes) {
    if (inPrefix(to, route.ip, route.prefix) && (!best || route.prefix > best.prefix)) best = route
  }
  return best
}

/** Tell zebra what is gone and what is new or different (ospf_route_install). */
function install(run: Run, old: readonly Route[], routes: readonly Route[]): void {
  const gone = old.filter((route) => !routes.some((one) => samePrefix(one, route)))
  const changed = routes.filter((route) => !old.some((one) => isSame(one, route)))
  const told = [...gone.map(withdraw), ...changed.map((route) => announce(run, route))]
  if (told.length > 0) run.out.push({ do: 'route', routes: told })
}

/** ospfd ends, or lets go of everything: all routes are withdrawn. */
export function withdrawAll(run: Run): void {
  install(run, run.o.routes, [])
  install(run, run.o.extRoutes, [])
  run.o.routes = []
  run.o.extRoutes = []
}

function announce(run: Run, route: Route): ZapiRoute {
  const metric = route.type === 'ext2' ? route.cost2 : route.cost
  return Object.freeze({
    dst: route.ip,
    prefix: route.prefix,
    type: 'ospf' as const,
    distance: run.o.conf.distance,
    metric,
    nexthops: Object.freeze(route.nexthops.slice(0, run.o.conf.maxPaths)),
    ...(route.tag > 0 ? { tag: route.tag } : {}),
  })
}

function withdraw(route: Route): ZapiRoute {
  const { ip: dst, prefix } = route
  return Object.freeze({
    dst,
    prefix,
    type: 'ospf' as const,
    distance: 0,
    metric: 0,
    nexthops: Object.freeze([]),
    remove: true as const,
  })
}

function samePrefix(a: Route, b: Route): boolean {
  return a.ip === b.ip && a.prefix === b.prefix
}

function isSame(a: Route, b: Route): boolean {
  return (
    a.changed !== true &&
    samePrefix(a, b) &&
    a.type === b.type &&
    a.cost === b.cost &&
    a.cost2 === b.cost2 &&
    a.tag === b.tag &&
    a.nexthops.length === b.nexthops.length &&
    a.nexthops.every((hop, i) => hop.gateway === b.nexthops[i]?.gateway && hop.dev === b.nexthops[i].dev)
  )
}
