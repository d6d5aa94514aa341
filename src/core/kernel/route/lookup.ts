import { IP_BROADCAST, type Ip4, isMulticast } from '../../base/ids.ts'
import { nextU32 } from '../../base/prng.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Ctx } from '../ctx.ts'
import { selectSource } from '../dev/address.ts'
import type { Host } from '../host.ts'
import type { Errno } from '../netlink.ts'
import { addressType, lookupFib } from './fib.ts'
import { multipathHash, type HashFlow } from './multipath-hash.ts'
import { boundsOf, isGoodNeigh, selectNextHop } from './multipath-select.ts'
import type { Dst, Flow, NextHop, Route } from './types.ts'

/**
 * Route look-ups (net/ipv4/route.c, fib_semantics.c). Simplified: classic multipath routes only (no nexthop objects),
 * tables local and main only (no policy rules), no cached exceptions (PMTU, redirects).
 */

/** Who asks: a packet that came in, a flow of our own, or `ip route get` (hashed like a packet that came in). */
type Path = 'fwd' | 'local' | 'get'

/** How a multipath choice came about; undefined for routes with one next hop. */
export interface Choice {
  policy: number
  /** 31 bits: what is compared with the bounds. */
  hash: number
  bounds: number[]
  pick: number
  bySource: boolean
}

export interface Found {
  dst: Dst
  route: Route
  choice?: Choice
}

/** Route of a packet or connection of our own. Errors as connect(2) reports them. */
export function routeOutput(host: Host, flow: Flow, ctx: Ctx): Result<Dst, Errno> {
  if (flow.src !== 0 && !isUsableSource(host, flow.src)) return bad('ENETUNREACH')
  let asked = flow
  if (flow.proto === 6 && flow.src === 0) {
    // tcp_v4_connect looks up twice: once to learn the source address, once with it.
    const first = findRoute(host, flow, 'local')
    if (!first.ok) return noteMissing(host, flow, ctx, first.error)
    asked = { ...flow, src: first.value.dst.prefsrc }
  }
  const randomPort = asked.anyPort === true && hashesSourcePort(host)
  if (randomPort) asked = { ...asked, sport: nextU32(host.rng) & 0xffff }
  const found = findRoute(host, asked, 'local')
  if (!found.ok) return noteMissing(host, asked, ctx, found.error)
  noteRoute(host, asked, found.value, ctx, false, randomPort)
  return ok(found.value.dst)
}

/** `ip route get`: no notes, no randomness. */
export function routeGet(host: Host, flow: Flow): Result<Found, Errno> {
  if (flow.src !== 0 && !isUsableSource(host, flow.src)) return bad('ENETUNREACH')
  return findRoute(host, flow, 'get')
}

/** A random port stands in for the unbound one only where the policy looks at source ports. */
function hashesSourcePort(host: Host): boolean {
  const { ipv4 } = host.sysctl
  const policy = ipv4['fib_multipath_hash_policy']
  return policy === 1 || (policy === 3 && ((ipv4['fib_multipath_hash_fields'] ?? 0) & 0x10) !== 0)
}

function isUsableSource(host: Host, src: Ip4): boolean {
  return addressType(host, src) === 'local' || (host.sysctl.ipv4['ip_nonlocal_bind'] ?? 0) > 0
}

/** Table look-up and next-hop choice. */
export function findRoute(host: Host, flow: Flow, path: Path, hashed?: HashFlow): Result<Found, Errno> {
  const { dst } = flow
  if (isMulticast(dst) || dst === IP_BROADCAST) return directRoute(host, flow)
  const route = lookupFib(host, dst)
  if (!route) return flow.oif === undefined ? bad('ENETUNREACH') : directRoute(host, flow)
  switch (route.type) {
    case 'unreachable':
      return bad('EHOSTUNREACH')
    case 'blackhole':
      return bad('EINVAL')
    case 'prohibit':
      return bad('EACCES')
    case 'local': {
      const prefsrc = flow.src !== 0 ? flow.src : route.prefsrc !== 0 ? route.prefsrc : dst
      return ok({ route, dst: { type: 'local', dev: 'lo', nexthop: dst, gateway: 0 as Ip4, prefsrc } })
    }
    case 'broadcast':
    case 'unicast':
      return viaNextHop(host, route, flow, path, hashed)
  }
}

function viaNextHop(
  host: Host,
  route: Route,
  flow: Flow,
  path: Path,
  hashed?: HashFlow,
): Result<Found, Errno> {
  const alive = route.nexthops.map((hop) => host.devs[hop.dev]?.up === true)
  let index = alive.indexOf(true)
  if (index < 0) return bad('ENETUNREACH')
  let choice: Choice | undefined
  if (flow.oif !== undefined) {
    index = route.nexthops.findIndex((hop, i) => alive[i] === true && hop.dev === flow.oif)
    if (index < 0) return directRoute(host, flow)
  } else if (route.nexthops.length > 1) {
    choice = chooseHop(host, route, flow, path, alive, hashed)
    index = choice.pick
  }
  const hop = route.nexthops[index]
  if (!hop) return bad('ENETUNREACH')
  const prefsrc = flow.src !== 0 ? flow.src : sourceFor(host, route, hop, flow.dst)
  const nexthop = hop.gateway === 0 ? flow.dst : hop.gateway
  const dst: Dst = {
    type: route.type === 'broadcast' ? 'broadcast' : 'unicast',
    dev: hop.dev,
    nexthop,
    gateway: hop.gateway,
    prefsrc,
  }
  return ok(choice ? { route, dst, choice } : { route, dst })
}

