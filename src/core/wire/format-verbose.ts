import { type Bytes, read16 } from '../base/bytes.ts'
import { checksum16, pseudoSum, sum16 } from '../base/checksum.ts'
import { IPV4, type Ipv4, ipDst, ipSrc, PROTO_ICMP, PROTO_IPIP, PROTO_TCP, PROTO_UDP } from './ipv4.ts'
import { TCP } from './tcp.ts'
import { UDP } from './udp.ts'

/** What `tcpdump -v` tells besides: the IP header, and whether checksums are right (print-ip.c, print-tcp.c, print-udp.c). */

const PROTO_NAMES: Readonly<Record<number, string>> = {
  [PROTO_ICMP]: 'ICMP',
  2: 'IGMP',
  [PROTO_IPIP]: 'IPIP',
  [PROTO_TCP]: 'TCP',
  [PROTO_UDP]: 'UDP',
  89: 'OSPF',
  112: 'VRRP',
}

/** `(tos 0x0, ttl 64, id 7238, offset 0, flags [DF], proto TCP (6), length 60)` and the break before what follows. */
export function verboseIp(b: Bytes, at: number, ip: Ipv4): string {
  const word = read16(b, at + IPV4.frag.at)
  const flags = [word & 0x8000 ? 'Evil' : '', word & 0x2000 ? '+' : '', word & 0x4000 ? 'DF' : ''].filter(
    (f) => f !== '',
  )
  const options = optionNames(b, at + IPV4.size, at + ip.headerLength)
  const sum = checksum16(b, at, at + ip.headerLength)
  const parts = [
    `tos 0x${ip.tos.toString(16)}`,
    `ttl ${ip.ttl}`,
    `id ${ip.id}`,
    `offset ${ip.fragOffset}`,
    `flags [${flags.length > 0 ? flags.join(', ') : 'none'}]`,
    `proto ${PROTO_NAMES[ip.proto] ?? 'unknown'} (${ip.proto})`,
    `length ${ip.totalLength}`,
    ...(options.length > 0 ? [`options (${options.join(',')})`] : []),
    ...(sum !== 0 ? [`bad cksum ${ip.checksum.toString(16)}`] : []),
  ]
  return `(${parts.join(', ')})\n    `
}

function optionNames(b: Bytes, from: number, end: number): string[] {
  const names: string[] = []
  for (let at = from; at < end;) {
    const kind = b[at] ?? 0
    names.push(kind === 0 ? 'EOL' : kind === 1 ? 'NOP' : kind === 148 ? 'RA' : `unknown ${kind}`)
    if (kind === 0) break
    at += kind === 1 ? 1 : Math.max(2, b[at + 1] ?? 0)
  }
  return names
}

/** `, cksum 0x5285 (correct)`; only of whole segments. */
export function verboseTcp(b: Bytes, at: number, end: number, ip: Ipv4): string {
  const length = ip.totalLength - ip.headerLength
  const said = read16(b, at + TCP.checksum.at)
  const shown = `, cksum 0x${hex4(said)}`
  if (end - at < length || ip.fragOffset > 0 || ip.mf) return shown
  const sum = sum16(b, at, end, pseudoSum(ip.src, ip.dst, PROTO_TCP, length))
  return sum === 0xffff ? `${shown} (correct)` : `${shown} (incorrect -> 0x${hex4(right(said, sum))})`
}

/** `[udp sum ok] `, in front of the length. */
export function verboseUdp(b: Bytes, ipAt: number, at: number, end: number): string {
  const length = read16(b, at + UDP.length.at)
  const said = read16(b, at + UDP.checksum.at)
  if (said === 0) return '[no cksum] '
  if (end - at < length) return ''
  const sum = sum16(b, at, at + length, pseudoSum(ipSrc(b, ipAt), ipDst(b, ipAt), PROTO_UDP, length))
  return sum === 0xffff ? '[udp sum ok] ' : `[bad udp cksum 0x${hex4(said)} -> 0x${hex4(right(said, sum))}!] `
}

/** The checksum that would have been right, from the one there was and the sum over everything. */
function right(said: number, sum: number): number {
  const without = sum - said
  const folded = without < 0 ? without + 0xffff : without
  return ~folded & 0xffff
}

function hex4(n: number): string {
  return n.toString(16).padStart(4, '0')
}
