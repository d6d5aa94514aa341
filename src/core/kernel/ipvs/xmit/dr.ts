import type { Ctx } from '../../ctx.ts'
import type { Host } from '../../host.ts'
import { ipLocalOut } from '../../ip/output.ts'
import { trackDirect } from '../../netfilter/ipvs-conntrack.ts'
import type { Skb } from '../../skb.ts'
import type { IpvsConn } from '../types.ts'
import { wayOut } from './route.ts'

/**
 * Direct routing (net/netfilter/ipvs/ip_vs_xmit.c ip_vs_dr_xmit): both IP addresses stay, the packet is routed to the
 * real server's own address, so only the MAC changes; TTL goes down by one. It re-enters at LOCAL_OUT (golden N1).
 */
export function drXmit(host: Host, skb: Skb, conn: IpvsConn, ctx: Ctx): void {
  const way = wayOut(host, skb, conn.dip, false, ctx)
  if (!way) return
  ctx.note(host, { kind: 'ipvs.xmit', mode: 'dr', dip: conn.dip, ttlIn: way.ttlIn, ttlOut: way.ttlOut })
  skb.dst = way.dst
  skb.ipvs = true
  trackDirect(skb, conn.tracked)
  ipLocalOut(host, skb, ctx)
}
