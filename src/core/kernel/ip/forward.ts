import { read16 } from '../../base/bytes.ts'
import { ICMP_DEST_UNREACH, ICMP_EXC_TTL, ICMP_FRAG_NEEDED, ICMP_TIME_EXCEEDED } from '../../wire/icmp.ts'
import { ipTotalLength, ipTtl, setIpTtl } from '../../wire/ipv4.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { icmpSend } from '../icmp/send.ts'
import { runHook } from '../netfilter/hooks.ts'
import { L2, type Skb, writable } from '../skb.ts'
import { ipOutput } from './output.ts'

const DF = 0x4000

/** Forward a packet (net/ipv4/ip_forward.c). Not modelled: ICMP redirects, IP options, fragmentation (DF or not). */
export function ipForward(host: Host, skb: Skb, ctx: Ctx): void {
  const { dst } = skb
  if (!dst) return
  if (skb.pkt !== 'host') return ctx.drop(host, skb, 'IP_INADDRERRORS', 'not addressed to this MAC')
  const ttlIn = ipTtl(skb.data, L2)
  if (ttlIn <= 1) {
    icmpSend(host, skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0, ctx)
    return ctx.drop(host, skb, 'IP_TTL')
  }
  if (exceedsMtu(host, skb, dst.dev)) {
    const mtu = host.devs[dst.dev]?.mtu ?? 1500
    if (hasDf(skb)) icmpSend(host, skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, mtu, ctx)
    return ctx.drop(host, skb, 'PKT_TOO_BIG', `mtu=${mtu}`)
  }
  setIpTtl(writable(skb), L2, ttlIn - 1)
  ctx.note(host, { kind: 'forward', ttlIn, ttlOut: ttlIn - 1, dev: dst.dev })
  if (runHook(host, 'FORWARD', skb, ctx)) ipOutput(host, skb, ctx)
}

export function exceedsMtu(host: Host, skb: Skb, dev: string): boolean {
  return ipTotalLength(skb.data, L2) > (host.devs[dev]?.mtu ?? 1500)
}

export function hasDf(skb: Skb): boolean {
  return (read16(skb.data, L2 + 6) & DF) !== 0
}
