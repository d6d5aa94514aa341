import { PROTO_ICMP, PROTO_IPIP, PROTO_OSPF, PROTO_TCP, PROTO_UDP } from '../../../wire/ipv4.ts'

/** Names as iptables knows them: /etc/protocols, /etc/services (the ports that labs use), ICMP types, TCP flags. */

const PROTOCOLS: readonly (readonly [name: string, proto: number])[] = [
  ['all', 0],
  ['icmp', PROTO_ICMP],
  ['igmp', 2],
  ['ipencap', PROTO_IPIP],
  ['tcp', PROTO_TCP],
  ['udp', PROTO_UDP],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['ospf', PROTO_OSPF],
  ['pim', 103],
  ['vrrp', 112],
  ['sctp', 132],
]

export function protocolName(proto: number): string {
  return PROTOCOLS.find(([, number]) => number === proto)?.[0] ?? String(proto)
}

export function parseProtocol(text: string): number | undefined {
  if (/^\d+$/.test(text) && Number(text) < 256) return Number(text)
  return PROTOCOLS.find(([name]) => name === text.toLowerCase())?.[1]
}

const SERVICES: Record<number, string> = {
  20: 'ftp-data',
  21: 'ftp',
  22: 'ssh',
  23: 'telnet',
  25: 'smtp',
  53: 'domain',
  67: 'bootps',
  68: 'bootpc',
  69: 'tftp',
  80: 'http',
  110: 'pop3',
  123: 'ntp',
  143: 'imap2',
  161: 'snmp',
  443: 'https',
  546: 'dhcpv6-client',
  2601: 'zebra',
  2604: 'ospfd',
  3306: 'mysql',
  5432: 'postgresql',
  6379: 'redis',
  8080: 'http-alt',
}

export function portName(port: number): string {
  return SERVICES[port] ?? String(port)
}

export function parsePort(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= 65535 ? Number(text) : undefined
  const found = Object.entries(SERVICES).find(([, name]) => name === text)
  return found && Number(found[0])
}

/** Name, type, lowest and highest code (extensions/libxt_icmp.h). The first that fits is what is printed. */
const ICMP_TYPES: readonly (readonly [name: string, type: number, from: number, to: number])[] = [
  ['any', 255, 0, 255],
  ['echo-reply', 0, 0, 255],
  ['pong', 0, 0, 255],
  ['destination-unreachable', 3, 0, 255],
  ['network-unreachable', 3, 0, 0],
  ['host-unreachable', 3, 1, 1],
  ['protocol-unreachable', 3, 2, 2],
  ['port-unreachable', 3, 3, 3],
  ['fragmentation-needed', 3, 4, 4],
  ['source-route-failed', 3, 5, 5],
  ['network-unknown', 3, 6, 6],
  ['host-unknown', 3, 7, 7],
  ['network-prohibited', 3, 9, 9],
  ['host-prohibited', 3, 10, 10],
  ['communication-prohibited', 3, 13, 13],
  ['source-quench', 4, 0, 255],
  ['redirect', 5, 0, 255],
  ['network-redirect', 5, 0, 0],
  ['host-redirect', 5, 1, 1],
  ['echo-request', 8, 0, 255],
  ['ping', 8, 0, 255],
  ['router-advertisement', 9, 0, 255],
  ['router-solicitation', 10, 0, 255],
  ['time-exceeded', 11, 0, 255],
  ['ttl-exceeded', 11, 0, 255],
  ['ttl-zero-during-transit', 11, 0, 0],
  ['ttl-zero-during-reassembly', 11, 1, 1],
  ['parameter-problem', 12, 0, 255],
  ['timestamp-request', 13, 0, 255],
  ['timestamp-reply', 14, 0, 255],
]

export interface IcmpKind {
  type: number
  codeFrom: number
  codeTo: number
}

/** A name, its beginning if only one has it, or `type[/code]`. 'many': several names begin so. */
export function parseIcmpType(text: string): IcmpKind | 'many' | undefined {
  const low = text.toLowerCase()
  const exact = ICMP_TYPES.find(([name]) => name === low)
  const near = exact ? [exact] : ICMP_TYPES.filter(([name]) => name.startsWith(low))
  if (near.length > 1) return 'many'
  if (near[0]) return { type: near[0][1], codeFrom: near[0][2], codeTo: near[0][3] }
  const m = /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(text)
  if (!m || Number(m[1]) > 255 || Number(m[2] ?? 0) > 255) return undefined
  const code = m[2] === undefined ? undefined : Number(m[2])
  return { type: Number(m[1]), codeFrom: code ?? 0, codeTo: code ?? 255 }
}

export function icmpTypeName(kind: IcmpKind): string | undefined {
  return ICMP_TYPES.find(
    ([, t, from, to]) => t === kind.type && from === kind.codeFrom && to === kind.codeTo,
  )?.[0]
}

const FLAGS: readonly (readonly [name: string, bit: number])[] = [
  ['FIN', 1],
  ['SYN', 2],
  ['RST', 4],
  ['PSH', 8],
  ['ACK', 16],
  ['URG', 32],
]

/** `SYN,ACK`, ALL or NONE; the error is the name that is none. */
export function parseTcpFlags(text: string): number | string {
  let bits = 0
  for (const name of text.split(',')) {
    const bit = name === 'ALL' ? 63 : name === 'NONE' ? 0 : FLAGS.find(([flag]) => flag === name)?.[1]
    if (bit === undefined) return name
    bits |= bit
  }
  return bits
}

export function tcpFlagNames(bits: number): string {
  if (bits === 0) return 'NONE'
  return FLAGS.flatMap(([name, bit]) => ((bits & bit) !== 0 ? [name] : [])).join(',')
}

/** syslog's levels by number. */
export const LOG_LEVELS = ['emerg', 'alert', 'crit', 'error', 'warn', 'notice', 'info', 'debug'] as const

export function parseLogLevel(text: string): number | undefined {
  if (/^[0-7]$/.test(text)) return Number(text)
  const low = text.toLowerCase()
  const alias: Record<string, number> = { panic: 0, err: 3, warning: 4 }
  const index = LOG_LEVELS.findIndex((name) => name === low)
  return index >= 0 ? index : alias[low]
}
