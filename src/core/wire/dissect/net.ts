import type { Bytes } from '../../base/bytes.ts'
import { sum16 } from '../../base/checksum.ts'
import {
  ICMP,
  ICMP_DEST_UNREACH,
  ICMP_ECHO,
  ICMP_ECHOREPLY,
  ICMP_FRAG_NEEDED,
  ICMP_REDIRECT,
  icmpChecksumOk,
  isIcmpError,
} from '../icmp.ts'
import { IPV4, ipProto, PROTO_ICMP, PROTO_IPIP, PROTO_OSPF, PROTO_TCP, PROTO_UDP, readIpv4 } from '../ipv4.ts'
import { PROTO_VRRP } from '../vrrp.ts'
import { addField, addIp, addNumber, closeLayer, hex, noteField, openLayer } from './layer.ts'
import type { Dissected, LayerProto, Part, Reader } from './layer.ts'

const IP_PROTOS: Record<number, { name: string; layer: LayerProto }> = {
  [PROTO_ICMP]: { name: 'ICMP', layer: 'icmp' },
  2: { name: 'IGMP', layer: 'data' },
  [PROTO_IPIP]: { name: 'IPIP', layer: 'ip' },
  [PROTO_TCP]: { name: 'TCP', layer: 'tcp' },
  [PROTO_UDP]: { name: 'UDP', layer: 'udp' },
  [PROTO_OSPF]: { name: 'OSPF', layer: 'ospf' },
  [PROTO_VRRP]: { name: 'VRRP', layer: 'vrrp' },
}

export function dissectIpv4(b: Bytes, part: Part): Dissected {
  const at = part.at
  const r = openLayer(b, part, 'IPv4')
  const ip = readIpv4(b, at)
  const version = (b[at] ?? 0) >>> 4
  addIpFields(r, at, version, ip.headerLength)
  const isSane = version === 4 && ip.headerLength >= IPV4.size
  if (version !== 4) noteField(r, 'ip.version', 'malformed')
  if (ip.headerLength < IPV4.size) noteField(r, 'ip.hdr_len', 'bad length')
  const headerEnd = at + ip.headerLength
  if (isSane && headerEnd <= r.end && sum16(b, at, headerEnd) !== 0xffff)
    noteField(r, 'ip.checksum', 'bad checksum')
  const saysEnd = at + ip.totalLength
  if (ip.totalLength < ip.headerLength) noteField(r, 'ip.len', 'bad length')
  else if (saysEnd > r.end) noteField(r, 'ip.len', 'truncated')
  if (!isSane || headerEnd > r.end)
    return { layer: closeLayer(r, Math.max(ip.headerLength, IPV4.size)), next: [] }

  const end = ip.totalLength < ip.headerLength ? r.end : Math.min(saysEnd, r.end)
  const isWhole = saysEnd <= r.end && ip.totalLength >= ip.headerLength && !ip.mf && ip.fragOffset === 0
  const inner = ip.fragOffset === 0 ? (IP_PROTOS[ip.proto]?.layer ?? 'data') : 'data'
  const depth = part.depth + (inner === 'ip' ? 1 : 0)
  const payload: Part = { proto: inner, at: headerEnd, end, depth, ipAt: isWhole ? at : -1 }
  const padding: Part = { proto: 'data', at: end, end: r.end, depth: part.depth, ipAt: -1 }
  return { layer: closeLayer(r, ip.headerLength), next: [payload, padding] }
}

