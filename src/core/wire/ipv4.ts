import { type Bytes, layout, read16, read32, write16, write32 } from '../base/bytes.ts'
import { checksum16, sum16, updateChecksum16 } from '../base/checksum.ts'
import type { Ip4 } from '../base/ids.ts'
import { bad, ok, type Result } from '../base/result.ts'

/**
 * RFC 791. Options are stepped over when read and never written: no source routing, no record route, no timestamps;
 * a host here answers such a packet as if the options were not there.
 */
export const IPV4 = layout({
  versionIhl: 1,
  tos: 1,
  totalLength: 2,
  id: 2,
  frag: 2,
  ttl: 1,
  proto: 1,
  checksum: 2,
  src: 4,
  dst: 4,
})

export const PROTO_ICMP = 1
export const PROTO_IPIP = 4
export const PROTO_TCP = 6
export const PROTO_UDP = 17
export const PROTO_OSPF = 89

const DF = 0x4000
const MF = 0x2000

export interface Ipv4 {
  /** Bytes, 20..60. */
  headerLength: number
  tos: number
  /** Bytes, header and payload. */
  totalLength: number
  id: number
  df: boolean
  mf: boolean
  /** Bytes (the field counts eighths). */
  fragOffset: number
  ttl: number
  proto: number
  checksum: number
  src: Ip4
  dst: Ip4
}

export type Ipv4Error = 'ip.short' | 'ip.version' | 'ip.ihl' | 'ip.length' | 'ip.checksum'

/**
 * The header at `at`, checked in the order of ip_rcv_core (net/ipv4/ip_input.c). 'ip.length': the packet says it is
 * longer than the bytes that are there, or shorter than its own header. Bytes after totalLength are Ethernet padding.
 */
export function parseIpv4(b: Bytes, at: number): Result<Ipv4, Ipv4Error> {
  if (b.length < at + IPV4.size) return bad('ip.short')
  const versionIhl = b[at] ?? 0
  if (versionIhl >>> 4 !== 4) return bad('ip.version')
  const headerLength = (versionIhl & 15) * 4
  if (headerLength < IPV4.size || b.length < at + headerLength) return bad('ip.ihl')
  if (sum16(b, at, at + headerLength) !== 0xffff) return bad('ip.checksum')
  const totalLength = ipTotalLength(b, at)
  if (totalLength < headerLength || b.length < at + totalLength) return bad('ip.length')
  return ok(readIpv4(b, at))
}

/** The fields as they stand, unchecked: for the dissector and for quotes that are cut short. Missing bytes read as 0. */
export function readIpv4(b: Bytes, at: number): Ipv4 {
  const frag = read16(b, at + IPV4.frag.at)
  return {
    headerLength: ipHeaderLength(b, at),
    tos: b[at + IPV4.tos.at] ?? 0,
    totalLength: ipTotalLength(b, at),
    id: read16(b, at + IPV4.id.at),
    df: (frag & DF) !== 0,
    mf: (frag & MF) !== 0,
    fragOffset: (frag & 0x1fff) * 8,
    ttl: ipTtl(b, at),
    proto: ipProto(b, at),
    checksum: read16(b, at + IPV4.checksum.at),
    src: ipSrc(b, at),
    dst: ipDst(b, at),
  }
}

/** What a sender chooses. `totalLength` in bytes; `fragOffset` in bytes, a multiple of 8. */
export interface Ipv4Header {
  tos?: number
  totalLength: number
  id: number
  df?: boolean
  mf?: boolean
  fragOffset?: number
  ttl: number
  proto: number
  src: Ip4
  dst: Ip4
}

/** Write a 20-byte header with its checksum at `at`; `into` may be dirty. */
export function emitIpv4(ip: Ipv4Header, into: Bytes, at: number): void {
  into[at] = 0x45
  into[at + IPV4.tos.at] = ip.tos ?? 0
  write16(into, at + IPV4.totalLength.at, ip.totalLength)
  write16(into, at + IPV4.id.at, ip.id)
  const frag = (ip.df === true ? DF : 0) | (ip.mf === true ? MF : 0) | ((ip.fragOffset ?? 0) >>> 3)
  write16(into, at + IPV4.frag.at, frag)
  into[at + IPV4.ttl.at] = ip.ttl
  into[at + IPV4.proto.at] = ip.proto
  write16(into, at + IPV4.checksum.at, 0)
  write32(into, at + IPV4.src.at, ip.src)
  write32(into, at + IPV4.dst.at, ip.dst)
  write16(into, at + IPV4.checksum.at, checksum16(into, at, at + IPV4.size))
}

export function ipHeaderLength(b: Bytes, at: number): number {
  return ((b[at] ?? 0) & 15) * 4
}

export function ipTotalLength(b: Bytes, at: number): number {
  return read16(b, at + IPV4.totalLength.at)
}

export function ipTtl(b: Bytes, at: number): number {
  return b[at + IPV4.ttl.at] ?? 0
}

export function ipProto(b: Bytes, at: number): number {
  return b[at + IPV4.proto.at] ?? 0
}

export function ipSrc(b: Bytes, at: number): Ip4 {
  return read32(b, at + IPV4.src.at) as Ip4
}

export function ipDst(b: Bytes, at: number): Ip4 {
  return read32(b, at + IPV4.dst.at) as Ip4
}

/** Set the TTL and patch the checksum (RFC 1624), as a forwarding router does. */
export function setIpTtl(b: Bytes, at: number, ttl: number): void {
  const field = at + IPV4.ttl.at
  const was = read16(b, field)
  b[field] = ttl
  patchChecksum(b, at, was, read16(b, field))
}

/** Rewrite the source address and patch the IP checksum. TCP and UDP cover it too: see `patchChecksum32` in tcp.ts. */
export function setIpSrc(b: Bytes, at: number, ip: Ip4): void {
  setAddress(b, at, at + IPV4.src.at, ip)
}

/** Rewrite the destination address and patch the IP checksum. TCP and UDP cover it too: see `patchChecksum32` in tcp.ts. */
export function setIpDst(b: Bytes, at: number, ip: Ip4): void {
  setAddress(b, at, at + IPV4.dst.at, ip)
}

function setAddress(b: Bytes, at: number, field: number, ip: Ip4): void {
  patchChecksum(b, at, read16(b, field), ip >>> 16)
  patchChecksum(b, at, read16(b, field + 2), ip & 0xffff)
  write32(b, field, ip)
}

function patchChecksum(b: Bytes, at: number, was: number, is: number): void {
  const field = at + IPV4.checksum.at
  write16(b, field, updateChecksum16(read16(b, field), was, is))
}
