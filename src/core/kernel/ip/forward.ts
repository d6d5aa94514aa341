import { ICMP_DEST_UNREACH, ICMP_EXC_TTL, ICMP_FRAG_NEEDED, ICMP_TIME_EXCEEDED } from '../../wire/icmp.ts'
import { ipTotalLength, ipTtl, setIpTtl } from '../../wire/ipv4.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { sendRedirect } from '../icmp/redirect.ts'
import { icmpSend } from '../icmp/send.ts'
import { runHook } from '../netfilter/hooks.ts'
import { forwardMtu } from '../route/lookup.ts'
import { L2, type Skb, writable } from '../skb.ts'
import { hasDf } from './fragment.ts'
import { ipOutput } from './output.ts'

/**
 * Forward a packet (net/ipv4/ip_forward.c). Not modelled: IP options. `redirect`: its sender is on the link it goes out
 * to, so it is told of the next hop.
 */
export function ipForward(host: Host, skb: Skb, redirect: boolean, ctx: Ctx): void {
  const { dst } = skb
  if (!dst) return
  if (skb.pkt !== 'host') return ctx.drop(host, skb, 'IP_INADDRERRORS', 'not addressed to this MAC')
  const ttlIn = ipTtl(skb.data, L2)
  if (ttlIn <= 1) {
    icmpSend(host, skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0, ctx)
    return ctx.drop(host, skb, 'IP_TTL')
  }
  const mtu = forwardMtu(host, dst)
  if (ipTotalLength(skb.data, L2) > mtu && hasDf(skb)) {
    icmpSend(host, skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu, ctx)
    return ctx.drop(host, skb, 'PKT_TOO_BIG', `mtu=${mtu}`)
  }
  setIpTtl(writable(skb), L2, ttlIn - 1)
  if (redirect) sendRedirect(host, skb, dst.nexthop, ctx)
  ctx.note(host, { kind: 'forward', ttlIn, ttlOut: ttlIn - 1, dev: dst.dev })
  if (!runHook(host, 'FORWARD', skb, ctx)) return
  host.forwarded++
  ipOutput(host, skb, ctx)
}