function addIpFields(r: Reader, at: number, version: number, headerLength: number): void {
  const ip = readIpv4(r.b, at)
  addField(r, { name: 'ip.version', at, length: 1, value: version, text: String(version) })
  addField(r, { name: 'ip.hdr_len', at, length: 1, value: headerLength, text: `${headerLength} bytes` })
  addNumber(r, 'ip.dsfield', at + IPV4.tos.at, 1, hex(2))
  addNumber(r, 'ip.len', at + IPV4.totalLength.at, 2)
  addNumber(r, 'ip.id', at + IPV4.id.at, 2, (id) => `${hex(4)(id)} (${id})`)
  const fragAt = at + IPV4.frag.at
  addField(r, { name: 'ip.flags.df', at: fragAt, length: 1, value: Number(ip.df), text: setOrNot(ip.df) })
  addField(r, { name: 'ip.flags.mf', at: fragAt, length: 1, value: Number(ip.mf), text: setOrNot(ip.mf) })
  const offset = ip.fragOffset
  addField(r, { name: 'ip.frag_offset', at: fragAt, length: 2, value: offset, text: String(offset) })
  addNumber(r, 'ip.ttl', at + IPV4.ttl.at, 1)
  const name = IP_PROTOS[ipProto(r.b, at)]?.name
  addNumber(r, 'ip.proto', at + IPV4.proto.at, 1, (n) => (name === undefined ? String(n) : `${name} (${n})`))
  addNumber(r, 'ip.checksum', at + IPV4.checksum.at, 2, hex(4))
  addIp(r, 'ip.src', at + IPV4.src.at)
  addIp(r, 'ip.dst', at + IPV4.dst.at)
  const length = Math.min(headerLength, r.end - at) - IPV4.size
  if (length > 0)
    addField(r, { name: 'ip.options', at: at + IPV4.size, length, value: length, text: `${length} bytes` })
}

function setOrNot(flag: boolean): string {
  return flag ? 'set' : 'not set'
}

const ICMP_TYPES: Record<number, string> = {
  0: 'echo reply',
  3: 'destination unreachable',
  4: 'source quench',
  5: 'redirect',
  8: 'echo request',
  11: 'time exceeded',
  12: 'parameter problem',
}

/** Codes of types 3, 5 and 11, in RFC 792's and RFC 1812's words. */
const ICMP_CODES: Record<number, readonly string[]> = {
  3: [
    'network unreachable',
    'host unreachable',
    'protocol unreachable',
    'port unreachable',
    'fragmentation needed and DF set',
    'source route failed',
    'network unknown',
    'host unknown',
    'source host isolated',
    'network administratively prohibited',
    'host administratively prohibited',
    'network unreachable for TOS',
    'host unreachable for TOS',
    'administratively prohibited',
  ],
  5: ['redirect for network', 'redirect for host'],
  11: ['TTL exceeded in transit', 'fragment reassembly time exceeded'],
}

export function dissectIcmp(b: Bytes, part: Part): Dissected {
  const at = part.at
  const type = b[at] ?? 0
  const code = b[at + 1] ?? 0
  const typeName = ICMP_TYPES[type]
  const r = openLayer(b, part, `ICMP ${typeName ?? `type ${type}`}`)
  addNumber(r, 'icmp.type', at + ICMP.type.at, 1, (n) =>
    typeName === undefined ? String(n) : `${typeName} (${n})`,
  )
  const codeName = ICMP_CODES[type]?.[code]
  addNumber(r, 'icmp.code', at + ICMP.code.at, 1, (n) =>
    codeName === undefined ? String(n) : `${codeName} (${n})`,
  )
  addNumber(r, 'icmp.checksum', at + ICMP.checksum.at, 2, hex(4))
  if (part.ipAt === -1) noteField(r, 'icmp.checksum', 'not checked')
  else if (!icmpChecksumOk(b, at, r.end)) noteField(r, 'icmp.checksum', 'bad checksum')
  const rest = at + ICMP.rest.at
  if (type === ICMP_ECHO || type === ICMP_ECHOREPLY) {
    addNumber(r, 'icmp.ident', rest, 2)
    addNumber(r, 'icmp.seq', rest + 2, 2)
  } else if (type === ICMP_DEST_UNREACH && code === ICMP_FRAG_NEEDED) {
    addNumber(r, 'icmp.unused', rest, 2)
    addNumber(r, 'icmp.mtu', rest + 2, 2)
  } else if (type === ICMP_REDIRECT) addIp(r, 'icmp.redir_gw', rest)
  else addNumber(r, 'icmp.unused', rest, 4, hex(8))
  const isError = isIcmpError(type)
  const next: Part = {
    proto: isError ? 'ip' : 'data',
    at: at + ICMP.size,
    end: part.end,
    depth: part.depth + (isError ? 1 : 0),
    ipAt: -1,
  }
  return { layer: closeLayer(r, ICMP.size), next: [next] }
}
