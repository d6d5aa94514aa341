import type { Ctx, HookResult } from '../../ctx.ts'
import type { Host } from '../../host.ts'
import { addressType } from '../../route/fib.ts'
import type { Skb } from '../../skb.ts'
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
    return { verdict: 'STOLEN', then: () => XMIT[conn.mode](host, skb, conn, ctx) }
  }
  const { mode, dip } = conn
  if (mode === 'nat' || mode === 'fullnat') toServer(skb, conn)
  ctx.note(host, { kind: 'ipvs.xmit', mode, dip, ttlIn: 0, ttlOut: 0 })
  skb.ipvs = true
  return 'ACCEPT'
}
