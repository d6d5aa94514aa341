import { type Bytes, read16 } from '../base/bytes.ts'
import { formatIp4, formatMac } from '../base/ids.ts'
import { ARP_REPLY, ARP_REQUEST, parseArp } from './arp.ts'
import { ETH, ETH_P_ARP, ETH_P_IP, ethDst, ethSrc, ethType } from './ethernet.ts'
import { OSPF_TYPES } from './dissect/ospf.ts'
import { formatIcmp } from './format-icmp.ts'
import { formatTcp, type SeqBases } from './format-tcp.ts'
import {
  IPV4,
  type Ipv4,
  PROTO_ICMP,
  PROTO_IPIP,
  PROTO_OSPF,
  PROTO_TCP,
  PROTO_UDP,
  readIpv4,
} from './ipv4.ts'
import { verboseOspf } from './format-ospf.ts'
import { verboseIp, verboseUdp } from './format-verbose.ts'
import { formatVrrp } from './format-vrrp.ts'
import { UDP } from './udp.ts'
import { PROTO_VRRP } from './vrrp.ts'

/**
 * One line per frame, in the words of `tcpdump -n` 4.99 and without its time stamp. Of application protocols only HTTP is
 * told (a DNS packet is "UDP, length 40"), of IGMP only version 3 reports, of ICMP neither time stamps nor
 * address masks, of ARP requests and replies only; nothing is dumped in hex.
 */
export interface FormatOptions {
  /** As -e: link-level header first. */
  link?: boolean
  /** Where relative sequence numbers of a capture are kept (see `SeqBases`); without it they are absolute, as with -S. */
  seqs?: SeqBases
  /** As -v: what the headers hold, checksums judged. */
  verbose?: boolean
  /** The bytes begin with the IP header, as on a tunnel device. */
  raw?: boolean
}

export function formatFrame(b: Bytes, options: FormatOptions = {}): string {
  if (options.raw === true) return (options.link === true ? 'ip: ' : '') + formatIpv4(b, 0, b.length, options)
  if (b.length < ETH.size) return ' [|ether]'
  const type = ethType(b)
  if (type === ETH_P_IP) return prefix(b, 'IPv4', options) + formatIpv4(b, ETH.size, b.length, options)
  if (type === ETH_P_ARP) return prefix(b, 'ARP', options) + formatArp(b, options)
  return prefix(b, type === 0x86dd ? 'IPv6' : 'Unknown', { link: true })
}

function prefix(b: Bytes, name: string, options: FormatOptions): string {
  if (options.link !== true) return ''
  const type = `0x${ethType(b).toString(16).padStart(4, '0')}`
  return `${formatMac(ethSrc(b))} > ${formatMac(ethDst(b))}, ethertype ${name} (${type}), length ${b.length}: `
}

function formatArp(b: Bytes, options: FormatOptions): string {
  const head = options.link === true ? '' : 'ARP, '
  const parsed = parseArp(b, ETH.size)
  if (!parsed.ok) return ' [|arp]'
  const arp = parsed.value
  const length = `, length ${b.length - ETH.size}`
  const kinds = options.verbose === true ? 'Ethernet (len 6), IPv4 (len 4), ' : ''
  if (arp.op === ARP_REPLY)
    return `${head}${kinds}Reply ${formatIp4(arp.spa)} is-at ${formatMac(arp.sha)}${length}`
  if (arp.op !== ARP_REQUEST) return `${head}Unknown (${arp.op}) `
  const known = arp.tha === 0 ? '' : ` (${formatMac(arp.tha)})`
  return `${head}${kinds}Request who-has ${formatIp4(arp.tpa)}${known} tell ${formatIp4(arp.spa)}${length}`
}

/** The packet b[at, end). tcpdump counts in the length that the header gives and says how much of it is missing. */
function formatIpv4(b: Bytes, at: number, end: number, options: FormatOptions): string {
  const head = options.link === true ? '' : 'IP '
  const there = end - at
  if (there < IPV4.size) return `${there === 0 ? '' : head} [|ip]`
  const ip = readIpv4(b, at)
  const version = (b[at] ?? 0) >>> 4
  if (version === 6) return 'IP6, wrong link-layer encapsulation (invalid)'
  if (version !== 4) return `IP${version} (invalid)`
  if (ip.headerLength < IPV4.size) return `${head}bad-hlen ${ip.headerLength}`
  if (ip.totalLength < ip.headerLength) return `${head}bad-len ${ip.totalLength}`
  const missing = ip.totalLength - there
  const cut = missing > 0 ? `truncated-ip - ${missing} bytes missing! ` : ''
  const told = options.verbose === true ? verboseIp(b, at, ip) : ''
  return head + cut + told + formatPayload(b, at, ip, Math.min(end, at + ip.totalLength), options)
}

function formatPayload(b: Bytes, ipAt: number, ip: Ipv4, end: number, options: FormatOptions): string {
  const addresses = `${formatIp4(ip.src)} > ${formatIp4(ip.dst)}: `
  if (ip.fragOffset > 0) return `${addresses}ip-proto-${ip.proto}`
  const at = ipAt + ip.headerLength
  const length = ip.totalLength - ip.headerLength
  if (ip.proto === PROTO_TCP) return formatTcp(b, at, end, ip, options)
  if (ip.proto === PROTO_UDP)
    return formatUdp(b, at, end, ip, length, options.verbose === true ? verboseUdp(b, ipAt, at, end) : '')
  if (ip.proto === PROTO_ICMP) return addresses + formatIcmp(b, at, end, length)
  if (ip.proto === PROTO_IPIP) return addresses + formatIpv4(b, at, end, options)
  if (ip.proto === PROTO_OSPF) {
    const more = options.verbose === true ? verboseOspf(b, at, end) : ''
    return addresses + formatOspf(b, at, end, length) + more
  }
  if (ip.proto === PROTO_VRRP) return addresses + formatVrrp(b, at, end, ip.ttl, length)
  if (ip.proto === 2) return addresses + formatIgmp(b, at, end)
  return `${addresses} ip-proto-${ip.proto} ${length}`
}

function formatUdp(b: Bytes, at: number, end: number, ip: Ipv4, length: number, sum: string): string {
  const [src, dst] = [formatIp4(ip.src), formatIp4(ip.dst)]
  if (end < at + 4) return `${src} > ${dst}:  [|udp]`
  const ports = `${src}.${read16(b, at)} > ${dst}.${read16(b, at + 2)}: `
  if (length < UDP.size) return `${ports}truncated-udp ${length}`
  if (end < at + UDP.size) return `${ports} [|udp]`
  const said = read16(b, at + UDP.length.at)
  if (said < UDP.size) return `${ports}truncated-udplength ${said}`
  const payload = said - UDP.size
  return `${ports}${sum}UDP, ${said > length ? `bad length ${payload} > ${length - UDP.size}` : `length ${payload}`}`
}

function formatOspf(b: Bytes, at: number, end: number, length: number): string {
  if (end < at + 2) return '[|ospf2]'
  const type = b[at + 1] ?? 0
  return `OSPFv${b[at] ?? 0}, ${OSPF_TYPES[type] || `unknown packet type (${type})`}, length ${length}`
}

function formatIgmp(b: Bytes, at: number, end: number): string {
  const type = b[at] ?? 0
  if (end < at + 8) return '[|igmp]'
  return type === 0x22 ? `igmp v3 report, ${read16(b, at + 6)} group record(s)` : `igmp-${type}`
}
