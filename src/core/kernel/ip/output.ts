import type { Ip4 } from '../../base/ids.ts'
import { ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED } from '../../wire/icmp.ts'
import { emitIpv4, ipDst, ipTotalLength } from '../../wire/ipv4.ts'
import type { Ctx } from '../ctx.ts'
import { loopTransmit } from '../dev/transmit.ts'
import type { Host } from '../host.ts'
import { neighOutput } from '../neigh/neigh.ts'
import { runHook } from '../netfilter/hooks.ts'
import { forwardMtu, mtuOfDst, routeOutput } from '../route/lookup.ts'
import type { Dst } from '../route/types.ts'
import { L2, type Skb } from '../skb.ts'
import { fragment, hasDf } from './fragment.ts'
import { groupTransmit } from './multicast.ts'

/** IP as sent (net/ipv4/ip_output.c). */

export interface IpHead {
  src: Ip4
  dst: Ip4
  proto: number
  ttl?: number
  df: boolean
  id: number
  tos?: number
}

/**
 * Send a packet of our own: the transport bytes stand at L2 + 20 already, the IP header is written here. Routed anew
 * unless `skb.dst` holds the socket's route; a missing route is a drop (IP_OUTNOROUTES).
 */
export function ipSend(host: Host, skb: Skb, head: IpHead, ctx: Ctx): void {
  emitIpv4(
    {
      tos: head.tos ?? 0,
      totalLength: skb.data.length - L2,
      id: head.id,
      df: head.df,
      mf: false,
      fragOffset: 0,
      ttl: head.ttl ?? host.sysctl.ipv4['ip_default_ttl'] ?? 64,
      proto: head.proto,
      src: head.src,
      dst: head.dst,
    },
    skb.data,
    L2,
  )
  if (!skb.dst) {
    const flow = { src: head.src, dst: head.dst, proto: head.proto, sport: 0, dport: 0 }
    const found = routeOutput(host, flow, ctx)
    if (!found.ok) return ctx.drop(host, skb, 'IP_OUTNOROUTES', found.error)
    skb.dst = found.value
  }
  ipLocalOut(host, skb, ctx)
}

/** LOCAL_OUT, then the way of the route (__ip_local_out, dst_output). */
export function ipLocalOut(host: Host, skb: Skb, ctx: Ctx): void {
  if (runHook(host, 'LOCAL_OUT', skb, ctx)) ipOutput(host, skb, ctx)
}

/** POSTROUTING and the neighbour (ip_output, ip_finish_output2). */
export function ipOutput(host: Host, skb: Skb, ctx: Ctx): void {
  const { dst } = skb
  if (!dst) return
  if (!runHook(host, 'POSTROUTING', skb, ctx)) return
  const mtu = skb.dev === '' ? mtuOfDst(host, dst) : forwardMtu(host, dst)
  if (ipTotalLength(skb.data, L2) <= mtu) return finishOutput(host, skb, dst, ctx)
  if (!hasDf(skb)) return fragment(host, skb, mtu, ctx, (piece) => finishOutput(host, piece, dst, ctx))
  icmpSendTooBig(host, skb, mtu, ctx)
}

/** On to the device: itself, a group, a tunnel or a neighbour (ip_finish_output2). */
function finishOutput(host: Host, skb: Skb, dst: Dst, ctx: Ctx): void {
  if (dst.dev === 'lo') return loopTransmit(host, skb, ctx)
  const dev = host.devs[dst.dev]
  if (dev?.tunnel) return ctx.stack.tunnelTransmit(host, skb, dev, ctx)
  if (dst.type === 'broadcast' || dst.type === 'multicast') {
    return groupTransmit(host, skb, dst.dev, ipDst(skb.data, L2), ctx)
  }
  neighOutput(host, skb, dst.dev, dst.nexthop, ctx)
}

/** It must not be cut, so its sender has to send less (ip_fragment). */
function icmpSendTooBig(host: Host, skb: Skb, mtu: number, ctx: Ctx): void {
  ctx.stack.icmpSend(host, skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu, ctx)
  ctx.drop(host, skb, 'PKT_TOO_BIG', `mtu=${mtu}`)
}

/** Next value of the host's IP identification counter for packets that belong to no connection. */
export function nextIpId(host: Host): number {
  host.ipId = (host.ipId + 1) & 0xffff
  return host.ipId
}
