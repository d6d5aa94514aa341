import type { Ip4 } from '../../base/ids.ts'
import { emitIpv4, PROTO_IPIP } from '../../wire/ipv4.ts'
import { L2, type Skb } from '../skb.ts'

/** What stands in the outer header. */
export interface Outer {
  src: Ip4
  dst: Ip4
  tos: number
  ttl: number
  df: boolean
  id: number
}

/** Bytes that an ipip header costs. */
export const IPIP_HEADER = 20

/**
 * Put an outer IPv4 header in front of the packet (RFC 2003; iptunnel_xmit without the transmit). The inner packet stays
 * as it is; the frame it came in as remains the parent. The caller sets `skb.dst` and sends it with ipLocalOut.
 */
export function encapsulate(skb: Skb, outer: Outer): void {
  const inner = skb.data.subarray(L2)
  const data = new Uint8Array(L2 + IPIP_HEADER + inner.length)
  data.set(inner, L2 + IPIP_HEADER)
  emitIpv4({ ...outer, totalLength: IPIP_HEADER + inner.length, mf: false, proto: PROTO_IPIP }, data, L2)
  skb.data = data
  skb.shared = false
}

/** ECN field of the outer header (INET_ECN_encapsulate): as the inner one, but CE becomes ECT(0). */
export function outerTos(tos: number, innerTos: number): number {
  const ecn = innerTos & 3
  return (tos & 0xfc) | (ecn === 3 ? 2 : ecn)
}
