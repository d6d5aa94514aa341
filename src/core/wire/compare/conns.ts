import { type Bytes, read16, read32 } from '../../base/bytes.ts'
import { formatIp4 } from '../../base/ids.ts'
import { ipDst, ipHeaderLength, ipProto, ipSrc, PROTO_TCP } from '../ipv4.ts'
import { ACK, SYN, TCP } from '../tcp.ts'

/** First port that Linux gives to a client (net.ipv4.ip_local_port_range). */
export const EPHEMERAL_FROM = 32768

/**
 * A conversation at one capture point. Its legs (client to VIP, LB to real server under NAT) count as one as long as
 * they share the client's port and first sequence number.
 */
export interface Conn {
  /** From 1 in order of appearance. */
  id: number
  /** The client's port as it was; 0 = there is none that was drawn at random. */
  ephemeral: number
  /** What it is called instead: 'e1', 'e2', ... in order of appearance. */
  port: string
  /** What it is, without what is random: 'TCP 172.16.253.135 > 172.16.253.100:8080'. */
  kind: string
}

/** One pair of ends. */
export interface Leg {
  conn: Conn
  /** First sequence number of each direction, by the sender's 'address:port'. */
  bases: Map<string, number>
}

/** All conversations of one capture point; lives as long as one reduction. */
export interface Conns {
  count: number
  ports: number
  /** By protocol and both ends. */
  legs: Map<string, Leg>
  /** By client port and first sequence number, and by client port alone for a leg whose first segment was not seen. */
  families: Map<string, Conn>
  /** Whatever is no TCP or UDP, by its kind. */
  others: Map<string, Conn>
}

export function makeConns(): Conns {
  return { count: 0, ports: 0, legs: new Map(), families: new Map(), others: new Map() }
}

export function newConn(conns: Conns, kind: string, ephemeral = 0): Conn {
  conns.count++
  if (ephemeral !== 0) conns.ports++
  return { id: conns.count, ephemeral, port: `e${conns.ports}`, kind }
}

/** The conversation of that kind, begun if need be. */
export function otherConn(conns: Conns, kind: string): Conn {
  const conn = conns.others.get(kind) ?? newConn(conns, kind)
  conns.others.set(kind, conn)
  return conn
}

/** 'address:port' of sender and receiver of the TCP or UDP packet whose IP header is at `at`. */
export function endsOf(b: Bytes, at: number): { src: string; dst: string } {
  const l4 = at + ipHeaderLength(b, at)
  return {
    src: `${formatIp4(ipSrc(b, at))}:${read16(b, l4)}`,
    dst: `${formatIp4(ipDst(b, at))}:${read16(b, l4 + 2)}`,
  }
}

/** Same for both directions: '6 10.0.0.10:40000 172.16.253.100:8080'. */
export function legKey(b: Bytes, at: number): string {
  const { src, dst } = endsOf(b, at)
  return `${ipProto(b, at)} ${src < dst ? `${src} ${dst}` : `${dst} ${src}`}`
}

/**
 * The leg a TCP or UDP packet belongs to. A SYN with another sequence number begins a new conversation between the same
 * ends. `quoted`: the packet is a quote in an ICMP error and begins nothing by its sequence number.
 */
export function legOf(conns: Conns, b: Bytes, at: number, quoted: boolean): Leg {
  const l4 = at + ipHeaderLength(b, at)
  const isTcp = ipProto(b, at) === PROTO_TCP
  const seq = isTcp ? read32(b, l4 + TCP.seq.at) : 0
  const isSyn = isTcp && !quoted && ((b[l4 + TCP.flags.at] ?? 0) & (SYN | ACK)) === SYN
  const key = legKey(b, at)
  const known = conns.legs.get(key)
  const base = known?.bases.get(endsOf(b, at).src)
  if (known && !(isSyn && base !== undefined && base !== seq)) return known
  const leg: Leg = { conn: familyOf(conns, b, at, isSyn ? seq : undefined), bases: new Map() }
  conns.legs.set(key, leg)
  return leg
}

function familyOf(conns: Conns, b: Bytes, at: number, firstSeq: number | undefined): Conn {
  const l4 = at + ipHeaderLength(b, at)
  const name = ipProto(b, at) === PROTO_TCP ? 'TCP' : 'UDP'
  const [sport, dport] = [read16(b, l4), read16(b, l4 + 2)]
  const isFromClient = sport >= EPHEMERAL_FROM || dport < EPHEMERAL_FROM
  const clientPort = isFromClient ? sport : dport
  const ephemeral = clientPort >= EPHEMERAL_FROM ? clientPort : 0
  const client =
    formatIp4(isFromClient ? ipSrc(b, at) : ipDst(b, at)) + (ephemeral === 0 ? `:${clientPort}` : '')
  const server = `${formatIp4(isFromClient ? ipDst(b, at) : ipSrc(b, at))}:${isFromClient ? dport : sport}`
  const byPort = `${name} ${clientPort}`
  const bySeq = firstSeq === undefined ? undefined : `${byPort} ${firstSeq}`
  const known = conns.families.get(bySeq ?? byPort)
  const conn = known ?? newConn(conns, `${name} ${client} > ${server}`, ephemeral)
  conns.families.set(byPort, conn)
  if (bySeq !== undefined) conns.families.set(bySeq, conn)
  return conn
}
