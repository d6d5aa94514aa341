import { type Ip4, formatIp4, SEC, type Nanos } from '../../base/ids.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { lookupFib, nextHopsOf } from './fib.ts'
import type { Dst, NextHop, RouteException } from './types.ts'

/**
 * What ICMP teaches about single destinations: next-hop exceptions (net/ipv4/route.c update_or_create_fnhe). Simplified:
 * for a multipath route the exception goes to every next hop's packets that the first one would carry, not to the one
 * the quoted flow hashes to; at most 256 are kept, the oldest goes first.
 */

/** ip_rt_mtu_expires, ip_rt_gc_timeout, ip_rt_min_pmtu. */
const MTU_EXPIRES_NS: Nanos = 600 * SEC
const REDIRECT_EXPIRES_NS: Nanos = 300 * SEC
export const MIN_PMTU = 552
const LIMIT = 256

/** Apply what is known about this destination to a route just found. */
export function applyException(host: Host, hop: NextHop, asked: Ip4, dst: Dst): void {
  const known = find(host, asked, hop.dev, hop.gateway)
  if (!known) return
  dst.cached = known
  if (known.gateway !== 0) {
    dst.gateway = known.gateway
    dst.nexthop = known.gateway
  }
}

function find(host: Host, dst: Ip4, dev: string, via: Ip4): RouteException | undefined {
  return host.exceptions.find((e) => e.dst === dst && e.dev === dev && e.via === via)
}

/** "Fragmentation needed" came in: packets to `dst` must be no longer than `mtu` bytes from now on (__ip_rt_update_pmtu). */
export function learnMtu(host: Host, dst: Ip4, mtu: number, ctx: Ctx): void {
  const hop = hopTo(host, dst)
  if (!hop) return
  const known = find(host, dst, hop.dev, hop.gateway)
  const old = known && known.mtu !== 0 ? known.mtu : (host.devs[hop.dev]?.mtu ?? 1500)
  if (old < mtu) return
  const lowest = Math.min(old, Math.max(mtu, MIN_PMTU))
  const expiresNs = ctx.now + MTU_EXPIRES_NS
  const entry = { dst, dev: hop.dev, via: hop.gateway, gateway: known?.gateway ?? (0 as Ip4), mtu: lowest }
  put(host, { ...entry, expiresNs }, ctx)
  ctx.note(host, { kind: 'route.cache', dst, gateway: 0 as Ip4, mtu: lowest, why: 'pmtu' })
}

/** A redirect was believed: packets to `dst` go to `gateway` from now on. */
export function learnGateway(host: Host, dst: Ip4, gateway: Ip4, ctx: Ctx): void {
  const hop = hopTo(host, dst)
  if (!hop) return
  const known = find(host, dst, hop.dev, hop.gateway)
  const expiresNs = ctx.now + REDIRECT_EXPIRES_NS
  const entry = { dst, dev: hop.dev, via: hop.gateway, gateway, mtu: known?.mtu ?? 0 }
  put(host, { ...entry, expiresNs }, ctx)
  ctx.note(host, { kind: 'route.cache', dst, gateway, mtu: 0, why: 'redirect' })
}

function hopTo(host: Host, dst: Ip4): NextHop | undefined {
  const route = lookupFib(host, dst)
  return route?.type === 'unicast' ? nextHopsOf(host, route)[0] : undefined
}

function put(host: Host, entry: RouteException, ctx: Ctx): void {
  host.exceptions = host.exceptions.filter((e) => keyOf(e) !== keyOf(entry)).concat(entry)
  if (host.exceptions.length > LIMIT) host.exceptions = host.exceptions.slice(-LIMIT)
  ctx.setTimer(host, keyOf(entry), entry.expiresNs)
  host.routeGen++
}

/** Timer `rtx:DST DEV VIA`: the exception has expired. */
export function exceptionTimer(host: Host, key: string, ctx: Ctx): void {
  const gone = host.exceptions.find((e) => keyOf(e) === key)
  if (!gone) return
  host.exceptions = host.exceptions.filter((e) => e !== gone)
  host.routeGen++
  ctx.note(host, { kind: 'route.cache', dst: gone.dst, gateway: gone.gateway, mtu: gone.mtu, why: 'expired' })
}

/** `ip route flush cache`. */
export function flushExceptions(host: Host, ctx: Ctx): void {
  for (const entry of host.exceptions) ctx.clearTimer(host, keyOf(entry))
  host.exceptions = []
  host.routeGen++
}

function keyOf(e: RouteException): string {
  return `rtx:${formatIp4(e.dst)} ${e.dev} ${formatIp4(e.via)}`
}
