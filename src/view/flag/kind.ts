import { read16, textOfBytes, type Bytes } from '../../core/base/bytes.ts'
import { ARP } from '../../core/wire/arp.ts'
import { ETH, ETH_P_ARP, ETH_P_IP, ethType } from '../../core/wire/ethernet.ts'
import { ICMP } from '../../core/wire/icmp.ts'
import {
  ipHeaderLength,
  IPV4,
  ipProto,
  ipTotalLength,
  PROTO_ICMP,
  PROTO_OSPF,
  PROTO_TCP,
  PROTO_UDP,
  readIpv4,
} from '../../core/wire/ipv4.ts'
import { parseOspf } from '../../core/wire/ospf.ts'
import { ACK, FIN, RST, SYN, TCP, tcpHeaderLength } from '../../core/wire/tcp.ts'
import { PROTO_VRRP, VRRP } from '../../core/wire/vrrp.ts'
import type { FlagKind } from './model.ts'

/** Words for the tab and beside it. Protocol names stay as they are in every language. */
export interface KindWords {
  /** 'ARP' with what it does on a second line: 'ARP\nasks', 'ARP\n请求'. */
  arp: (op: number) => string
  /** Beside the flag: 'echo request', 'redirect', 'host unreachable' ... */
  icmp: (type: number, code: number) => string
}

export interface KindOfFrame {
  kind: FlagKind
  label: string
  beside?: string
}

/** What the tab says. `ipAt` is where the innermost IP header begins (see frame.ts). Never throws on broken bytes. */
export function readKind(b: Bytes, ipAt: number, words: KindWords): KindOfFrame {
  if (ethType(b) === ETH_P_ARP) return { kind: 'arp', label: words.arp(read16(b, ETH.size + ARP.op.at)) }
  if (ethType(b) !== ETH_P_IP || ipAt === 0 || b.length < ipAt + IPV4.size)
    return { kind: 'other', label: 'eth' }
  const at = ipAt + ipHeaderLength(b, ipAt)
  const end = Math.min(b.length, ipAt + ipTotalLength(b, ipAt))
  const proto = ipProto(b, ipAt)
  if (readIpv4(b, ipAt).fragOffset > 0) return { kind: 'other', label: 'frag' }
  switch (proto) {
    case PROTO_TCP:
      return tcpKind(b, at, end)
    case PROTO_ICMP: {
      const beside = words.icmp(b[at + ICMP.type.at] ?? 0, b[at + ICMP.code.at] ?? 0)
      return { kind: 'icmp', label: 'ICMP', ...(beside && { beside }) }
    }
    case PROTO_OSPF:
      return ospfKind(b, at, end)
    case PROTO_VRRP:
      return {
        kind: 'other',
        label: 'VRRP',
        beside: `${b[at + VRRP.vrid.at] ?? 0}: ${b[at + VRRP.priority.at] ?? 0}`,
      }
    case PROTO_UDP:
      return { kind: 'udp', label: 'UDP' }
    default:
      return { kind: 'other', label: `ip ${proto}` }
  }
}

/** RFC 2328 A.3.1, packet types as routers' logs name them. */
const OSPF_TYPES: readonly string[] = ['OSPF', 'Hello', 'DD', 'LSR', 'LSU', 'LSAck']

/** Beside the type what it carries: the routers a hello has heard, LSAs that are described, asked for or sent. */
function ospfKind(b: Bytes, at: number, end: number): KindOfFrame {
  const kind = { kind: 'ospf', label: OSPF_TYPES[b[at + 1] ?? 0] ?? 'OSPF' } as const
  const packet = parseOspf(b, at, end)
  if (!packet.ok) return kind
  const { body } = packet.value
  if (body.kind === 'hello') return { ...kind, beside: `↔ ${body.neighbors.length}` }
  const count =
    body.kind === 'lsr' ? body.keys.length : body.kind === 'lsu' ? body.lsas.length : body.headers.length
  return { ...kind, beside: `${count} LSA` }
}

function tcpKind(b: Bytes, at: number, end: number): KindOfFrame {
  const flags = b[at + TCP.flags.at] ?? 0
  const from = Math.min(end, at + tcpHeaderLength(b, at))
  if (flags & RST) return { kind: 'rst', label: 'RST' }
  if (flags & SYN) return flags & ACK ? { kind: 'synack', label: 'SYN,ACK' } : { kind: 'syn', label: 'SYN' }
  if (end > from) return { kind: flags & FIN ? 'fin' : 'data', label: payloadLabel(b, from, end) }
  if (flags & FIN) return { kind: 'fin', label: 'FIN' }
  return { kind: 'ack', label: 'ACK' }
}

/** Longest word a tab holds, in characters. */
const LABEL_MAX = 7

/** First line of HTTP in short: 'GET /', '200'; other payloads by size in bytes. */
function payloadLabel(b: Bytes, from: number, end: number): string {
  const start = textOfBytes(b.subarray(from, Math.min(end, from + 64)))
  const request = /^(GET|POST|PUT|HEAD|DELETE) (\S+) HTTP/.exec(start)
  if (request) {
    const line = `${request[1]} ${request[2]}`
    return line.length <= LABEL_MAX ? line : `${line.slice(0, LABEL_MAX - 1)}…`
  }
  const response = /^HTTP\/1\.\d (\d{3})/.exec(start)
  return response?.[1] ?? `${end - from} B`
}
