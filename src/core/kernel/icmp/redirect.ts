import { type Ip4, IP_BROADCAST, isMulticast, MS, type Nanos } from '../../base/ids.ts'
import { ICMP_REDIR_HOST, ICMP_REDIRECT } from '../../wire/icmp.ts'
import { ipDst, ipSrc } from '../../wire/ipv4.ts'
import type { Ctx, IcmpError } from '../ctx.ts'
import { isOnLink } from '../dev/address.ts'
import type { Host } from '../host.ts'
import { findNeigh, isValid, makeNeigh, neighAsk } from '../neigh/neigh.ts'
import { learnGateway } from '../route/exception.ts'
import { addressType, nextHopsOf } from '../route/fib.ts'
import { findRoute } from '../route/lookup.ts'
import { L2, type Skb } from '../skb.ts'
import { orConf } from '../sysctl/max.ts'
import { peerOf, setPeer } from './peer.ts'
import { icmpSend } from './send.ts'

/** Redirects (RFC 1812 5.2.7.2; net/ipv4/route.c ip_rt_send_redirect and __ip_do_redirect). */

/** Time is counted in ticks of 4 ms (HZ=250). */
const TICK_NS: Nanos = 4 * MS
/** ip_rt_redirect_load, _number and _silence. */
const LOAD_TICKS = 5
const MOST = 9
const SILENCE_TICKS = LOAD_TICKS << (MOST + 1)

/** Tell the sender of `skb` that `gateway`, on its own link, is the better first hop. Ever rarer if it does not listen. */
export function sendRedirect(host: Host, skb: Skb, gateway: Ip4, ctx: Ctx): void {
  const to = ipSrc(skb.data, L2)
  let peer = peerOf(host, to, ctx)
  const ticks = Math.floor(ctx.now / TICK_NS) - Math.floor(peer.lastNs / TICK_NS)
  if (ticks > SILENCE_TICKS) peer = { ...peer, tokensNs: 0, redirects: 0 }
  if (peer.redirects >= MOST) return setPeer(host, to, { ...peer, lastNs: ctx.now })
  if (peer.redirects > 0 && ticks <= LOAD_TICKS << peer.redirects) return
  setPeer(host, to, { ...peer, lastNs: ctx.now, redirects: peer.redirects + 1 })
  const cause = ctx.cause
  ctx.note(host, { kind: 'redirect.sent', to, dst: ipDst(skb.data, L2), gateway })
  icmpSend(host, skb, ICMP_REDIRECT, ICMP_REDIR_HOST, gateway, ctx)
  ctx.cause = cause
}

/** A redirect about a packet of ours: believed if it comes from the gateway in use and names a credible better one. */
export function takeRedirect(host: Host, error: IcmpError, ctx: Ctx): void {
  const { data, dev } = error.skb
  const from = ipSrc(data, L2)
  const dst = ipDst(data, error.at)
  const src = ipSrc(data, error.at)
  const gateway = error.gateway ?? (0 as Ip4)
  if (error.code > 3) return ctx.drop(host, error.skb, 'ICMP_UNEXPECTED', 'redirect code')
  const found = findRoute(host, { dst, src, proto: 0, sport: 0, dport: 0 }, 'local', undefined, ctx.now)
  if (!found.ok || found.value.dst.gateway !== from || !isCredible(host, dev, from, gateway)) {
    ctx.note(host, { kind: 'redirect.ignored', from, dst, gateway })
    return ctx.drop(host, error.skb, 'ICMP_UNEXPECTED', 'redirect not accepted')
  }
  const way = found.value.dst.dev
  const neigh = findNeigh(host, way, gateway) ?? makeNeigh(host, way, gateway, ctx.now)
  // The first redirect only makes us ask for the new gateway's MAC; one that finds it known takes effect.
  if (isValid(neigh.state)) learnGateway(host, dst, gateway, ctx)
  else neighAsk(host, neigh, ctx)
}

function isCredible(host: Host, dev: string, from: Ip4, gateway: Ip4): boolean {
  if (gateway === from || !acceptsRedirects(host, dev)) return false
  if (isMulticast(gateway) || gateway === IP_BROADCAST || gateway >>> 24 === 0) return false
  if (orConf(host, dev, 'shared_media')) return addressType(host, gateway) === 'unicast'
  if (!isOnLink(host, dev, gateway, from)) return false
  return !orConf(host, dev, 'secure_redirects') || isGateway(host, dev, gateway)
}

/** IN_DEV_RX_REDIRECTS: a router needs both settings, a host one of them. */
function acceptsRedirects(host: Host, dev: string): boolean {
  const { all } = host.sysctl.conf
  const own = host.sysctl.conf[dev]
  if (!own || !all) return false
  const [a, b] = [all.accept_redirects !== 0, own.accept_redirects !== 0]
  return own.forwarding !== 0 ? a && b : a || b
}

/** secure_redirects: only what is a gateway of some route already (ip_fib_check_default goes by next hops). */
function isGateway(host: Host, dev: string, gateway: Ip4): boolean {
  return host.main.some((route) =>
    nextHopsOf(host, route).some((hop) => hop.gateway === gateway && hop.dev === dev),
  )
}
