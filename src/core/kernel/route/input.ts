import { IP_BROADCAST, type Ip4, isLoopback, isMulticast } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Ctx } from '../ctx.ts'
import { ownerOf } from '../dev/address.ts'
import type { DropReason } from '../drop.ts'
import type { Host } from '../host.ts'
import { maxConf, orConf } from '../sysctl/max.ts'
import { lookupFib } from './fib.ts'
import { findRoute, noteRoute } from './lookup.ts'
import { flowOfPacket } from './multipath-hash.ts'
import type { Dst, Flow } from './types.ts'
import { ipDst, ipProto, ipSrc } from '../../wire/ipv4.ts'
import type { Bytes } from '../../base/bytes.ts'

/** Why a packet that came in has no route. `icmp`: unreachable code to answer with, if any. */
export interface InputError {
  why: DropReason
  detail: string
  icmp?: number
}

const ICMP_NET_UNREACH = 0
const ICMP_HOST_UNREACH = 1
const ICMP_PKT_FILTERED = 13

/** Routing decision for a packet that came in on `dev` (net/ipv4/route.c ip_route_input_slow). */
export function routeInput(
  host: Host,
  dev: string,
  data: Bytes,
  at: number,
  ctx: Ctx,
): Result<Dst, InputError> {
  const src = ipSrc(data, at)
  const dst = ipDst(data, at)
  const martian = martianAddress(host, dev, src, dst)
  if (martian) return bad(martian)
  if (dst === IP_BROADCAST || (isMulticast(dst) && dst !== 0)) {
    // Group traffic is taken for this host; whether anybody listens is the protocol's business.
    return ok({ type: 'broadcast', dev, nexthop: dst, gateway: 0 as Ip4, prefsrc: dst })
  }
  const best = lookupFib(host, dst)
  const input = best?.type
  if (input === 'local' || input === 'broadcast') {
    const refused = validateSource(host, dev, src)
    if (refused) return bad(refused)
    const flow = bareFlow(src, dst, ipProto(data, at))
    const to: Dst = { type: input, dev, nexthop: dst, gateway: 0 as Ip4, prefsrc: dst }
    if (best) noteRoute(host, flow, { dst: { ...to, dev: 'lo' }, route: best }, ctx, false)
    return ok(to)
  }
  // IN_DEV_FORWARD looks at the incoming interface alone.
  if (!host.sysctl.conf[dev]?.forwarding) return bad({ why: 'IP_NOFORWARD', detail: `ip_forward=0` })
  const hashed = flowOfPacket(data, at, host.sysctl.ipv4['fib_multipath_hash_policy'] ?? 0)
  const flow: Flow = {
    ...bareFlow(src, dst, ipProto(data, at)),
    sport: hashed.outer.sport,
    dport: hashed.outer.dport,
  }
  const found = findRoute(host, flow, 'fwd', hashed)
  if (!found.ok) {
    const icmp =
      found.error === 'EACCES'
        ? ICMP_PKT_FILTERED
        : found.error === 'EHOSTUNREACH'
          ? ICMP_HOST_UNREACH
          : ICMP_NET_UNREACH
    return bad({ why: 'IP_INNOROUTES', detail: '', icmp })
  }
  const refused = validateSource(host, dev, src)
  if (refused) return bad(refused)
  noteRoute(host, flow, found.value, ctx, true)
  return ok(found.value.dst)
}

function bareFlow(src: Ip4, dst: Ip4, proto: number): Flow {
  return { src, dst, proto, sport: 0, dport: 0 }
}

/** Addresses that can never come in over a link. */
function martianAddress(host: Host, dev: string, src: Ip4, dst: Ip4): InputError | undefined {
  const detail = 'source'
  if (isMulticast(src) || src === IP_BROADCAST) return { why: 'IP_MARTIAN_SOURCE', detail }
  if (src >>> 24 === 0 && src !== 0) return { why: 'IP_MARTIAN_SOURCE', detail }
  if (dst >>> 24 === 0 && dst !== 0) return { why: 'IP_INADDRERRORS', detail: 'destination' }
  if (host.devs[dev]?.loopback || orConf(host, dev, 'route_localnet')) return undefined
  if (isLoopback(src)) return { why: 'IP_MARTIAN_SOURCE', detail }
  if (isLoopback(dst)) return { why: 'IP_INADDRERRORS', detail: 'destination' }
  return undefined
}

/** Is this source believable on this interface (fib_validate_source)? Own addresses, then rp_filter. */
export function validateSource(host: Host, dev: string, src: Ip4): InputError | undefined {
  if (host.devs[dev]?.loopback || src === 0) return undefined
  if (ownerOf(host, src) && !orConf(host, dev, 'accept_local')) {
    return { why: 'IP_MARTIAN_SOURCE', detail: 'own address as source' }
  }
  const filter = maxConf(host, dev, 'rp_filter')
  if (filter.value === 0) return undefined
  const back = lookupFib(host, src)
  const sameWay = back?.nexthops.some((hop) => hop.dev === dev) ?? false
  if (sameWay || (filter.value === 2 && back)) return undefined
  return { why: 'IP_RPFILTER', detail: `rp_filter=max(${filter.all}, ${filter.own})` }
}
