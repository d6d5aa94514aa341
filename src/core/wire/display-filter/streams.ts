import { type Bytes, read16, read32 } from '../../base/bytes.ts'
import { MS, type Nanos, parseIp4 } from '../../base/ids.ts'
import { ETH, ETH_P_IP, ethType } from '../ethernet.ts'
import {
  ipDst,
  ipHeaderLength,
  ipProto,
  ipSrc,
  ipTotalLength,
  IPV4,
  PROTO_IPIP,
  PROTO_TCP,
  readIpv4,
} from '../ipv4.ts'
import type { SeqBases } from '../format-tcp.ts'
import { ACK, FIN, RST, SYN, TCP, tcpHeaderLength } from '../tcp.ts'
import type { TcpMark } from './fields.ts'

/**
 * What only the order of frames tells: which TCP conversation a segment belongs to, relative numbers, and the marks of an
 * expert. As Wireshark's TCP analysis, simplified: one retransmission is not told from a fast or a spurious one, windows are
 * not scaled, and a segment that fills a gap within 3 ms is out of order, else sent again. Each place where frames
 * were seen is judged alone, so that a packet forwarded over two links is not one sent twice.
 */
export interface TcpFacts {
  /** Conversations in order of appearance, from 0. */
  stream: number
  /** Relative to the first number seen of that direction; `ack` to that of the other one. */
  seq: number
  ack: number
  /** Bytes carried. */
  length: number
  marks: readonly TcpMark[]
  /** For `formatFrame`, so that its numbers are the same relative ones. */
  bases: SeqBases
}

interface Segment {
  from: string
  to: string
  seq: number
  ack: number
  length: number
  flags: number
  window: number
}

/** One direction of a conversation at one place. */
interface Way {
  next: number
  lastAck: number
  window: number
  /** Stretches that were jumped over, and when. */
  holes: { from: number; to: number; at: Nanos }[]
}

interface Stream {
  number: number
  /** First sequence number by sender, and that of its SYN. */
  base: Map<string, number>
  syn: Map<string, number>
  ways: Map<string, Way>
  bases: SeqBases
}

const REORDER_NS = 3 * MS

/** Takes the frames of a capture in order and tells the facts of each; undefined where there is no whole TCP header. */
export function createStreamReader() {
  const streams = new Map<string, Stream>()
  let count = 0
  return (bytes: Bytes, raw: boolean, at: Nanos, point: string): TcpFacts | undefined => {
    const segment = segmentOf(bytes, raw)
    if (segment === undefined) return undefined
    const { from, to } = segment
    const key = from < to ? `${from} ${to}` : `${to} ${from}`
    let stream = streams.get(key)
    if (stream === undefined || isReused(stream, segment)) {
      stream = { number: count++, base: new Map(), syn: new Map(), ways: new Map(), bases: {} }
      streams.set(key, stream)
    }
    return factsOf(stream, segment, at, point)
  }
}

/** A SYN with another number than the last one from there: the ports are used again. */
function isReused(stream: Stream, { from, flags, seq }: Segment): boolean {
  if ((flags & (SYN | ACK)) !== SYN) return false
  const old = stream.syn.get(from)
  return old !== undefined && old !== seq
}

function factsOf(stream: Stream, segment: Segment, at: Nanos, point: string): TcpFacts {
  const { from, to, seq, ack, length, flags } = segment
  if (flags & SYN) stream.syn.set(from, seq)
  if (!stream.base.has(from)) stream.base.set(from, flags & SYN ? seq : (seq - 1) >>> 0)
  if (flags & ACK && !stream.base.has(to)) stream.base.set(to, (ack - 1) >>> 0)
  stream.bases = basesOf(stream, segment)
  const key = `${point} ${from}`
  const way = stream.ways.get(key)
  const marks = way === undefined ? [] : marksOf(way, segment, at)
  if (segment.window === 0 && !(flags & (SYN | FIN | RST))) marks.push('tcp.analysis.zero_window')
  stream.ways.set(key, advance(way, segment, at))
  return {
    stream: stream.number,
    seq: (seq - (stream.base.get(from) ?? seq)) >>> 0,
    ack: flags & ACK ? (ack - (stream.base.get(to) ?? ack)) >>> 0 : 0,
    length,
    marks,
    bases: stream.bases,
  }
}

