import { packetHeard } from '../packet/socket.ts'
import { read16, write16 } from '../../base/bytes.ts'
import { type Ip4, SEC } from '../../base/ids.ts'
import { ETH_P_IP } from '../../wire/ethernet.ts'
import {
  ICMP_DEST_UNREACH,
  ICMP_FRAG_NEEDED,
  ICMP_PORT_UNREACH,
  ICMP_SR_FAILED,
  ICMP_TIME_EXCEEDED,
  restOfMtu,
} from '../../wire/icmp.ts'
import { ipDst, ipSrc, ipTotalLength, ipTtl, PROTO_IPIP } from '../../wire/ipv4.ts'
import type { Ctx, Protocol } from '../ctx.ts'
import type { Dev, Host } from '../host.ts'
import { icmpSend } from '../icmp/send.ts'
import { ipLocalOut, nextIpId } from '../ip/output.ts'
import { transportAt } from '../ip/offsets.ts'
import { learnMtu } from '../route/exception.ts'
import { addressType } from '../route/fib.ts'
import { mtuOfDst, routeOutput } from '../route/lookup.ts'
import { L2, type Skb, writable } from '../skb.ts'
import { encapsulate, IPIP_HEADER, outerTos } from './encapsulate.ts'
import { mergeSegments } from './merge.ts'
import type { Tunnel } from './types.ts'

/**
 * IP in IP (RFC 2003; net/ipv4/ipip.c, ip_tunnel.c). Not modelled: other inner protocols, keys, encapsulation in UDP.
 */
export const ipipProtocol: Protocol = { receive: ipipReceive, error: ipipError }

const DF = 0x4000

/** Unwrap a packet for this host: it comes in anew on the tunnel device (ip_tunnel_rcv; golden B5). */
function ipipReceive(host: Host, skb: Skb, ctx: Ctx): void {
  const outer = L2
  const dev = findTunnel(host, ipDst(skb.data, outer), ipSrc(skb.data, outer))
  if (!dev) {
    // The module is there but no tunnel takes it (tunnel4_rcv; golden B6).
    icmpSend(host, skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, ctx)
    return ctx.drop(host, skb, 'UNHANDLED_PROTO', 'no tunnel')
  }
  const inner = transportAt(skb)
  if (skb.data.length < inner + 20) return ctx.drop(host, skb, 'PKT_TOO_SMALL', 'inner header')
  const bytes = new Uint8Array(L2 + skb.data.length - inner)
  write16(bytes, 12, ETH_P_IP)
  bytes.set(skb.data.subarray(inner), L2)
  const [src, dst, ttl] = [ipSrc(skb.data, outer), ipDst(skb.data, outer), ipTtl(skb.data, outer)]
  ctx.note(host, { kind: 'tunnel', way: 'in', dev: dev.name, src, dst, ttl })
  // What is for others would be cut up again on its way out.
  const isOwn = addressType(host, ipDst(bytes, L2)) === 'local'
  ctx.reenter(host, dev.name, bytes, skb.frame, isOwn ? mergeSegments : undefined)
}

/** The tunnel of these outer addresses: the more it names, the sooner it is taken (ip_tunnel_lookup). */
function findTunnel(host: Host, local: Ip4, remote: Ip4, upOnly = true): Dev | undefined {
  let best: Dev | undefined
  let score = -1
  for (const name in host.devs) {
    const dev = host.devs[name]
    const tunnel = dev?.tunnel
    if (!dev || !tunnel || (upOnly && !dev.up)) continue
    const own = scoreOf(tunnel, local, remote)
    if (own > score) {
      best = dev
      score = own
    }
  }
  return best
}

function scoreOf(tunnel: Tunnel, local: Ip4, remote: Ip4): number {
  if (tunnel.fallback) return 0
  if (tunnel.remote !== 0 && tunnel.remote !== remote) return -1
  if (tunnel.local !== 0 && tunnel.local !== local) return -1
  return 1 + (tunnel.local !== 0 ? 1 : 0) + (tunnel.remote !== 0 ? 2 : 0)
}

/** Inner senders are told of an error about an outer packet within this time (IPTUNNEL_ERR_TIMEO). */
const ERROR_TIME_NS = 30 * SEC

