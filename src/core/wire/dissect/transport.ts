import { type Bytes, read16, read32 } from '../../base/bytes.ts'
import { formatIp4, type Ip4 } from '../../base/ids.ts'
import { TCP, tcpChecksumOk, tcpHeaderLength } from '../tcp.ts'
import {
  OPT_END,
  OPT_MSS,
  OPT_TOA,
  OPT_NOP,
  OPT_SACK,
  OPT_SACK_PERMITTED,
  OPT_TIMESTAMPS,
  OPT_WINDOW_SCALE,
} from '../tcp-options.ts'
import { UDP, udpChecksumOk } from '../udp.ts'
import { looksLikeHttp } from './http.ts'
import { addField, addNumber, closeLayer, hex, noteField, openLayer } from './layer.ts'
import type { Dissected, DField, Part, Reader } from './layer.ts'

const TCP_FLAG_NAMES = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'] as const

/** 'SYN, ACK' in the order of the bits; '<none>' for an empty set. */
function tcpFlagNames(flags: number): string {
  return TCP_FLAG_NAMES.filter((_, bit) => (flags >>> bit) & 1).join(', ') || '<none>'
}

export function dissectTcp(b: Bytes, part: Part): Dissected {
  const at = part.at
  const r = openLayer(b, part, 'TCP')
  const headerLength = tcpHeaderLength(b, at)
  addNumber(r, 'tcp.srcport', at + TCP.sport.at, 2)
  addNumber(r, 'tcp.dstport', at + TCP.dport.at, 2)
  addNumber(r, 'tcp.seq_raw', at + TCP.seq.at, 4)
  addNumber(r, 'tcp.ack_raw', at + TCP.ack.at, 4)
  const lengthText = `${headerLength} bytes`
  addField(r, {
    name: 'tcp.hdr_len',
    at: at + TCP.offset.at,
    length: 1,
    value: headerLength,
    text: lengthText,
  })
  addNumber(r, 'tcp.flags', at + TCP.flags.at, 1, (flags) => `${tcpFlagNames(flags)} (${hex(2)(flags)})`)
  addNumber(r, 'tcp.window_size_value', at + TCP.window.at, 2)
  addNumber(r, 'tcp.checksum', at + TCP.checksum.at, 2, hex(4))
  if (part.ipAt === -1) noteField(r, 'tcp.checksum', 'not checked')
  else if (!tcpChecksumOk(b, part.ipAt, at, r.end)) noteField(r, 'tcp.checksum', 'bad checksum')
  addNumber(r, 'tcp.urgent_pointer', at + TCP.urgent.at, 2)
  const isCut = r.end < at + TCP.size
  if (!isCut && headerLength < TCP.size) noteField(r, 'tcp.hdr_len', 'bad length')
  if (isCut || headerLength < TCP.size) return { layer: closeLayer(r, TCP.size), next: [] }
  if (at + headerLength > r.end) noteField(r, 'tcp.hdr_len', 'truncated')
  addTcpOptions(r, at + TCP.size, Math.min(at + headerLength, r.end))
  const payloadAt = at + headerLength
  const proto = looksLikeHttp(b, payloadAt, r.end) ? 'http' : 'data'
  const next: Part = { ...part, proto, at: payloadAt }
  return { layer: closeLayer(r, Math.max(headerLength, TCP.size)), next: [next] }
}

function addTcpOptions(r: Reader, from: number, end: number): void {
  for (let at = from; at < end;) {
    const kind = r.b[at] ?? OPT_END
    if (kind === OPT_END || kind === OPT_NOP) {
      const name = kind === OPT_END ? 'tcp.options.eol' : 'tcp.options.nop'
      addField(r, {
        name,
        at,
        length: 1,
        value: kind,
        text: kind === OPT_END ? 'end of options' : 'no-operation',
      })
      if (kind === OPT_END) return
      at++
      continue
    }
    const length = at + 1 < end ? (r.b[at + 1] ?? 0) : 0
    if (length < 2 || at + length > end) {
      const left = end - at
      addField(r, {
        name: 'tcp.options',
        at,
        length: left,
        value: kind,
        text: `kind ${kind}`,
        note: 'malformed',
      })
      return
    }
    for (const field of optionFields(r.b, kind, at, length)) addField(r, field)
    at += length
  }
}

/** An option's fields; the first one covers kind and length too, so that no byte is left unexplained. */
function optionFields(b: Bytes, kind: number, at: number, length: number): DField[] {
  const one = (name: string, value: number, text = String(value)): DField[] => [
    { name, at, length, value, text },
  ]
  if (kind === OPT_MSS && length === 4) return one('tcp.options.mss_val', read16(b, at + 2))
  if (kind === OPT_WINDOW_SCALE && length === 3) {
    const shift = b[at + 2] ?? 0
    return one('tcp.options.wscale.shift', shift, `${shift} (multiply by ${2 ** Math.min(shift, 14)})`)
  }
  if (kind === OPT_SACK_PERMITTED && length === 2) return one('tcp.options.sack_perm', 1, 'permitted')
  if (kind === OPT_TIMESTAMPS && length === 10) {
    const [value, echo] = [read32(b, at + 2), read32(b, at + 6)]
    return [
      { name: 'tcp.options.timestamp.tsval', at, length: 6, value, text: String(value) },
      { name: 'tcp.options.timestamp.tsecr', at: at + 6, length: 4, value: echo, text: String(echo) },
    ]
  }
  if (kind === OPT_TOA && length === 8) {
    const client = formatIp4(read32(b, at + 4) as Ip4)
    return one(
      'tcp.options.toa',
      read32(b, at + 4),
      `${client}:${read16(b, at + 2)}, the client behind the load balancer`,
    )
  }
  if (kind === OPT_SACK && length >= 10 && (length - 2) % 8 === 0) return sackFields(b, at, length)
  return one('tcp.options', kind, `kind ${kind}, ${length} bytes`)
}

function sackFields(b: Bytes, at: number, length: number): DField[] {
  const fields: DField[] = []
  for (let i = 2; i < length; i += 8) {
    const [left, right] = [read32(b, at + i), read32(b, at + i + 4)]
    const head = i === 2 ? 2 : 0
    const name = 'tcp.options.sack_le'
    fields.push({ name, at: at + i - head, length: 4 + head, value: left, text: String(left) })
    fields.push({ name: 'tcp.options.sack_re', at: at + i + 4, length: 4, value: right, text: String(right) })
  }
  return fields
}

export function dissectUdp(b: Bytes, part: Part): Dissected {
  const at = part.at
  const r = openLayer(b, part, 'UDP')
  addNumber(r, 'udp.srcport', at + UDP.sport.at, 2)
  addNumber(r, 'udp.dstport', at + UDP.dport.at, 2)
  addNumber(r, 'udp.length', at + UDP.length.at, 2)
  addNumber(r, 'udp.checksum', at + UDP.checksum.at, 2, hex(4))
  const length = read16(b, at + UDP.length.at)
  if (length < UDP.size) noteField(r, 'udp.length', 'bad length')
  else if (at + length > r.end) noteField(r, 'udp.length', 'truncated')
  if (part.ipAt === -1) noteField(r, 'udp.checksum', 'not checked')
  else if (!udpChecksumOk(b, part.ipAt, at, r.end)) noteField(r, 'udp.checksum', 'bad checksum')
  return { layer: closeLayer(r, UDP.size), next: [{ ...part, proto: 'data', at: at + UDP.size }] }
}
