import { ipDst, ipProto, ipSrc } from '../../wire/ipv4.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { HookPoint } from '../note.ts'
import { addressType } from '../route/fib.ts'
import { routeOutput } from '../route/lookup.ts'
import { L2, type Skb } from '../skb.ts'

/**
 * What leaves with the virtual address is routed as a packet of our own would be (ip_vs_route_me_harder; sysctl
 * snat_reroute). False = there is no route.
 */
export function reroute(host: Host, point: HookPoint, skb: Skb, ctx: Ctx): boolean {
  if (point === 'LOCAL_IN' || host.sysctl.vs['snat_reroute'] === 0) return true
  const src = ipSrc(skb.data, L2)
  const flow = {
    src: addressType(host, src) === 'local' ? src : (0 as typeof src),
    dst: ipDst(skb.data, L2),
    proto: ipProto(skb.data, L2),
    sport: 0,
    dport: 0,
    mark: skb.mark,
  }
  const found = routeOutput(host, flow, ctx)
  if (found.ok) skb.dst = found.value
  return found.ok
}