/** An ICMP error about an outer packet of ours: the path MTU is learned, others are for the next inner sender (ipip_err). */
function ipipError(host: Host, error: Parameters<NonNullable<Protocol['error']>>[1], ctx: Ctx): void {
  const { data } = error.skb
  const tunnel = findTunnel(host, ipSrc(data, error.at), ipDst(data, error.at), false)
  if (!tunnel) return ctx.drop(host, error.skb, 'ICMP_UNEXPECTED', 'no tunnel')
  if (error.mtu !== 0) return learnMtu(host, ipDst(data, error.at), error.mtu, ctx)
  const { type, code } = error
  const counts =
    type === ICMP_DEST_UNREACH
      ? code !== ICMP_SR_FAILED && code !== ICMP_FRAG_NEEDED
      : type === ICMP_TIME_EXCEEDED && code === 0 && tunnel.tunnel?.ttl !== 0
  if (!counts || !tunnel.tunnel || tunnel.tunnel.remote === 0) return
  const { errors } = tunnel.tunnel
  const count = errors && ctx.now < errors.atNs + ERROR_TIME_NS ? errors.count + 1 : 1
  tunnel.tunnel = { ...tunnel.tunnel, errors: { count, atNs: ctx.now } }
}

/** The error of an earlier packet is told to the sender of this one, which is sent all the same. */
function tellError(host: Host, skb: Skb, dev: Dev, tunnel: Tunnel, ctx: Ctx): void {
  const { errors } = tunnel
  if (!errors || errors.count === 0) return
  const fresh = ctx.now < errors.atNs + ERROR_TIME_NS
  dev.tunnel = { ...tunnel, errors: { ...errors, count: fresh ? errors.count - 1 : 0 } }
  if (fresh) ctx.stack.linkFailure(host, skb, ctx)
}

/** Send a packet through a tunnel device (ip_tunnel_xmit). It has passed POSTROUTING; the outer one meets LOCAL_OUT. */
export function tunnelTransmit(host: Host, skb: Skb, dev: Dev, ctx: Ctx): void {
  const { tunnel } = dev
  if (!tunnel) return
  if (!dev.up) return ctx.drop(host, skb, 'DEV_DOWN', dev.name)
  blankHeader(skb)
  skb.frame = ctx.tap(host, dev.name, skb.data, skb.frame)
  skb.shared = true
  if (host.packetSocks.length > 0) packetHeard(host, dev.name, skb.data, 'outgoing', ctx)
  dev.txPackets += 1
  dev.txBytes += skb.data.length - L2
  // A device without a remote end sends to the next hop of the route (NBMA).
  const to = tunnel.remote !== 0 ? tunnel.remote : (skb.dst?.nexthop ?? (0 as Ip4))
  const { data } = skb
  const innerTos = data[L2 + 1] ?? 0
  const route = routeOutput(host, { src: tunnel.local, dst: to, proto: PROTO_IPIP, sport: 0, dport: 0 }, ctx)
  if (!route.ok) return ctx.drop(host, skb, 'IP_OUTNOROUTES', route.error)
  if (route.value.dev === dev.name) return ctx.drop(host, skb, 'LIMIT', 'tunnel in itself')
  const innerDf = (read16(data, L2 + 6) & DF) !== 0
  const df = innerDf || tunnel.pmtudisc
  const mtu = df ? mtuOfDst(host, route.value) - IPIP_HEADER : dev.mtu
  if (innerDf && mtu < ipTotalLength(data, L2)) {
    icmpSend(host, skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, restOfMtu(mtu), ctx)
    return ctx.drop(host, skb, 'PKT_TOO_BIG', `mtu=${mtu}`)
  }
  tellError(host, skb, dev, tunnel, ctx)
  const tos = (tunnel.tos & 1) !== 0 ? innerTos : tunnel.tos
  const ttl = tunnel.ttl === 0 ? ipTtl(data, L2) : tunnel.ttl
  const src = tunnel.local !== 0 ? tunnel.local : route.value.prefsrc
  ctx.note(host, { kind: 'tunnel', way: 'out', dev: dev.name, src, dst: to, ttl })
  encapsulate(skb, { src, dst: to, tos: outerTos(tos, innerTos), ttl, df, id: nextIpId(host) })
  skb.dst = route.value
  skb.dev = ''
  skb.pkt = 'outgoing'
  ipLocalOut(host, skb, ctx)
}

/** Captures show Ethernet: a packet of a tunnel device has an empty header that only says what follows. */
function blankHeader(skb: Skb): void {
  const data = writable(skb)
  data.fill(0, 0, 12)
  write16(data, 12, ETH_P_IP)
}
