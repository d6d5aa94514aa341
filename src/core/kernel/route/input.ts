import type { Bytes } from '../../base/bytes.ts'
import { IP_BROADCAST, type Ip4, isLoopback, isMulticast } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import { ICMP_HOST_UNREACH, ICMP_NET_UNREACH, ICMP_PKT_FILTERED } from '../../wire/icmp.ts'
import { ipDst, ipProto, ipSrc } from '../../wire/ipv4.ts'
import type { Ctx } from '../ctx.ts'
import type { DropReason } from '../drop.ts'
import type { Host } from '../host.ts'
import type { Errno } from '../netlink.ts'
import { isOnLink } from '../dev/address.ts'
import { orConf } from '../sysctl/max.ts'
import { lookupFlow } from './fib.ts'
import { findRoute, type Found, noteRoute } from './lookup.ts'
import { flowOfPacket } from './multipath-hash.ts'
import type { Dst, Flow } from './types.ts'
import { type Martian, validateSource } from './validate.ts'

/** Why a packet that came in has no route. `icmp`: unreachable code to answer with, if any. */
export interface InputError {
  why: DropReason
  detail: string
  icmp?: number
}

/** A way for a packet that came in. `redirect`: it goes back where it came from, so its sender could do without us. */
export interface InputRoute {
  dst: Dst
  redirect: boolean
}

/**
 * Routing decision for a packet that came in on `dev` (net/ipv4/route.c ip_route_input_slow). Simplified: a
 * member of a group hears every sender.
 */
export function routeInput(
  host: Host,
  dev: string,
  data: Bytes,
  at: number,
  ctx: Ctx,
  mark = 0,
): Result<InputRoute, InputError> {
  const src = ipSrc(data, at)
  const dst = ipDst(data, at)
  const refused = martianAddress(host, dev, src, dst)
  if (refused) return martian(host, dev, src, dst, refused, ctx)
  if (dst === IP_BROADCAST || isMulticast(dst) || (src === 0 && dst === 0)) {
    if (isMulticast(dst) && !isJoined(host, dev, dst)) return bad(NOT_JOINED)
    const to: Dst = { type: 'broadcast', dev, nexthop: dst, gateway: 0 as Ip4, prefsrc: dst }
    const wrong = isMulticast(dst) || src === 0 ? undefined : sourceError(host, dev, src, dst)
    return wrong ? martian(host, dev, src, dst, wrong, ctx) : here(to)
  }
  const flow: Flow = { src, dst, proto: ipProto(data, at), sport: 0, dport: 0, iif: dev, mark }
  const best = lookupFlow(host, flow)
  const input = best?.type
  if (best && (input === 'local' || input === 'broadcast')) {
    const wrong = sourceError(host, dev, src, dst)
    if (wrong) return martian(host, dev, src, dst, wrong, ctx)
    const to: Dst = { type: input, dev, nexthop: dst, gateway: 0 as Ip4, prefsrc: dst }
    noteRoute(host, flow, { dst: { ...to, dev: 'lo' }, route: best }, ctx, false)
    return here(to)
  }
  // IN_DEV_FORWARD looks at the incoming interface alone.
  if (!host.sysctl.conf[dev]?.forwarding) return bad({ why: 'IP_NOFORWARD', detail: `ip_forward=0` })
  return forwardRoute(host, dev, data, at, flow, ctx)
}

/** 224.0.0.1: everybody is in it (IGMP_ALL_HOSTS). */
const ALL_HOSTS = 0xe0000001

/** Is this a group that somebody here listens to (ip_check_mc_rcu)? */
function isJoined(host: Host, dev: string, group: Ip4): boolean {
  if (group === ALL_HOSTS) return true
  return host.groups.some((g) => g.ip === group && g.dev === dev && g.socks.length > 0)
}

const NOT_JOINED: InputError = { why: 'MCAST_NOT_JOINED', detail: '' }

function here(dst: Dst): Result<InputRoute, InputError> {
  return ok({ dst, redirect: false })
}

