import { ICMP_EXC_TTL, ICMP_TIME_EXCEEDED } from '../../../wire/icmp.ts'
import { ipProto, ipTtl, setIpTtl } from '../../../wire/ipv4.ts'
import type { Ctx } from '../../ctx.ts'
import type { Host } from '../../host.ts'
import { icmpSend } from '../../icmp/send.ts'
import { ipLocalOut } from '../../ip/output.ts'
import { routeOutput } from '../../route/lookup.ts'
import { L2, type Skb, writable } from '../../skb.ts'
import type { IpvsConn } from '../types.ts'

/**
 * Direct routing (net/netfilter/ipvs/ip_vs_xmit.c ip_vs_dr_xmit): both IP addresses stay, the packet is routed to the
 * real server's own address, so only the MAC changes; TTL goes down by one. It re-enters at LOCAL_OUT (golden N1).
 */
export function drXmit(host: Host, skb: Skb, conn: IpvsConn, ctx: Ctx): void {
  const { data } = skb
  const flow = { src: 0 as typeof conn.dip, dst: conn.dip, proto: ipProto(data, L2), sport: 0, dport: 0 }
  const found = routeOutput(host, flow, ctx)
  if (!found.ok) return ctx.drop(host, skb, 'IP_OUTNOROUTES', found.error)
  const ttlIn = ipTtl(data, L2)
  if (ttlIn <= 1) {
    icmpSend(host, skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0, ctx)
    return ctx.drop(host, skb, 'IP_TTL')
  }
  setIpTtl(writable(skb), L2, ttlIn - 1)
  ctx.note(host, { kind: 'ipvs.xmit', mode: 'dr', dip: conn.dip, ttlIn, ttlOut: ttlIn - 1 })
  skb.dst = found.value
  skb.ipvs = true
  ipLocalOut(host, skb, ctx)
}
