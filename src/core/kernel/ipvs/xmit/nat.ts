import type { Ctx } from '../../ctx.ts'
import type { Host } from '../../host.ts'
import { ipLocalOut } from '../../ip/output.ts'
import { trackNat } from '../../netfilter/ipvs-conntrack.ts'
import type { Skb } from '../../skb.ts'
import { endsOf, rewriteDst } from '../packet.ts'
import type { IpvsConn } from '../types.ts'
import { wayOut } from './route.ts'

/**
 * NAT (ip_vs_nat_xmit): destination address and port become the real server's; the source stays, so the answer must come
 * back this way to be restored (golden B2, B3). FULLNAT changes the source too, later, in POSTROUTING.
 */
export function natXmit(host: Host, skb: Skb, conn: IpvsConn, ctx: Ctx): void {
  const way = wayOut(host, skb, conn.dip, false, ctx)
  if (!way) return
  const { mode, dip, dport } = conn
  ctx.note(host, { kind: 'ipvs.xmit', mode, dip, ttlIn: way.ttlIn, ttlOut: way.ttlOut })
  toServer(skb, conn)
  skb.dst = way.dst
  skb.ipvs = true
  trackNat(host, skb, conn.tracked, 'request', { ip: dip, port: dport })
  ipLocalOut(host, skb, ctx)
}

/** Address and port of the real server into the packet. */
export function toServer(skb: Skb, conn: IpvsConn): void {
  const ends = endsOf(skb)
  if (ends) rewriteDst(skb, ends, conn.dip, conn.dport)
}
