import type { Ip4 } from '../../../base/ids.ts'
import { ipSrc } from '../../../wire/ipv4.ts'
import type { Ctx, HookResult } from '../../ctx.ts'
import type { Host } from '../../host.ts'
import { addressType } from '../../route/fib.ts'
import { L2, type Skb } from '../../skb.ts'
import type { IpvsConn, IpvsMode } from '../types.ts'
import { drXmit } from './dr.ts'
import { natXmit, toServer } from './nat.ts'
import { tunXmit } from './tun.ts'

const XMIT: Record<IpvsMode, (host: Host, skb: Skb, conn: IpvsConn, ctx: Ctx) => void> = {
  dr: drXmit,
  nat: natXmit,
  fullnat: natXmit,
  tun: tunXmit,
}

/** Send a request on; a real server on this very host gets it the usual way (LocalNode). */
export function transmit(host: Host, skb: Skb, conn: IpvsConn, ctx: Ctx): HookResult {
  if (addressType(host, conn.dip) !== 'local') {
    if (isLoopback(ipSrc(skb.data, L2))) return refuse(host, skb, ctx)
    return { verdict: 'STOLEN', then: () => XMIT[conn.mode](host, skb, conn, ctx) }
  }
  const { mode, dip } = conn
  if (isLoopback(dip) && skb.pkt === 'host' && (mode === 'nat' || mode === 'fullnat'))
    return refuse(host, skb, ctx)
  if (mode === 'nat' || mode === 'fullnat') toServer(skb, conn)
  ctx.note(host, { kind: 'ipvs.xmit', mode, dip, ttlIn: 0, ttlOut: 0 })
  skb.ipvs = true
  return 'ACCEPT'
}

/** Loopback addresses stay on this host: neither a client outside nor a server outside is let in. */
function refuse(host: Host, skb: Skb, ctx: Ctx): HookResult {
  return { verdict: 'STOLEN', then: () => ctx.drop(host, skb, 'IP_INADDRERRORS') }
}

function isLoopback(ip: Ip4): boolean {
  return ip >>> 24 === 127
}
