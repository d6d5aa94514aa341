import { read16, write16 } from '../../base/bytes.ts'
import { updateChecksum16 } from '../../base/checksum.ts'
import type { Ip4 } from '../../base/ids.ts'
import {
  ipDst,
  ipHeaderLength,
  ipProto,
  ipSrc,
  PROTO_TCP,
  PROTO_UDP,
  setIpDst,
  setIpSrc,
} from '../../wire/ipv4.ts'
import { patchChecksum32 } from '../../wire/tcp.ts'
import { packetEnd } from '../ip/offsets.ts'
import { L2, type Skb, writable } from '../skb.ts'

/** Reading and rewriting addresses and ports of TCP and UDP packets (ip_vs_fill_iph_skb, *_snat_handler, *_dnat_handler). */

export interface Ends {
  proto: number
  src: Ip4
  sport: number
  dst: Ip4
  dport: number
  /** Offset of the transport header. */
  at: number
}

/** Ends of a whole packet, or of a first fragment; undefined for other protocols and packets that are too short. */
export function endsOf(skb: Skb): Ends | undefined {
  const proto = ipProto(skb.data, L2)
  const least = proto === PROTO_TCP ? 20 : proto === PROTO_UDP ? 8 : 0
  if (least === 0 || (read16(skb.data, L2 + 6) & 0x1fff) !== 0) return undefined
  const at = L2 + ipHeaderLength(skb.data, L2)
  return packetEnd(skb) < at + least ? undefined : readEnds(skb.data, L2, at)
}

/** Ends of the packet an ICMP error quotes, `at` the offset of the quoted IP header: only the ports need be there. */
export function quotedEnds(skb: Skb, at: number): Ends | undefined {
  const { data } = skb
  const proto = ipProto(data, at)
  if (proto !== PROTO_TCP && proto !== PROTO_UDP) return undefined
  const portsAt = at + ipHeaderLength(data, at)
  if (packetEnd(skb) < portsAt + 4 || (read16(data, at + 6) & 0x1fff) !== 0) return undefined
  return readEnds(data, at, portsAt)
}

function readEnds(data: Uint8Array, ipAt: number, at: number): Ends {
  return {
    proto: ipProto(data, ipAt),
    src: ipSrc(data, ipAt),
    sport: read16(data, at),
    dst: ipDst(data, ipAt),
    dport: read16(data, at + 2),
    at,
  }
}

/** Give the packet another destination; IP and transport checksums follow. */
export function rewriteDst(skb: Skb, ends: Ends, ip: Ip4, port: number): void {
  const data = writable(skb)
  setIpDst(data, L2, ip)
  rewrite(data, ends, ends.at + 2, { was: ends.dst, is: ip }, { was: ends.dport, is: port })
}

/** Give the packet another source; IP and transport checksums follow. */
export function rewriteSrc(skb: Skb, ends: Ends, ip: Ip4, port: number): void {
  const data = writable(skb)
  setIpSrc(data, L2, ip)
  rewrite(data, ends, ends.at, { was: ends.src, is: ip }, { was: ends.sport, is: port })
}

interface Change {
  was: number
  is: number
}

function rewrite(data: Uint8Array, ends: Ends, portAt: number, ip: Change, port: Change): void {
  write16(data, portAt, port.is)
  const checkAt = ends.at + (ends.proto === PROTO_TCP ? 16 : 6)
  // UDP without a checksum stays without; one that comes out as 0 is sent as all ones (RFC 768).
  if (ends.proto === PROTO_UDP && read16(data, checkAt) === 0) return
  patchChecksum32(data, checkAt, ip.was, ip.is)
  write16(data, checkAt, updateChecksum16(read16(data, checkAt), port.was, port.is))
  if (ends.proto === PROTO_UDP && read16(data, checkAt) === 0) write16(data, checkAt, 0xffff)
}
