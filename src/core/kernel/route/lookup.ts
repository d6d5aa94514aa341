import { IP_BROADCAST, type Ip4, isMulticast, type Nanos } from '../../base/ids.ts'
import { nextU32 } from '../../base/prng.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Ctx } from '../ctx.ts'
import { ownerOf, selectSource } from '../dev/address.ts'
import type { Host } from '../host.ts'
import type { Errno } from '../netlink.ts'
import { applyException } from './exception.ts'
import { addressType, lookupFlow, nextHopsOf } from './fib.ts'
import { multipathHash, type HashFlow } from './multipath-hash.ts'
import type { NextHopObject } from './nexthop-object.ts'
import { selectResilient } from './resilient.ts'
import { boundsOf, isGoodNeigh, selectNextHop } from './multipath-select.ts'
import type { Dst, Flow, NextHop, Route } from './types.ts'

/**
 * Route look-ups (net/ipv4/route.c, fib_semantics.c): table, next hop of multipath routes and groups, exceptions.
 * Simplified: `ip route get` leaves the time stamps of a resilient group's buckets alone, Linux marks them as used.
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
    const first = findRoute(host, flow, 'local', undefined, ctx.now)
    if (!first.ok) return noteMissing(host, flow, ctx, first.error)
    asked = { ...flow, src: first.value.dst.prefsrc }
  }
  const randomPort = asked.anyPort === true && hashesSourcePort(host)
  if (randomPort) asked = { ...asked, sport: nextU32(host.rng) & 0xffff }
  const found = findRoute(host, asked, 'local', undefined, ctx.now)
  if (!found.ok) return noteMissing(host, asked, ctx, found.error)
  noteRoute(host, asked, found.value, ctx, false, randomPort)
  return ok(found.value.dst)
}

/** `ip route get`: no notes, no randomness. */
export function routeGet(host: Host, flow: Flow): Result<Found, Errno> {
  const isOwn = flow.iif === undefined
  if (isOwn && flow.src !== 0 && !isUsableSource(host, flow.src)) return bad('ENETUNREACH')
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
export function findRoute(
  host: Host,
  flow: Flow,
  path: Path,
  hashed?: HashFlow,
  now: Nanos = 0,
): Result<Found, Errno> {
  const { dst } = flow
  const toAll = isMulticast(dst) || dst === IP_BROADCAST
  if (toAll && (flow.oif !== undefined || flow.src !== 0)) return directRoute(host, flow)
  const route = lookupFlow(host, flow)
  // without interface and source the tables name the interface, or there is none
  if (toAll && route?.type === 'unicast') {
    const oif = nextHopsOf(host, route)[0]?.dev
    return oif === undefined ? bad('ENETUNREACH') : directRoute(host, { ...flow, oif })
  }
  if (!route) return flow.oif === undefined ? bad('ENETUNREACH') : directRoute(host, flow)
  switch (route.type) {
    case 'unreachable':
      // the action of a rule has another error than a route of that type (fib4_rule_action, fib_props)
      return bad(route.byRule === true ? 'ENETUNREACH' : 'EHOSTUNREACH')
    case 'blackhole':
    case 'throw':
      return bad('EINVAL')
    case 'prohibit':
      return bad('EACCES')
    case 'local': {
      const prefsrc = flow.src !== 0 ? flow.src : route.prefsrc !== 0 ? route.prefsrc : dst
      return ok({ route, dst: { type: 'local', dev: 'lo', nexthop: dst, gateway: 0 as Ip4, prefsrc } })
    }
    case 'broadcast':
    case 'unicast':
      return viaNextHop(host, route, flow, path, hashed, now)
  }
}

function viaNextHop(
  host: Host,
  route: Route,
  flow: Flow,
  path: Path,
  hashed: HashFlow | undefined,
  now: Nanos,
): Result<Found, Errno> {
  const hops = nextHopsOf(host, route)
  const object = route.nhid === undefined ? undefined : host.nexthops[route.nhid]
  if (object?.blackhole) return bad('EINVAL')
  let choice: Choice | undefined
  let hop = hops[0]
  if (hops.length > 1 || flow.oif !== undefined) {
    // A device that is down is dead; one without carrier is passed over if the setting said so when it was lost.
    const alive = hops.map((hop) => hop.dead !== true && isAlive(host, hop.dev))
    if (flow.oif !== undefined) {
      hop = hops.find(({ dev }, i) => alive[i] === true && dev === flow.oif)
      if (!hop) return directRoute(host, flow)
    } else {
      choice = chooseHop(host, route, hops, flow, path, alive, hashed, now)
      hop = hops[choice.pick]
    }
  }
  if (!hop || host.devs[hop.dev]?.up !== true) return bad('ENETUNREACH')
  const prefsrc = flow.src !== 0 ? flow.src : sourceFor(host, route, hop, flow.dst)
  const nexthop = hop.gateway === 0 ? flow.dst : hop.gateway
  const dst: Dst = {
    type: route.type === 'broadcast' ? 'broadcast' : 'unicast',
    dev: hop.dev,
    nexthop,
    gateway: hop.gateway,
    prefsrc,
  }
  if (route.mtu !== undefined) dst.mtu = route.mtu
  if (host.exceptions.length > 0) applyException(host, hop, flow.dst, dst)
  return ok(choice ? { route, dst, choice } : { route, dst })
}

function isAlive(host: Host, name: string): boolean {
  const dev = host.devs[name]
  return dev !== undefined && dev.up && !dev.passedOver
}

/** Largest packet this route takes whole: learned, the route's own, or the device's MTU (ipv4_mtu). */
export function mtuOfDst(host: Host, dst: Dst): number {
  const { cached } = dst
  if (cached && cached.mtu !== 0) return cached.mtu
  return dst.mtu ?? host.devs[dst.dev]?.mtu ?? 1500
}

/** The same for packets that are forwarded: what was learned does not count, unless ip_forward_use_pmtu says so. */
export function forwardMtu(host: Host, dst: Dst): number {
  if (dst.cached && host.sysctl.ipv4['ip_forward_use_pmtu']) return mtuOfDst(host, dst)
  return dst.mtu ?? host.devs[dst.dev]?.mtu ?? 1500
}

/** Source address that goes with a next hop: the route's own, else one of the outgoing interface. */
function sourceFor(host: Host, route: Route, hop: NextHop, dst: Ip4): Ip4 {
  if (route.prefsrc !== 0) return route.prefsrc
  return selectSource(host, hop.dev, hop.gateway === 0 ? dst : hop.gateway)
}

function chooseHop(
  host: Host,
  route: Route,
  hops: readonly NextHop[],
  flow: Flow,
  path: Path,
  alive: boolean[],
  hashed: HashFlow | undefined,
  now: Nanos,
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
  const object = route.nhid === undefined ? undefined : host.nexthops[route.nhid]
  if (object?.resilient)
    return chooseBucket(host, object, hops, { hash, policy, now: path === 'get' ? -1 : now })
  const bounds = boundsOf(
    hops.map((hop) => hop.weight),
    alive,
  )
  // The source address counts for classic routes, the neighbours always for groups.
  const local = path === 'local' && !object
  const askNeigh = object !== undefined || ipv4['fib_multipath_use_neigh'] === 1
  const picked = selectNextHop({
    hash31: hash,
    bounds,
    alive: askNeigh ? hops.map((hop) => hasGoodNeigh(host, hop)) : alive,
    local,
    flowSrc: flow.src,
    hopSrcs: local && flow.src !== 0 ? hops.map((hop) => sourceFor(host, route, hop, flow.dst)) : [],
  })
  return { policy, hash, bounds, pick: picked.index, bySource: picked.bySource }
}

/** A resilient group: the member that has the bucket, which counts as used now unless `now` is -1. */
function chooseBucket(
  host: Host,
  object: NextHopObject,
  hops: readonly NextHop[],
  { hash, policy, now }: { hash: number; policy: number; now: Nanos },
): Choice {
  const bounds = hops.map(() => -1)
  const { resilient, group } = object
  if (!resilient) return { policy, hash, bounds, pick: 0, bySource: false }
  const { id } = selectResilient(resilient, hash, now, now >= 0)
  const members = group.filter((member) => host.nexthops[member.id]?.hop)
  const pick = members.findIndex((member) => member.id === id)
  return { policy, hash, bounds, pick: Math.max(0, pick), bySource: false }
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
  const dev = flow.oif ?? ownerOf(host, flow.src)?.name
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
    gateways: nextHopsOf(host, route).map((hop) => hop.gateway),
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