/** Keyed as the formatter does: the lower port first, of equal ones the lower address. */
function basesOf(stream: Stream, { from, to }: Segment): SeqBases {
  const [here, there] = [stream.base.get(from), stream.base.get(to)]
  if (here === undefined || there === undefined) return stream.bases
  const isReverse = sortKey(from) > sortKey(to)
  const [a, b] = [from, to].map((end) => end.replace(':', '.'))
  const key = isReverse ? `${b} ${a}` : `${a} ${b}`
  const kept = stream.bases[key]
  const bases = isReverse ? { seq: there, ack: here } : { seq: here, ack: there }
  return kept?.seq === bases.seq && kept.ack === bases.ack ? stream.bases : { [key]: bases }
}

function sortKey(end: string): number {
  const [address = '', port = ''] = end.split(':')
  return Number(port) * 2 ** 33 + (parseIp4(address) ?? 0)
}

function marksOf(way: Way, { seq, ack, length, flags, window }: Segment, at: Nanos): TcpMark[] {
  const opens = (flags & (SYN | FIN)) !== 0
  const ahead = (seq - way.next) | 0
  if (flags & RST) return []
  if (ahead > 0) return ['tcp.analysis.lost_segment']
  if (ahead === -1 && length <= 1 && !opens) return ['tcp.analysis.keep_alive']
  if (length === 0 && !opens) {
    const same = ahead === 0 && ack === way.lastAck && window === way.window
    return same ? ['tcp.analysis.duplicate_ack'] : []
  }
  if (ahead >= 0) return []
  const hole = way.holes.find((one) => ((seq - one.from) | 0) >= 0 && ((seq - one.to) | 0) < 0)
  const late = hole !== undefined && at - hole.at <= REORDER_NS
  return [late ? 'tcp.analysis.out_of_order' : 'tcp.analysis.retransmission']
}

function advance(way: Way | undefined, segment: Segment, at: Nanos): Way {
  const { seq, ack, length, flags, window } = segment
  const end = (seq + length + (flags & SYN ? 1 : 0) + (flags & FIN ? 1 : 0)) >>> 0
  if (way === undefined) return { next: end, lastAck: ack, window, holes: [] }
  const ahead = (seq - way.next) | 0
  const holes = ahead > 0 ? [...way.holes.slice(-7), { from: way.next, to: seq, at }] : way.holes
  const next = ((end - way.next) | 0) > 0 ? end : way.next
  return { next, lastAck: ack, window, holes }
}

/** The innermost TCP segment of a frame; what an ICMP error quotes does not count. */
function segmentOf(b: Bytes, raw: boolean): Segment | undefined {
  if (!raw && (b.length < ETH.size || ethType(b) !== ETH_P_IP)) return undefined
  let at = raw ? 0 : ETH.size
  while (at + IPV4.size <= b.length && ipProto(b, at) === PROTO_IPIP)
    at += Math.max(IPV4.size, ipHeaderLength(b, at))
  if (at + IPV4.size > b.length || ipProto(b, at) !== PROTO_TCP || readIpv4(b, at).fragOffset > 0)
    return undefined
  const tcp = at + ipHeaderLength(b, at)
  if (tcp + TCP.size > b.length) return undefined
  const end = at + ipTotalLength(b, at)
  return {
    from: `${ipSrc(b, at)}:${read16(b, tcp + TCP.sport.at)}`,
    to: `${ipDst(b, at)}:${read16(b, tcp + TCP.dport.at)}`,
    seq: read32(b, tcp + TCP.seq.at),
    ack: read32(b, tcp + TCP.ack.at),
    length: Math.max(0, end - tcp - tcpHeaderLength(b, tcp)),
    flags: b[tcp + TCP.flags.at] ?? 0,
    window: read16(b, tcp + TCP.window.at),
  }
}
