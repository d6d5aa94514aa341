import { type Bytes, read16, read32, textOfBytes } from '../base/bytes.ts'
import { formatIp4 } from '../base/ids.ts'
import { verboseTcp } from './format-verbose.ts'
import type { Ipv4 } from './ipv4.ts'
import { ACK, FIN, RST, SYN, TCP, tcpHeaderLength } from './tcp.ts'
import {
  OPT_END,
  OPT_MSS,
  OPT_NOP,
  OPT_SACK,
  OPT_SACK_PERMITTED,
  OPT_TIMESTAMPS,
  OPT_WINDOW_SCALE,
} from './tcp-options.ts'

/**
 * First sequence numbers of each conversation of one capture, plain data. tcpdump takes them from the first segment with
 * ACK that it sees, which it prints absolute, and subtracts them afterwards; a SYN+ACK starts anew.
 */
export type SeqBases = Record<string, { seq: number; ack: number }>

/** Letters of the flag bits, FIN first. */
const FLAG_LETTERS = 'FSRP.UEW'
const HTTP_PORTS = [80, 8080, 3128]
/** A method that tcpdump knows (WebDAV's and others left out), or any first word before a three-digit code. */
const HTTP_START = /^(?:(?:GET|PUT|HEAD|POST|TRACE|DELETE|CONNECT|OPTIONS)\s|\S+\s+\d{3}\s)/i

/** The segment b[at, end); lengths count as the IP header gives them. */
export function formatTcp(
  b: Bytes,
  at: number,
  end: number,
  ip: Ipv4,
  { seqs: bases, verbose = false }: { seqs?: SeqBases; verbose?: boolean } = {},
): string {
  const [src, dst] = [formatIp4(ip.src), formatIp4(ip.dst)]
  if (end < at + 4) return `${src} > ${dst}: [|tcp]`
  const [sport, dport] = [read16(b, at), read16(b, at + 2)]
  const ports = `${src}.${sport} > ${dst}.${dport}: `
  if (end < at + TCP.size) return `${ports} [|tcp]`
  const headerLength = tcpHeaderLength(b, at)
  const whole = ip.totalLength - ip.headerLength
  const length = whole - headerLength
  if (headerLength < TCP.size)
    return `${ports} tcp ${length} [bad hdr length ${headerLength} - too short, < ${TCP.size}]`

  const flags = b[at + TCP.flags.at] ?? 0
  const base = relativeTo(b, at, ip, bases)
  const seq = minus(read32(b, at + TCP.seq.at), base.seq)
  const ack = minus(read32(b, at + TCP.ack.at), base.ack)
  let line = `${ports}Flags [${flagLetters(flags)}]`
  if (headerLength > whole) return `${line} [bad hdr length ${headerLength} - too long, > ${whole}]`
  if (verbose) line += verboseTcp(b, at, end, ip)
  if (length > 0) line += `, seq ${seq}:${minus(seq + length, 0)}`
  else if (flags & (SYN | FIN | RST)) line += `, seq ${seq}`
  if (flags & ACK) line += `, ack ${ack}`
  line += `, win ${read16(b, at + TCP.window.at)}`
  if (flags & 32) line += `, urg ${read16(b, at + TCP.urgent.at)}`
  const options = optionTexts(b, at + TCP.size, Math.min(at + headerLength, end), base.sack)
  if (options.length > 0) line += `, options [${options.join(',')}]`
  line += `, length ${length}`
  const isHttp = length > 0 && (HTTP_PORTS.includes(sport) || HTTP_PORTS.includes(dport))
  if (!isHttp) return line
  if (verbose) return `${line}: HTTP, length: ${length}${headerLines(b, at + headerLength, end)}`
  return `${line}: HTTP${firstLine(b, at + headerLength, end)}`
}

function flagLetters(flags: number): string {
  return [...FLAG_LETTERS].filter((_, bit) => (flags >>> bit) & 1).join('') || 'none'
}

