import { SEC } from '../../../base/ids.ts'
import { ACK, FIN, RST, SYN } from '../../../wire/tcp.ts'
import type { Host } from '../../host.ts'
import {
  ACK_SET,
  CLOSE,
  ESTABLISHED,
  FIN_SET,
  FIN_WAIT,
  IGNORE,
  INVALID,
  nextCtState,
  NONE,
  NONE_SET,
  RETRANS_SEC,
  RST_SET,
  SYN_RECV,
  SYN_SENT,
  SYN_SET,
  SYNACK_SET,
  TIME_WAIT,
  TIMEOUT_SEC,
  UNACK_SEC,
} from './tcp-table.ts'
import {
  before,
  F_CLOSE_INIT,
  F_LIBERAL,
  F_MAXACK,
  F_UNACKED,
  inWindow,
  type Segment,
  startSide,
} from './tcp-window.ts'
import { type CtEntry, type CtTcp, type Direction, IPS_ASSURED, IPS_SEEN_REPLY, type Seen } from './types.ts'

/**
 * TCP as connection tracking follows it (nf_conntrack_proto_tcp.c nf_conntrack_tcp_packet). Simplified: challenge ACKs
 * are not told apart, and no invalid segment is logged.
 */

/** `invalid`: the packet belongs to no connection. `reopen`: forget the entry and look again. `kill`: accept, then forget. */
export type TcpVerdict = 'accept' | 'ignore' | 'invalid' | 'reopen' | 'kill'

const MAX_RETRANS = 3
/** FIN, SYN, RST, ACK, URG: which combinations occur; PSH and ECN never matter. */
const VALID = new Set([
  SYN,
  SYN | 0x20,
  SYN | ACK,
  RST,
  RST | ACK,
  FIN | ACK,
  FIN | ACK | 0x20,
  ACK,
  ACK | 0x20,
])

export function isValidFlags(flags: number): boolean {
  return VALID.has(flags & 0x37)
}

function indexOf(flags: number): number {
  if ((flags & RST) !== 0) return RST_SET
  if ((flags & SYN) !== 0) return (flags & ACK) !== 0 ? SYNACK_SET : SYN_SET
  if ((flags & FIN) !== 0) return FIN_SET
  return (flags & ACK) !== 0 ? ACK_SET : NONE_SET
}

const blank = (flags = 0): Seen => ({ end: 0, maxEnd: 0, maxWin: 0, maxAck: 0, scale: 0, flags })

/** A new connection (tcp_new); undefined: this segment cannot begin one. */
export function newTcp(seg: Segment, loose: boolean): CtTcp | undefined {
  const state = nextCtState(0, indexOf(seg.flags), NONE)
  if (state >= INVALID || (state !== SYN_SENT && !loose)) return undefined
  const side = blank()
  startSide(side, seg)
  let back = blank()
  if (state !== SYN_SENT) {
    // Picked up in the middle: no SYN told of window scaling.
    side.maxEnd = (seg.end + side.maxWin) >>> 0
    side.scale = 0
    side.flags = 2 | F_LIBERAL
    back = blank(2 | F_LIBERAL)
  }
  return {
    state: NONE,
    seen: [side, back],
    retrans: 0,
    lastIndex: NONE_SET,
    lastDir: 0,
    lastSeq: 0,
    lastAck: 0,
    lastEnd: 0,
    lastWin: 0,
    lastScale: 0,
    lastFlags: 0,
  }
}