/** The way of a packet for somebody else (__mkroute_input). */
function forwardRoute(
  host: Host,
  dev: string,
  data: Bytes,
  at: number,
  bare: Flow,
  ctx: Ctx,
): Result<InputRoute, InputError> {
  const hashed = flowOfPacket(data, at, host.sysctl.ipv4['fib_multipath_hash_policy'] ?? 0)
  const flow: Flow = { ...bare, sport: hashed.outer.sport, dport: hashed.outer.dport }
  const found = findRoute(host, flow, 'fwd', hashed, ctx.now)
  if (!found.ok) {
    const icmp = UNREACHABLE[found.error]
    const why = { why: 'IP_INNOROUTES', detail: '' } as const
    return bad(icmp === undefined ? why : { ...why, icmp })
  }
  const { dst } = found.value
  const valid = validateSource(host, dev, flow.src, flow.dst, dst.dev)
  if (!valid.ok) return martian(host, dev, flow.src, flow.dst, errorOf(valid.error), ctx)
  noteRoute(host, flow, found.value, ctx, true)
  // The sender is on this link, and so is the next hop (IPSKB_DOREDIRECT; shared media).
  const redirect =
    valid.value &&
    dst.dev === dev &&
    orConf(host, dev, 'send_redirects') &&
    (orConf(host, dev, 'shared_media') || isOnLink(host, dev, flow.src, dst.nexthop))
  return ok({ dst, redirect })
}

/** `ip route get ... iif`: the way of a packet that came in on `dev`, with the errors of ip_route_input. */
export function routeGetInput(host: Host, dev: string, flow: Flow): Result<Found, Errno> {
  const { src, dst } = flow
  if (martianAddress(host, dev, src, dst)) return bad('EINVAL')
  const best = lookupFlow(host, flow)
  const here = best?.type === 'local' || best?.type === 'broadcast'
  if (!here && !host.sysctl.conf[dev]?.forwarding) return bad('EHOSTUNREACH')
  const found = findRoute(host, flow, 'get')
  if (!found.ok) return found
  const valid = validateSource(host, dev, src, dst, here ? undefined : found.value.dst.dev)
  if (!valid.ok) return bad(valid.error.why === 'IP_RPFILTER' ? 'EXDEV' : 'EINVAL')
  return found
}

/** Codes of ip_error; a blackhole (EINVAL) says nothing. */
const UNREACHABLE: Partial<Record<Errno, number>> = {
  ENETUNREACH: ICMP_NET_UNREACH,
  EHOSTUNREACH: ICMP_HOST_UNREACH,
  EACCES: ICMP_PKT_FILTERED,
}

function sourceError(host: Host, dev: string, src: Ip4, dst: Ip4): InputError | undefined {
  const valid = validateSource(host, dev, src, dst)
  return valid.ok ? undefined : errorOf(valid.error)
}

function errorOf({ why, detail }: Martian): InputError {
  return { why, detail }
}

/** A packet whose addresses cannot be: dropped, and with log_martians said so in the kernel's log. */
function martian(
  host: Host,
  dev: string,
  src: Ip4,
  dst: Ip4,
  error: InputError,
  ctx: Ctx,
): Result<never, InputError> {
  if (orConf(host, dev, 'log_martians')) ctx.note(host, { kind: 'martian', dev, src, dst })
  return bad(error)
}

/** Addresses that can never come in over a link. */
function martianAddress(host: Host, dev: string, src: Ip4, dst: Ip4): InputError | undefined {
  if (isMulticast(src) || src === IP_BROADCAST) return BAD_SOURCE
  if (dst === IP_BROADCAST || (src === 0 && dst === 0)) return undefined
  if (isMulticast(dst)) return src >>> 24 === 0 && src !== 0 ? BAD_SOURCE : undefined
  if (src >>> 24 === 0) return BAD_SOURCE
  if (dst >>> 24 === 0) return BAD_DESTINATION
  if (!isLoopback(src) && !isLoopback(dst)) return undefined
  if (host.devs[dev]?.loopback || orConf(host, dev, 'route_localnet')) return undefined
  return isLoopback(dst) ? BAD_DESTINATION : BAD_SOURCE
}

const BAD_SOURCE: InputError = { why: 'IP_MARTIAN_SOURCE', detail: 'source' }
const BAD_DESTINATION: InputError = { why: 'IP_INADDRERRORS', detail: 'destination' }
