import { read16, write16 } from '../../base/bytes.ts'
import type { Ip4 } from '../../base/ids.ts'
import { ICMP, ICMP_DEST_UNREACH, ICMP_TIME_EXCEEDED } from '../../wire/icmp.ts'
import { setIpDst, setIpSrc } from '../../wire/ipv4.ts'
import { packetEnd, transportAt } from '../ip/offsets.ts'
import { L2, type Skb } from '../skb.ts'
import type { Ends } from './packet.ts'

const SOURCE_QUENCH = 4

export interface Quote {
  /** Offset of the quoted IP header, and of the ICMP header. */
  at: number
  icmpAt: number
}

/** Where an ICMP error has its quote; undefined when it is no error that IPVS follows, or is cut too short. */
export function errorQuote(skb: Skb): Quote | undefined {
  const icmpAt = transportAt(skb)
  const type = skb.data[icmpAt] ?? 0
  if (type !== ICMP_DEST_UNREACH && type !== SOURCE_QUENCH && type !== ICMP_TIME_EXCEEDED) return undefined
  const at = icmpAt + ICMP.size
  return packetEnd(skb) >= at + 20 && (read16(skb.data, L2 + 6) & 0x1fff) === 0 ? { at, icmpAt } : undefined
}

/**
 * Change one end of the packet that an ICMP error quotes (ip_vs_nat_icmp): address, its IP checksum, port. The quoted
 * TCP checksum stays as it was, as in the kernel. The ICMP checksum is the caller's business.
 */
export function rewriteQuote(
  data: Uint8Array,
  at: number,
  ends: Ends,
  which: 'src' | 'dst',
  ip: Ip4,
  port: number,
): void {
  if (which === 'src') {
    setIpSrc(data, at, ip)
    write16(data, ends.at, port)
  } else {
    setIpDst(data, at, ip)
    write16(data, ends.at + 2, port)
  }
}
