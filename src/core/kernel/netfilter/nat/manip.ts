import { type Bytes, read16, write16 } from '../../../base/bytes.ts'
import { updateChecksum16 } from '../../../base/checksum.ts'
import type { Ip4 } from '../../../base/ids.ts'
import {
  ipDst,
  ipHeaderLength,
  ipProto,
  ipSrc,
  PROTO_ICMP,
  PROTO_TCP,
  PROTO_UDP,
  setIpDst,
  setIpSrc,
} from '../../../wire/ipv4.ts'
import { patchChecksum32 } from '../../../wire/tcp.ts'
import type { Tuple } from '../conntrack/types.ts'

export type Manip = 'src' | 'dst'

const TCP_CHECK = 16
const UDP_CHECK = 6
const ICMP_CHECK = 2

/**
 * Rewrite one side of the IP packet at `at` to what `target` says, and patch the checksums that cover it (nf_nat_proto.c
 * nf_nat_ipv4_manip_pkt). `end` bounds the packet: the quote inside an ICMP error may stop before the TCP checksum.
 */
export function manipPacket(data: Bytes, at: number, end: number, target: Tuple, manip: Manip): void {
  const address: Ip4 = manip === 'src' ? target.src : target.dst
  const was = manip === 'src' ? ipSrc(data, at) : ipDst(data, at)
  const isFirst = (read16(data, at + 6) & 0x1fff) === 0
  const l4 = at + ipHeaderLength(data, at)
  if (isFirst) manipTransport(data, l4, end, { proto: ipProto(data, at), was, address, target, manip })
  if (manip === 'src') setIpSrc(data, at, address)
  else setIpDst(data, at, address)
}

interface Change {
  proto: number
  was: Ip4
  address: Ip4
  target: Tuple
  manip: Manip
}

function manipTransport(data: Bytes, l4: number, end: number, change: Change): void {
  const { proto, was, address, target, manip } = change
  if (proto === PROTO_ICMP) return manipEcho(data, l4, end, target)
  if (proto !== PROTO_TCP && proto !== PROTO_UDP) return
  if (end < l4 + 8) return
  const portAt = manip === 'src' ? l4 : l4 + 2
  const port = manip === 'src' ? target.sport : target.dport
  const oldPort = read16(data, portAt)
  write16(data, portAt, port)
  const checkAt = l4 + (proto === PROTO_TCP ? TCP_CHECK : UDP_CHECK)
  if (end < checkAt + 2) return
  // A UDP datagram without checksum keeps none.
  if (proto === PROTO_UDP && read16(data, checkAt) === 0) return
  patchChecksum32(data, checkAt, was, address)
  write16(data, checkAt, updateChecksum16(read16(data, checkAt), oldPort, port))
  if (proto === PROTO_UDP && read16(data, checkAt) === 0) write16(data, checkAt, 0xffff)
}

/** Queries are told apart by their identifier; errors have none. */
function manipEcho(data: Bytes, l4: number, end: number, target: Tuple): void {
  const type = data[l4] ?? 0
  const isQuery = type === 0 || type === 8 || type === 13 || type === 14
  if (!isQuery || end < l4 + 8) return
  const was = read16(data, l4 + 4)
  write16(data, l4 + 4, target.sport)
  write16(data, l4 + ICMP_CHECK, updateChecksum16(read16(data, l4 + ICMP_CHECK), was, target.sport))
}
