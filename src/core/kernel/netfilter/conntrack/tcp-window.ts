import type { Bytes } from '../../../base/bytes.ts'
import { read16, read32, read8 } from '../../../base/bytes.ts'
import { ACK, FIN, RST, SYN, tcpHeaderLength } from '../../../wire/tcp.ts'
import { parseTcpOptions } from '../../../wire/tcp-options.ts'
import { ACK_SET, SYN_RECV, SYN_SENT } from './tcp-table.ts'
import type { CtTcp, Direction, Seen } from './types.ts'

/** Window tracking (nf_conntrack_proto_tcp.c tcp_in_window, after Guido van Rooij's "Real Stateful TCP Packet Filtering"). */

export const F_SCALE = 1
const F_SACK = 2
export const F_CLOSE_INIT = 4
export const F_LIBERAL = 8
export const F_UNACKED = 16
export const F_MAXACK = 32

/** Acknowledgements may lag behind by this many bytes, or the largest window seen. */
const MAX_ACK_WINDOW = 66_000

/** What the tracker reads of a segment. `end` = sequence number after it, SYN and FIN counted. */
export interface Segment {
  flags: number
  seq: number
  ack: number
  win: number
  end: number
  scale: number
  optionFlags: number
  /** Highest right edge of a SACK block, or `ack`. */
  sack: number
}

export function readSegment(data: Bytes, at: number, to: number): Segment {
  const flags = read8(data, at + 13)
  const seq = read32(data, at + 4)
  const ack = read32(data, at + 8)
  const header = tcpHeaderLength(data, at)
  const options = parseTcpOptions(data, at + 20, at + header)
  const length = to - at - header + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0)
  let sack = ack
  for (const [, right] of options.sacks ?? []) if (after(right, sack)) sack = right
  return {
    flags,
    seq,
    ack,
    win: read16(data, at + 14),
    end: (seq + length) >>> 0,
    scale: Math.min(options.windowScale ?? 0, 14),
    optionFlags:
      (options.windowScale === undefined ? 0 : F_SCALE) | (options.sackPermitted === true ? F_SACK : 0),
    sack,
  }
}

const after = (a: number, b: number): boolean => ((b - a) | 0) < 0
export const before = (a: number, b: number): boolean => ((a - b) | 0) < 0

/** A sender's first SYN (or a new one) sets its side anew. */
export function startSide(side: Seen, seg: Segment): void {
  side.end = side.maxEnd = seg.end
  side.maxWin = seg.win === 0 ? 1 : seg.win
  side.scale = seg.scale
  side.flags = seg.optionFlags
}

/** Both sides must have offered scaling for either to use it (RFC 7323 1.3). */
function settleScale(sender: Seen, receiver: Seen): void {
  if ((sender.flags & receiver.flags & F_SCALE) === 0) sender.scale = receiver.scale = 0
}

/** Initialise the sender's side; true when nothing more is to be checked (simultaneous open). */
function initialise(tcp: CtTcp, dir: Direction, seg: Segment): boolean {
  const sender = tcp.seen[dir]
  const receiver = tcp.seen[dir === 0 ? 1 : 0]
  if (sender.maxWin === 0) {
    if ((seg.flags & SYN) !== 0) {
      startSide(sender, seg)
      settleScale(sender, receiver)
      return (seg.flags & ACK) === 0
    }
    sender.end = seg.end
    sender.maxWin = Math.max(1, seg.win * 2 ** sender.scale)
    sender.maxEnd = (seg.end + sender.maxWin) >>> 0
    if (receiver.maxWin === 0) receiver.end = receiver.maxEnd = seg.sack
    return false
  }
  const again = (tcp.state === SYN_SENT && dir === 0) || (tcp.state === SYN_RECV && dir === 1)
  if (again && after(seg.end, sender.end)) startSide(sender, seg)
  return false
}

/** Does the segment fit what both sides have said so far? Takes it into account if so. */
export function inWindow(tcp: CtTcp, dir: Direction, index: number, seg: Segment, liberal: boolean): boolean {
  if (initialise(tcp, dir, seg)) return true
  const sender = tcp.seen[dir]
  const receiver = tcp.seen[dir === 0 ? 1 : 0]
  const hasAck = (seg.flags & ACK) !== 0
  const rst = (seg.flags & RST) !== 0
  let { seq, end, ack } = seg
  let sack = (receiver.flags & F_SACK) !== 0 ? seg.sack : ack
  if (!hasAck || (rst && ack === 0)) ack = sack = receiver.end
  // A RST that answers a SYN.
  if (rst && seq === 0 && tcp.state === SYN_SENT) seq = end = sender.end
  const ackWindow = Math.max(sender.maxWin, MAX_ACK_WINDOW)
  const fits =
    before(seq, sender.maxEnd + 1) &&
    (receiver.maxWin === 0 || after(end, sender.end - receiver.maxWin - 1)) &&
    before(sack, receiver.end + 1) &&
    after(sack, receiver.end - ackWindow - 1)
  if (!fits) return liberal || (sender.flags & F_LIBERAL) !== 0
  const win = (seg.flags & SYN) !== 0 ? seg.win : seg.win * 2 ** sender.scale
  updateSides(sender, receiver, { win, ack, sack, end, hasAck })
  if (index === ACK_SET) countRetransmission(tcp, dir, { seq, ack, end, win })
  return true
}

function updateSides(
  sender: Seen,
  receiver: Seen,
  { win, ack, sack, end, hasAck }: { win: number; ack: number; sack: number; end: number; hasAck: boolean },
): void {
  sender.maxWin = Math.max(sender.maxWin, win + ((sack - ack) >>> 0))
  if (after(end, sender.end)) {
    sender.end = end
    sender.flags |= F_UNACKED
  }
  if (hasAck && ((sender.flags & F_MAXACK) === 0 || after(ack, sender.maxAck))) {
    sender.maxAck = ack
    sender.flags |= F_MAXACK
  }
  if (receiver.maxWin !== 0 && after(end, sender.maxEnd)) receiver.maxWin += (end - sender.maxEnd) >>> 0
  if (after(sack + win, receiver.maxEnd - 1)) receiver.maxEnd = (sack + Math.max(1, win)) >>> 0
  if (ack === receiver.end) receiver.flags &= ~F_UNACKED
}

function countRetransmission(
  tcp: CtTcp,
  dir: Direction,
  now: { seq: number; ack: number; end: number; win: number },
): void {
  const same =
    tcp.lastDir === dir &&
    tcp.lastSeq === now.seq &&
    tcp.lastAck === now.ack &&
    tcp.lastEnd === now.end &&
    tcp.lastWin === now.win
  tcp.retrans = same ? tcp.retrans + 1 : 0
  tcp.lastDir = dir
  tcp.lastSeq = now.seq
  tcp.lastAck = now.ack
  tcp.lastEnd = now.end
  tcp.lastWin = now.win
}
