import { write16, write32 } from '../../base/bytes.ts'
import { ipHeaderLength, ipTotalLength } from '../../wire/ipv4.ts'
import { OPT_TOA } from '../../wire/tcp-options.ts'
import { setTcpChecksum, TCP, tcpHeaderLength } from '../../wire/tcp.ts'
import type { Host } from '../host.ts'
import { mtuOfDst } from '../route/lookup.ts'
import { L2, type Skb } from '../skb.ts'
import { IPV4 } from '../../wire/ipv4.ts'
import { checksum16 } from '../../base/checksum.ts'
import type { Ends } from './packet.ts'
import type { IpvsConn } from './types.ts'

const TOA_LENGTH = 8
const MAX_HEADER = 60

/**
 * Put the option behind the TCP header's fixed part (tcp_opt_add_toa of FULLNAT kernels). False = there is no room: 60
 * bytes of header, or the link's MTU. Sequence numbers are not concerned: an option is no data.
 */
export function addToa(host: Host, skb: Skb, { at }: Ends, conn: IpvsConn): boolean {
  const { data } = skb
  const header = tcpHeaderLength(data, at)
  const length = ipTotalLength(data, L2) + TOA_LENGTH
  if (header + TOA_LENGTH > MAX_HEADER || !skb.dst || length > mtuOfDst(host, skb.dst)) return false
  const options = at + TCP.size
  const longer = new Uint8Array(L2 + length)
  longer.set(data.subarray(0, options))
  longer[options] = OPT_TOA
  longer[options + 1] = TOA_LENGTH
  write16(longer, options + 2, conn.cport)
  write32(longer, options + 4, conn.cip)
  longer.set(data.subarray(options, L2 + length - TOA_LENGTH), options + TOA_LENGTH)
  longer[at + TCP.offset.at] = (((header + TOA_LENGTH) / 4) << 4) | ((data[at + TCP.offset.at] ?? 0) & 15)
  write16(longer, L2 + IPV4.totalLength.at, length)
  write16(longer, L2 + IPV4.checksum.at, 0)
  write16(longer, L2 + IPV4.checksum.at, checksum16(longer, L2, L2 + ipHeaderLength(longer, L2)))
  setTcpChecksum(longer, L2, at, longer.length)
  skb.data = longer
  skb.shared = false
  return true
}
