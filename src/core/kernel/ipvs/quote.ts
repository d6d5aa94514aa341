import { write16 } from '../../base/bytes.ts'
import type { Ip4 } from '../../base/ids.ts'
import { setIpDst, setIpSrc } from '../../wire/ipv4.ts'
import type { Ends } from './packet.ts'

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
