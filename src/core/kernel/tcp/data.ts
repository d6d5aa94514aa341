import type { Bytes } from '../../base/bytes.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { Skb } from '../skb.ts'
import { enterQuickAck, noteDataReceived } from './ack-policy.ts'
import { MAX_QUICKACKS, RCV_BUFFER } from './constants.ts'
import { sendAck } from './segment.ts'
import { after, before, seqAdd, seqDistance } from './seq.ts'
import { setState, wakeOwner } from './table.ts'
import { enterTimeWait } from './timewait.ts'
import type { OooSeg, TcpSock } from './types.ts'
import { receiveWindow, truesizeOf } from './window.ts'

/** Data and FIN of a segment that passed the window check (tcp_data_queue). `seq`: of its first payload byte. */
export interface Arrived {
  seq: number
  bytes: Bytes
  fin: boolean
  push: boolean
}

const MAX_OOO = 256

/** Queue what is new; what comes ahead of a gap waits in `ooo`. May end in TIME_WAIT, which frees the socket. */
export function queueData(host: Host, s: TcpSock, skb: Skb, got: Arrived, ctx: Ctx): void {
  const end = seqAdd(got.seq, got.bytes.length + (got.fin ? 1 : 0))
  if (end === got.seq) return
  if (!after(end, s.rcvNxt)) return duplicate(host, s, skb, got.seq, end, ctx)
  const window = receiveWindow(s)
  if (window === 0 || !before(got.seq, seqAdd(s.rcvNxt, window)) || s.rxTruesize > RCV_BUFFER) {
    enterQuickAck(s, MAX_QUICKACKS)
    s.ackPending = true
    return ctx.drop(host, skb, 'TCP_INVALID_SEQUENCE', 'window')
  }
  if (after(got.seq, s.rcvNxt)) return queueAhead(host, s, skb, got, end, ctx)
  const known = seqDistance(got.seq, s.rcvNxt)
  if (known > 0 && s.sackOk) s.dsack = [got.seq, s.rcvNxt]
  accept(s, known > 0 ? got.bytes.subarray(known) : got.bytes)
  if (got.bytes.length > 0) noteDataReceived(s, got.bytes.length - Math.max(0, known), got.push, ctx.now)
  let fin = got.fin
  if (fin) s.rcvNxt = seqAdd(s.rcvNxt, 1)
  if (s.ooo.length > 0) {
    if (drainAhead(s)) fin = true
    // RFC 5681 4.2: the segment that fills the gap is acknowledged at once.
    if (s.ooo.length === 0) s.ackNow = true
  }
  // Data first, then the news that no more will come: the program may read before it closes.
  if (s.rxq.length > 0 && !s.dead) wakeOwner(host, s, 'readable', ctx)
  if (fin) takeFin(host, s, ctx)
}

function accept(s: TcpSock, bytes: Bytes): void {
  if (bytes.length === 0) return
  s.rxq.push(bytes)
  s.rxTruesize += truesizeOf(bytes.length)
  s.rcvNxt = seqAdd(s.rcvNxt, bytes.length)
}

function duplicate(host: Host, s: TcpSock, skb: Skb, seq: number, end: number, ctx: Ctx): void {
  if (s.sackOk) s.dsack = [seq, end]
  enterQuickAck(s, MAX_QUICKACKS)
  s.pingpong = false
  s.ackPending = true
  ctx.drop(host, skb, 'TCP_OLD_DATA')
}

/** A gap: keep the data, report it as SACK block, and ACK at once (tcp_data_queue_ofo). */
function queueAhead(host: Host, s: TcpSock, skb: Skb, got: Arrived, end: number, ctx: Ctx): void {
  s.ackPending = true
  const at = s.ooo.findIndex((seg) => before(got.seq, seg.seq))
  const index = at < 0 ? s.ooo.length : at
  const previous = s.ooo[index - 1]
  if (previous && !after(end, previous.end)) {
    if (s.sackOk) s.dsack = [got.seq, end]
    return ctx.drop(host, skb, 'TCP_OLD_DATA', 'ahead')
  }
  if (s.ooo.length >= MAX_OOO) return ctx.drop(host, skb, 'LIMIT', 'out of order queue')
  s.ooo.splice(index, 0, { seq: got.seq, end, bytes: got.bytes, fin: got.fin })
  if (s.sackOk) updateSacks(s, got.seq, end)
}

/** Newest block first; blocks that touch become one (tcp_sack_new_ofo_skb). */
function updateSacks(s: TcpSock, seq: number, end: number): void {
  let [left, right] = [seq, end]
  const apart: [number, number][] = []
  for (const block of s.sacks) {
    if (after(block[0], right) || before(block[1], left)) apart.push(block)
    else {
      if (before(block[0], left)) left = block[0]
      if (after(block[1], right)) right = block[1]
    }
  }
  s.sacks = [[left, right], ...apart.slice(0, 3)]
}

/** Data that waited ahead of the gap has come once more in what closed it (tcp_dsack_extend). */
function extendDsack(s: TcpSock, seq: number, end: number): void {
  const [left, right] = s.dsack ?? [seq, end]
  if (after(seq, right) || after(left, end)) return
  s.dsack = [before(seq, left) ? seq : left, after(end, right) ? end : right]
}

/**
 * The gap may be closed: move what follows to the receive queue (tcp_ofo_queue). True when a FIN came to its turn.
 */
function drainAhead(s: TcpSock): boolean {
  let fin = false
  let high = s.rcvNxt
  let next: OooSeg | undefined
  while ((next = s.ooo[0]) && !after(next.seq, s.rcvNxt)) {
    s.ooo.shift()
    if (s.sackOk && before(next.seq, high)) {
      extendDsack(s, next.seq, high)
      if (before(next.end, high)) high = next.end
    }
    if (!after(next.end, s.rcvNxt)) continue
    accept(s, next.bytes.subarray(seqDistance(next.seq, s.rcvNxt)))
    if (next.fin) {
      s.rcvNxt = seqAdd(s.rcvNxt, 1)
      fin = true
    }
  }
  s.sacks = s.sacks.filter(([, right]) => after(right, s.rcvNxt))
  return fin
}

/** The peer will send no more (tcp_fin). */
function takeFin(host: Host, s: TcpSock, ctx: Ctx): void {
  s.ackPending = true
  s.shutReceive = true
  s.ooo = []
  s.sacks = []
  switch (s.state) {
    case 'SYN_RECV':
    case 'ESTABLISHED':
      setState(host, s, 'CLOSE_WAIT', 'fin', ctx)
      // The program is expected to close soon; its FIN shall carry the ACK.
      s.pingpong = true
      break
    case 'FIN_WAIT1':
      // Both sides close at the same time.
      sendAck(host, s, ctx)
      setState(host, s, 'CLOSING', 'fin', ctx)
      break
    case 'FIN_WAIT2':
      sendAck(host, s, ctx)
      return enterTimeWait(host, s, 'TIME_WAIT', 'fin', ctx)
    default:
      break
  }
  wakeOwner(host, s, 'closed', ctx)
}
