import { read16 } from '../../../base/bytes.ts'
import type { Ip4 } from '../../../base/ids.ts'
import {
  ICMP_DEST_UNREACH,
  ICMP_EXC_TTL,
  ICMP_FRAG_NEEDED,
  ICMP_HOST_UNREACH,
  ICMP_TIME_EXCEEDED,
  restOfMtu,
} from '../../../wire/icmp.ts'
import { ipTotalLength, ipTtl, PROTO_ICMP, ipProto, setIpTtl } from '../../../wire/ipv4.ts'
import type { Ctx } from '../../ctx.ts'
import type { Host } from '../../host.ts'
import { icmpSend } from '../../icmp/send.ts'
import { mtuOfDst, routeOutput } from '../../route/lookup.ts'
import type { Dst } from '../../route/types.ts'
import { L2, type Skb, writable } from '../../skb.ts'

const DF = 0x4000
/** Header that IPIP puts in front, bytes. */
const OUTER = 20
const LEAST_MTU = 68

export interface Way {
  dst: Dst
  ttlIn: number
  ttlOut: number
}

/**
 * The way to a real server that is not this host (ip_vs_xmit.c __ip_vs_get_out_rt), TTL taken down, size checked: a
 * packet with DF that is too long is answered with "fragmentation needed" (quoting the lower TTL; golden B7), under IPIP
 * only while pmtu_disc is on. undefined = the packet has ended here.
 */
export function wayOut(host: Host, skb: Skb, dip: Ip4, tunnel: boolean, ctx: Ctx): Way | undefined {
  const found = routeOutput(host, { src: 0 as Ip4, dst: dip, proto: 0, sport: 0, dport: 0 }, ctx)
  if (!found.ok) {
    icmpSend(host, skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, ctx)
    ctx.drop(host, skb, 'IP_OUTNOROUTES', found.error)
    return undefined
  }
  const ttlIn = ipTtl(skb.data, L2)
  if (ttlIn <= 1) {
    icmpSend(host, skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0, ctx)
    ctx.drop(host, skb, 'IP_TTL')
    return undefined
  }
  setIpTtl(writable(skb), L2, ttlIn - 1)
  const mtu = mtuOfDst(host, found.value) - (tunnel ? OUTER : 0)
  if (mtu < LEAST_MTU || isTooLong(host, skb, mtu, tunnel)) {
    if (mtu >= LEAST_MTU) {
      icmpSend(host, skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, restOfMtu(mtu), ctx)
    }
    ctx.drop(host, skb, 'PKT_TOO_BIG', `mtu=${mtu}`)
    return undefined
  }
  return { dst: found.value, ttlIn, ttlOut: ttlIn - 1 }
}

function isTooLong(host: Host, { data }: Skb, mtu: number, tunnel: boolean): boolean {
  if (tunnel && host.sysctl.vs['pmtu_disc'] === 0) return false
  const df = (read16(data, L2 + 6) & DF) !== 0
  return df && ipTotalLength(data, L2) > mtu && ipProto(data, L2) !== PROTO_ICMP
}
