import { read16, read8 } from '../../../base/bytes.ts'
import type { Ctx } from '../../ctx.ts'
import type { Host } from '../../host.ts'
import { ipLocalOut, nextIpId } from '../../ip/output.ts'
import { trackTunnel } from '../../netfilter/ipvs-conntrack.ts'
import { L2, type Skb } from '../../skb.ts'
import { encapsulate, outerTos } from '../../tunnel/encapsulate.ts'
import type { IpvsConn } from '../types.ts'
import { wayOut } from './route.ts'

const DF = 0x4000

/**
 * IP in IP (ip_vs_tunnel_xmit): an outer header from this host to the real server; TTL, DF and tos as the inner packet has
 * them after its own TTL went down (golden B5). With pmtu_disc=0 the outer one never has DF and may be fragmented
 * (golden B7). IPVS wraps by itself: no tunnel device is needed here. Not modelled: GUE and GRE.
 */
export function tunXmit(host: Host, skb: Skb, conn: IpvsConn, ctx: Ctx): void {
  const way = wayOut(host, skb, conn.dip, true, ctx)
  if (!way) return
  const { ttlIn, ttlOut } = way
  ctx.note(host, { kind: 'ipvs.xmit', mode: 'tun', dip: conn.dip, ttlIn, ttlOut })
  const tos = read8(skb.data, L2 + 1)
  const df = host.sysctl.vs['pmtu_disc'] !== 0 && (read16(skb.data, L2 + 6) & DF) !== 0
  // ip_select_ident: a packet that cannot be fragmented needs no number.
  const id = df ? 0 : nextIpId(host)
  if (!trackTunnel(host, skb, conn.tracked, ctx)) return ctx.drop(host, skb, 'NETFILTER_DROP', 'conntrack')
  encapsulate(skb, { src: way.dst.prefsrc, dst: conn.dip, tos: outerTos(tos, tos), ttl: ttlOut, df, id })
  skb.dst = way.dst
  skb.ipvs = true
  ipLocalOut(host, skb, ctx)
}