/** Follow one segment. `entry.tcp` is replaced, not written, so that copies of the entry stay as they were. */
export function tcpPacket(host: Host, entry: CtEntry, dir: Direction, seg: Segment, now: number): TcpVerdict {
  const was = entry.tcp
  if (!was) return 'invalid'
  const tcp: CtTcp = { ...was, seen: [{ ...was.seen[0] }, { ...was.seen[1] }] }
  const index = indexOf(seg.flags)
  let old = tcp.state
  let next = nextCtState(dir, index, old)
  const other: Direction = dir === 0 ? 1 : 0
  let checked = false
  if (next === SYN_SENT && old >= TIME_WAIT && mayReopen(tcp, dir)) return 'reopen'
  if (next === IGNORE || (next === SYN_SENT && old >= TIME_WAIT)) {
    if (!answersIgnoredSyn(tcp, dir, index, seg)) {
      remember(tcp, dir, index, seg)
      entry.tcp = tcp
      return 'ignore'
    }
    old = SYN_SENT
    next = SYN_RECV
    takeRemembered(tcp, dir)
  } else if (next === INVALID) return 'invalid'
  else if (next === CLOSE && index === RST_SET) {
    const peer = tcp.seen[other]
    if ((peer.flags & F_MAXACK) !== 0 && before(seg.seq, peer.maxAck)) return 'invalid'
    const answered =
      ((entry.status & IPS_SEEN_REPLY) !== 0 && tcp.lastIndex === SYN_SET) ||
      ((entry.status & IPS_ASSURED) === 0 && tcp.lastIndex === ACK_SET)
    checked = answered && seg.ack === tcp.lastEnd
  }
  const liberal = sysctl(host, 'nf_conntrack_tcp_be_liberal') === 1
  if (!checked && !inWindow(tcp, dir, index, seg, liberal)) return 'invalid'
  tcp.lastIndex = index
  tcp.lastDir = dir
  tcp.state = next
  if (old !== next && next === FIN_WAIT) tcp.seen[dir].flags |= F_CLOSE_INIT
  entry.tcp = tcp
  if ((entry.status & IPS_SEEN_REPLY) === 0) {
    // A connection whose only answer is a RST never was one.
    if ((seg.flags & RST) !== 0) return 'kill'
  } else if ((old === SYN_RECV || old === ESTABLISHED) && next === ESTABLISHED) entry.status |= IPS_ASSURED
  entry.expiresAt = now + timeoutOf(host, tcp, next) * SEC
  return 'accept'
}

/** Closed in order by either side, or reset by this one: a new SYN begins a new connection. */
function mayReopen(tcp: CtTcp, dir: Direction): boolean {
  if (((tcp.seen[0].flags | tcp.seen[1].flags) & F_CLOSE_INIT) !== 0) return true
  return tcp.lastDir === dir && tcp.lastIndex === RST_SET
}

function answersIgnoredSyn(tcp: CtTcp, dir: Direction, index: number, seg: Segment): boolean {
  return index === SYNACK_SET && tcp.lastIndex === SYN_SET && tcp.lastDir !== dir && seg.ack === tcp.lastEnd
}

function remember(tcp: CtTcp, dir: Direction, index: number, seg: Segment): void {
  tcp.lastIndex = index
  tcp.lastDir = dir
  tcp.lastSeq = seg.seq
  tcp.lastEnd = seg.end
  tcp.lastWin = seg.win
  if (index !== SYN_SET || dir !== 0) return
  tcp.lastFlags = seg.optionFlags
  tcp.lastScale = seg.scale
}

/** We were out of step with both ends: go on from the SYN that was let through. */
function takeRemembered(tcp: CtTcp, dir: Direction): void {
  const side = tcp.seen[tcp.lastDir]
  side.end = side.maxEnd = tcp.lastEnd
  side.maxWin = Math.max(1, tcp.lastWin)
  side.scale = tcp.lastScale
  side.flags = tcp.lastFlags
  tcp.seen[dir] = blank()
  tcp.state = SYN_SENT
}

function timeoutOf(host: Host, tcp: CtTcp, state: number): number {
  const full = sysctl(host, TIMEOUT_KEYS[state] ?? '') ?? TIMEOUT_SEC[state] ?? 0
  if (tcp.retrans >= MAX_RETRANS) return Math.min(full, RETRANS_SEC)
  if (((tcp.seen[0].flags | tcp.seen[1].flags) & F_UNACKED) !== 0) return Math.min(full, UNACK_SEC)
  return full
}

const TIMEOUT_KEYS = [
  '',
  'syn_sent',
  'syn_recv',
  'established',
  'fin_wait',
  'close_wait',
  'last_ack',
  'time_wait',
  'close',
  'syn_sent',
].map((name) => (name === '' ? '' : `nf_conntrack_tcp_timeout_${name}`))

/** A key of net.netfilter; undefined when the host has none. */
export function sysctl(host: Host, name: string): number | undefined {
  const text = host.sysctl.other[`net.netfilter.${name}`]
  return text === undefined ? undefined : Number(text)
}
