import { type Ip4, IP_ANY } from '../../../base/ids.ts'
import { ipDst, ipProto, ipSrc } from '../../../wire/ipv4.ts'
import type { Ctx, HookResult } from '../../ctx.ts'
import type { Host } from '../../host.ts'
import { addressType } from '../../route/fib.ts'
import { routeOutput } from '../../route/lookup.ts'
import type { Dst } from '../../route/types.ts'
import { L2, type Skb } from '../../skb.ts'

/** Route of a packet of our own whose source may be another host's (ip_route_me_harder). */
export function routeAnySource(
  host: Host,
  flow: { src: Ip4; dst: Ip4; proto: number; mark: number },
  ctx: Ctx,
): Dst | undefined {
  const src = addressType(host, flow.src) === 'local' ? flow.src : IP_ANY
  const found = routeOutput(host, { ...flow, src, sport: 0, dport: 0 }, ctx)
  return found.ok ? found.value : undefined
}

/** After LOCAL_OUT changed where the packet goes, its route is looked up again. */
export function reroute(host: Host, skb: Skb, ctx: Ctx): HookResult {
  const { data, mark } = skb
  const dst = routeAnySource(
    host,
    { src: ipSrc(data, L2), dst: ipDst(data, L2), proto: ipProto(data, L2), mark },
    ctx,
  )
  if (!dst) return { verdict: 'DROP', detail: 'no route after a change in LOCAL_OUT' }
  skb.dst = dst
  return 'ACCEPT'
}
