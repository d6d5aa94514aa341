import { ipHeaderLength, ipTotalLength } from '../../wire/ipv4.ts'
import { L2, type Skb } from '../skb.ts'

/** Offset of the transport header in `skb.data`. */
export function transportAt(skb: Skb): number {
  return L2 + ipHeaderLength(skb.data, L2)
}

/** End of the packet's bytes: its total length, bounded by the buffer. */
export function packetEnd(skb: Skb): number {
  return Math.min(skb.data.length, L2 + ipTotalLength(skb.data, L2))
}