/** Source address that goes with a next hop: the route's own, else one of the outgoing interface. */
function sourceFor(host: Host, route: Route, hop: NextHop, dst: Ip4): Ip4 {
  if (route.prefsrc !== 0) return route.prefsrc
  return selectSource(host, hop.dev, hop.gateway === 0 ? dst : hop.gateway)
}

function chooseHop(
  host: Host,
  route: Route,
  flow: Flow,
  path: Path,
  alive: boolean[],
  hashed?: HashFlow,
): Choice {
  const { ipv4 } = host.sysctl
  const policy = ipv4['fib_multipath_hash_policy'] ?? 0
  const hash32 = multipathHash({
    policy,
    fields: ipv4['fib_multipath_hash_fields'] ?? 7,
    seed: hashSeed(host),
    path: path === 'local' ? 'local' : 'fwd',
    ...(hashed ?? { outer: flow }),
  })
  const hash = hash32 >>> 1
  const bounds = boundsOf(
    route.nexthops.map((hop) => hop.weight),
    alive,
  )
  const local = path === 'local'
  const picked = selectNextHop({
    hash31: hash,
    bounds,
    alive: ipv4['fib_multipath_use_neigh'] ? route.nexthops.map((hop) => hasGoodNeigh(host, hop)) : alive,
    local,
    flowSrc: flow.src,
    hopSrcs:
      local && flow.src !== 0 ? route.nexthops.map((hop) => sourceFor(host, route, hop, flow.dst)) : [],
  })
  return { policy, hash, bounds, pick: picked.index, bySource: picked.bySource }
}

/** A next hop whose neighbour is known to be unreachable is passed over; one never asked for is good. */
function hasGoodNeigh(host: Host, hop: NextHop): boolean {
  return isGoodNeigh(host.neigh[`${hop.dev} ${hop.gateway}`]?.state)
}

/** Seed in effect: the sysctl, or the boot's own random number when that is 0. */
export function hashSeed(host: Host): number {
  const seed = host.sysctl.ipv4['fib_multipath_hash_seed'] ?? 0
  return seed !== 0 ? seed : host.bootSeed
}

/** No table asked: multicast, limited broadcast, or an interface given for an unknown destination. */
function directRoute(host: Host, flow: Flow): Result<Found, Errno> {
  const dev = flow.oif ?? Object.values(host.devs).find((d) => !d.loopback && d.up)?.name
  if (dev === undefined || !host.devs[dev]) return bad('ENETUNREACH')
  const type = isMulticast(flow.dst) ? 'multicast' : flow.dst === IP_BROADCAST ? 'broadcast' : 'unicast'
  const prefsrc = flow.src !== 0 ? flow.src : selectSource(host, dev, flow.dst)
  const nexthops = [{ gateway: 0 as Ip4, dev, weight: 1 }]
  const route: Route = {
    dst: flow.dst,
    prefix: 32,
    type: 'unicast',
    scope: 'link',
    proto: 'kernel',
    metric: 0,
    prefsrc,
    nexthops,
    table: 'main',
  }
  return ok({ route, dst: { type, dev, nexthop: flow.dst, gateway: 0 as Ip4, prefsrc } })
}

/** Write the route note and, for a multipath route, how the next hop was chosen. */
export function noteRoute(
  host: Host,
  flow: Flow,
  found: Found,
  ctx: Ctx,
  forward: boolean,
  randomPort = false,
): void {
  const { route, dst, choice } = found
  ctx.note(host, {
    kind: 'route',
    dst: flow.dst,
    src: flow.src,
    found: dst.type === 'multicast' ? 'multicast' : route.type,
    table: route.table,
    net: route.dst,
    prefix: route.prefix,
    dev: dst.dev,
    gateway: dst.gateway,
    forward,
  })
  if (!choice) return
  const { src, dst: to, proto, sport, dport } = flow
  ctx.note(host, {
    kind: 'ecmp',
    ...choice,
    src,
    dst: to,
    proto,
    sport,
    dport,
    seed: hashSeed(host),
    gateways: route.nexthops.map((hop) => hop.gateway),
    randomPort,
  })
}

function noteMissing(host: Host, flow: Flow, ctx: Ctx, error: Errno): Result<Dst, Errno> {
  const none = 0 as Ip4
  ctx.note(host, {
    kind: 'route',
    dst: flow.dst,
    src: flow.src,
    found: 'none',
    table: '',
    net: none,
    prefix: 0,
    dev: '',
    gateway: none,
    forward: false,
  })
  return bad(error)
}
