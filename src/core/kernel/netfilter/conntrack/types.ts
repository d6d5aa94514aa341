import type { Ip4, Nanos } from '../../../base/ids.ts'

/** Connection tracking (include/net/netfilter/nf_conntrack.h) as plain data. */

/**
 * One direction of a connection. For ICMP echo `sport` is the identifier and `dport` type and code; protocols without
 * ports have zeros. Never written: a changed direction is a new tuple.
 */
export interface Tuple {
  proto: number
  src: Ip4
  sport: number
  dst: Ip4
  dport: number
}

export type Direction = 0 | 1
export const ORIGINAL: Direction = 0
export const REPLY: Direction = 1

/** Bits of an entry's status (enum ip_conntrack_status). */
export const IPS_SEEN_REPLY = 2
export const IPS_ASSURED = 4
export const IPS_CONFIRMED = 8
export const IPS_SRC_NAT = 16
export const IPS_DST_NAT = 32
export const IPS_SRC_NAT_DONE = 128
export const IPS_DST_NAT_DONE = 256
export const IPS_DYING = 512

export const CT_TCP_STATES = [
  'NONE',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'SYN_SENT2',
] as const
export type CtTcpState = (typeof CT_TCP_STATES)[number]

/** What was seen of one sender (struct ip_ct_tcp_state). Sequence numbers are unsigned 32 bits. */
export interface Seen {
  end: number
  maxEnd: number
  maxWin: number
  maxAck: number
  scale: number
  flags: number
}

export interface CtTcp {
  /** Index into CT_TCP_STATES. */
  state: number
  seen: [Seen, Seen]
  retrans: number
  lastIndex: number
  lastDir: Direction
  lastSeq: number
  lastAck: number
  lastEnd: number
  lastWin: number
  lastScale: number
  lastFlags: number
}

export interface CtEntry {
  original: Tuple
  reply: Tuple
  status: number
  bornAt: Nanos
  /** When it is forgotten unless another packet comes. */
  expiresAt: Nanos
  mark: number
  tcp: CtTcp | null
  /** Interface of a MASQUERADE; '' = none. */
  masqDev: string
}

/** How a packet belongs to its connection (enum ip_conntrack_info). */
export type CtInfo = 'NEW' | 'ESTABLISHED' | 'RELATED' | 'UNTRACKED'

/** What a packet carries through the hooks (skb->_nfct). `entry` null: untracked. */
export interface SkbCt {
  entry: CtEntry | null
  info: CtInfo
  dir: Direction
}

export interface Ct {
  /** By key of the original tuple. Expired ones stay until somebody looks. */
  entries: Record<string, CtEntry>
  /** Key of the reply tuple -> key of the original one. */
  replies: Record<string, string>
  count: number
  /** Number of entries at which the expired ones are swept out. */
  sweepAt: number
}
