import { L2, type Skb } from '../skb.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { runHook } from '../netfilter/hooks.ts'
import { routeInput } from '../route/input.ts'
import { icmpSend } from '../icmp/send.ts'
import { ipForward } from './forward.ts'
import { ipProto, parseIpv4, PROTO_IPIP, PROTO_TCP } from '../../wire/ipv4.ts'
import { orConf } from '../sysctl/max.ts'
import { raw } from '../raw/module.ts'
import { deliverDatagram } from '../udp/socket.ts'
import { isFragment } from './fragment.ts'
import { reassemble } from './reassemble.ts'
import { ICMP_DEST_UNREACH, ICMP_PROT_UNREACH } from '../../wire/icmp.ts'

/** IP as received (net/ipv4/ip_input.c). Not modelled: IP options beyond skipping them. */
export function ipReceive(host: Host, skb: Skb, ctx: Ctx): void {
  const parsed = parseIpv4(skb.data, L2)
  if (!parsed.ok) {
    const short = parsed.error === 'ip.short' || parsed.error === 'ip.length'
    return ctx.drop(
      host,
      skb,
      parsed.error === 'ip.checksum' ? 'IP_CSUM' : short ? 'PKT_TOO_SMALL' : 'IP_INHDR',
      parsed.error,
    )
  }
  trimPadding(skb, parsed.value.totalLength)
  if (runHook(host, 'PREROUTING', skb, ctx)) receiveFinish(host, skb, ctx)
}

/** Bytes after the packet's own end are Ethernet padding. */
function trimPadding(skb: Skb, totalLength: number): void {
  if (skb.data.length > L2 + totalLength) skb.data = skb.data.subarray(0, L2 + totalLength)
}

/** After PREROUTING: where to? (ip_rcv_finish) */
function receiveFinish(host: Host, skb: Skb, ctx: Ctx): void {
  const found = routeInput(host, skb.dev, skb.data, L2, ctx, skb.mark)
  if (!found.ok) {
    const { why, detail, icmp } = found.error
    if (icmp !== undefined) icmpSend(host, skb, ICMP_DEST_UNREACH, icmp, 0, ctx)
    return ctx.drop(host, skb, why, detail)
  }
  const { dst, redirect } = found.value
  skb.dst = dst
  const byGroup = skb.pkt === 'broadcast' || skb.pkt === 'multicast'
  if (byGroup && dst.type !== 'broadcast' && orConf(host, skb.dev, 'drop_unicast_in_l2_multicast')) {
    return ctx.drop(host, skb, 'IP_INADDRERRORS', 'drop_unicast_in_l2_multicast')
  }
  if (dst.type === 'unicast') return ipForward(host, skb, redirect, ctx)
  if (isFragment(skb) && !reassemble(host, skb, ctx)) return
  if (runHook(host, 'LOCAL_IN', skb, ctx)) deliver(host, skb, ctx)
}

/** Hand the packet to its protocol (ip_local_deliver_finish). */
function deliver(host: Host, skb: Skb, ctx: Ctx): void {
  const proto = ipProto(skb.data, L2)
  const handler = ctx.stack.protocols[proto]
  const heard = host.raw.length > 0 && raw().rawDeliver(host, skb, ctx)
  // Raw sockets hear TCP beside it (raw_local_deliver).
  if (proto === PROTO_TCP && host.udp.socks.length > 0) deliverDatagram(host, skb, ctx)
  // ipip is a module; with it comes tunl0.
  const there = proto !== PROTO_IPIP || host.devs['tunl0'] !== undefined
  if (handler && there) return handler.receive(host, skb, ctx)
  if (heard) return
  icmpSend(host, skb, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0, ctx)
  ctx.drop(host, skb, 'UNHANDLED_PROTO', `protocol ${proto}`)
}