/** What to subtract from seq, ack and SACK edges: zero for the segment that sets the bases. */
function relativeTo(
  b: Bytes,
  at: number,
  ip: Ipv4,
  bases?: SeqBases,
): { seq: number; ack: number; sack: number } {
  const flags = b[at + TCP.flags.at] ?? 0
  if (!bases || !(flags & ACK)) return { seq: 0, ack: 0, sack: 0 }
  const [sport, dport] = [read16(b, at), read16(b, at + 2)]
  const isReverse = sport > dport || (sport === dport && ip.src > ip.dst)
  const here = `${ip.src}.${sport}`
  const there = `${ip.dst}.${dport}`
  const key = isReverse ? `${there} ${here}` : `${here} ${there}`
  const known = bases[key]
  if (!known || flags & SYN) {
    const seq = read32(b, at + TCP.seq.at)
    const before = minus(read32(b, at + TCP.ack.at), 1)
    const set = isReverse ? { seq: before, ack: seq } : { seq, ack: before }
    bases[key] = set
    return { seq: 0, ack: 0, sack: isReverse ? set.seq : set.ack }
  }
  if (isReverse) return { seq: known.ack, ack: known.seq, sack: known.seq }
  return { seq: known.seq, ack: known.ack, sack: known.ack }
}

function minus(value: number, base: number): number {
  return (value - base) >>> 0
}

/** Options as they stand, padding included. */
function optionTexts(b: Bytes, from: number, end: number, sackBase: number): string[] {
  const texts: string[] = []
  for (let at = from; at < end;) {
    const kind = b[at] ?? OPT_END
    if (kind === OPT_END) return [...texts, 'eol']
    if (kind === OPT_NOP) {
      texts.push('nop')
      at++
      continue
    }
    const length = b[at + 1] ?? 0
    if (length < 2 || at + length > end) return [...texts, '[bad opt]']
    texts.push(optionText(b, at + 2, kind, length, sackBase))
    at += length
  }
  return texts
}

function optionText(b: Bytes, at: number, kind: number, length: number, sackBase: number): string {
  if (kind === OPT_MSS && length === 4) return `mss ${read16(b, at)}`
  if (kind === OPT_WINDOW_SCALE && length === 3) return `wscale ${b[at] ?? 0}`
  if (kind === OPT_SACK_PERMITTED && length === 2) return 'sackOK'
  if (kind === OPT_TIMESTAMPS && length === 10) return `TS val ${read32(b, at)} ecr ${read32(b, at + 4)}`
  if (kind === OPT_SACK && (length - 2) % 8 === 0) {
    let text = `sack ${(length - 2) / 8} `
    for (let i = 0; i < length - 2; i += 8)
      text += `{${minus(read32(b, at + i), sackBase)}:${minus(read32(b, at + i + 4), sackBase)}}`
    return text
  }
  return `unknown-${kind}`
}

/** ': GET / HTTP/1.1' if the payload starts with a request or status line; a line without end is marked. */
function firstLine(b: Bytes, at: number, end: number): string {
  const text = textOfBytes(b.subarray(at, Math.min(end, at + 1024)))
  const m = /^([\x20-\x7e\t]*)(\r|\n|$)/.exec(text)
  if (!m || !HTTP_START.test(text)) return ''
  return `: ${m[1] ?? ''}${m[2] === '' ? ' [|http]' : ''}`
}

/** The lines of a head, each after a tab, with the empty one that ends it. */
function headerLines(b: Bytes, at: number, end: number): string {
  const text = textOfBytes(b.subarray(at, Math.min(end, at + 4096)))
  if (!HTTP_START.test(text)) return ''
  const head = text.split('\r\n\r\n')[0] ?? ''
  return `${head
    .split('\r\n')
    .map((line) => `\n\t${line}`)
    .join('')}\n\t`
}
