import { type Bytes, read16, read32, textOfBytes } from '../../base/bytes.ts'
import { formatIp4 } from '../../base/ids.ts'
import { looksLikeHttp } from '../dissect/http.ts'
import {
  ICMP,
  ICMP_DEST_UNREACH,
  ICMP_ECHO,
  ICMP_ECHOREPLY,
  ICMP_FRAG_NEEDED,
  ICMP_REDIRECT,
  gatewayOfRest,
  isIcmpError,
} from '../icmp.ts'
import { IPV4, ipHeaderLength, PROTO_ICMP, PROTO_IPIP, PROTO_TCP, PROTO_UDP, readIpv4 } from '../ipv4.ts'
import { ACK, SYN, TCP, tcpHeaderLength } from '../tcp.ts'
import { parseTcpOptions } from '../tcp-options.ts'
import { UDP } from '../udp.ts'
import { type Conn, type Conns, endsOf, type Leg, legOf, newConn, otherConn } from './conns.ts'

/** One packet's text and the conversation it is part of. */
export interface PacketText {
  conn: Conn
  text: string
}

/** 'IP 10.0.0.10 > 172.16.253.100 ttl 63 DF len 60 TCP e1 > 8080 [S] seq 0 data 0 mss 1460'. */
export function ipText(conns: Conns, b: Bytes, at: number, end: number, quoted = false): PacketText {
  const ip = readIpv4(b, at)
  const frag = ip.mf || ip.fragOffset > 0 ? ` frag ${ip.fragOffset}${ip.mf ? '+' : ''}` : ''
  const addresses = `${formatIp4(ip.src)} > ${formatIp4(ip.dst)}`
  const head = `IP ${addresses} ttl ${ip.ttl}${ip.df ? ' DF' : ''}${frag} len ${ip.totalLength}`
  const l4 = at + ipHeaderLength(b, at)
  const stop = Math.min(end, b.length, at + ip.totalLength)
  const inner = ip.fragOffset > 0 ? undefined : innerText(conns, b, at, l4, stop, quoted)
  if (inner) return { conn: inner.conn, text: `${head} ${inner.text}` }
  const kind = `proto ${ip.proto} ${addresses}`
  return { conn: otherConn(conns, kind), text: `${head} proto ${ip.proto}` }
}

/** undefined: another protocol, or too little of it to say more. */
function innerText(
  conns: Conns,
  b: Bytes,
  ipAt: number,
  l4: number,
  end: number,
  quoted: boolean,
): PacketText | undefined {
  const { proto } = readIpv4(b, ipAt)
  if (proto === PROTO_IPIP && end >= l4 + IPV4.size) {
    const { conn, text } = ipText(conns, b, l4, end, quoted)
    return { conn, text: `IPIP [${text}]` }
  }
  if (proto === PROTO_ICMP && end >= l4 + ICMP.size) return icmpText(conns, b, ipAt, l4, end)
  if (end < l4 + UDP.size) return undefined
  if (proto === PROTO_UDP) {
    const leg = legOf(conns, b, ipAt, quoted)
    return { conn: leg.conn, text: `UDP ${portsText(leg, b, l4)} length ${read16(b, l4 + UDP.length.at)}` }
  }
  if (proto !== PROTO_TCP) return undefined
  const leg = legOf(conns, b, ipAt, quoted)
  // Eight bytes of TCP is all that an error must quote (RFC 792): no flags then.
  if (end < l4 + TCP.size) return { conn: leg.conn, text: `TCP ${portsText(leg, b, l4)}` }
  return { conn: leg.conn, text: `TCP ${portsText(leg, b, l4)} ${tcpText(leg, b, ipAt, l4, end)}` }
}

function portsText(leg: Leg, b: Bytes, l4: number): string {
  const port = (value: number): string => (value === leg.conn.ephemeral ? leg.conn.port : String(value))
  return `${port(read16(b, l4))} > ${port(read16(b, l4 + 2))}`
}

const FLAG_LETTERS = 'FSRP.UEW'

function tcpText(leg: Leg, b: Bytes, ipAt: number, l4: number, end: number): string {
  const flags = b[l4 + TCP.flags.at] ?? 0
  const headerLength = tcpHeaderLength(b, l4)
  const { src, dst } = endsOf(b, ipAt)
  // A server that forgot the attempt answers the repeated SYN with a number of its own choice again.
  if ((flags & (SYN | ACK)) === (SYN | ACK)) leg.bases.set(src, read32(b, l4 + TCP.seq.at))
  const seq = relative(leg, src, read32(b, l4 + TCP.seq.at))
  let text = `[${[...FLAG_LETTERS].filter((_, bit) => (flags >>> bit) & 1).join('')}] seq ${seq}`
  // The other side's first number may not have been seen; what it acknowledges first then counts as 1.
  if (flags & ACK) text += ` ack ${relative(leg, dst, read32(b, l4 + TCP.ack.at), 1)}`
  const ip = readIpv4(b, ipAt)
  text += ` data ${ip.totalLength - ip.headerLength - headerLength}`
  const { mss } = parseTcpOptions(b, l4 + TCP.size, Math.min(l4 + headerLength, end))
  if (mss !== undefined) text += ` mss ${mss}`
  return text + httpText(b, l4 + headerLength, end)
}

function relative(leg: Leg, sender: string, number: number, offset = 0): number {
  const base = leg.bases.get(sender) ?? (number - offset) >>> 0
  leg.bases.set(sender, base)
  return (number - base) >>> 0
}

/** First line and X- headers of a head that begins in this segment. */
function httpText(b: Bytes, at: number, end: number): string {
  if (!looksLikeHttp(b, at, end)) return ''
  const [head = ''] = textOfBytes(b.subarray(at, end)).split('\r\n\r\n')
  const [first = '', ...headers] = head.split('\r\n')
  return [` | ${first}`, ...headers.filter((line) => /^x-/i.test(line))].join(' | ')
}

function icmpText(conns: Conns, b: Bytes, ipAt: number, l4: number, end: number): PacketText {
  const [type, code, rest] = [b[l4] ?? 0, b[l4 + 1] ?? 0, read32(b, l4 + ICMP.rest.at)]
  const text = `ICMP ${type}/${code}`
  const { src, dst } = readIpv4(b, ipAt)
  if (type === ICMP_ECHO || type === ICMP_ECHOREPLY) {
    const [from, to] = type === ICMP_ECHO ? [src, dst] : [dst, src]
    // The identifier is drawn at random; one ping's packets are told from the next one's by it all the same.
    const key = `ping ${from} > ${to} ${rest >>> 16}`
    const conn = conns.others.get(key) ?? newConn(conns, `ping ${formatIp4(from)} > ${formatIp4(to)}`)
    conns.others.set(key, conn)
    return { conn, text: `${text} seq ${rest & 0xffff}` }
  }
  if (!isIcmpError(type) || end < l4 + ICMP.size + IPV4.size)
    return { conn: otherConn(conns, `ICMP ${formatIp4(src)} > ${formatIp4(dst)}`), text }
  const quote = ipText(conns, b, l4 + ICMP.size, end, true)
  let what = ''
  if (type === ICMP_REDIRECT) what = ` gateway ${formatIp4(gatewayOfRest(rest))}`
  if (type === ICMP_DEST_UNREACH && code === ICMP_FRAG_NEEDED) what = ` mtu ${rest & 0xffff}`
  return { conn: quote.conn, text: `${text}${what} [${quote.text}]` }
}
