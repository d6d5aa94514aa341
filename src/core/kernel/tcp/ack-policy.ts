import { MS, type Nanos } from '../../base/ids.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { armDelack } from './arm.ts'
import { ATO_MIN, DELACK_MAX, DELACK_MIN, MAX_QUICKACKS, OOW_INTERVAL } from './constants.ts'
import { sendAck } from './segment.ts'
import { before, seqDistance } from './seq.ts'
import type { TcpSock } from './types.ts'
import { possibleWindow, receiveWindow } from './window.ts'

/**
 * When to acknowledge (tcp_input.c, tcp_timer.c): at once at the start of a connection (quick ACKs), later delayed by
 * 40..200 ms, and once the connection has turned interactive ("pingpong") in the hope that a reply carries the ACK. That
 * is why a server ACKs the request alone, but sends its FIN and the ACK of the client's FIN in one segment.
 */

export function enterQuickAck(s: TcpSock, most: number): void {
  let acks = Math.floor(s.rcvWnd / (2 * s.rcvMss))
  if (acks === 0) acks = 2
  s.quick = Math.max(s.quick, Math.min(acks, most))
}

/** Data came in order: an ACK is owed; learn how fast data comes (tcp_event_data_recv). */
export function noteDataReceived(s: TcpSock, length: number, push: boolean, now: Nanos): void {
  s.ackPending = true
  if (length >= s.rcvMss) s.rcvMss = Math.min(length, s.advMss)
  else if (push) s.ackPushed = true
  if (s.atoNs === 0) {
    enterQuickAck(s, MAX_QUICKACKS)
    s.atoNs = ATO_MIN
  } else {
    const gap = now - s.lastRcvNs
    if (gap <= ATO_MIN / 2) s.atoNs = s.atoNs / 2 + ATO_MIN / 2
    else if (gap < s.atoNs) s.atoNs = Math.min(s.atoNs / 2 + gap, s.rtoNs)
    else if (gap > s.rtoNs) enterQuickAck(s, MAX_QUICKACKS)
  }
  s.lastRcvNs = now
}

/** Send the ACK that is owed now, or set the timer for it (__tcp_ack_snd_check). */
export function ackCheck(host: Host, s: TcpSock, ctx: Ctx): void {
  if (!s.ackPending) return
  const owed = seqDistance(s.rcvWup, s.rcvNxt)
  const now =
    (owed > s.rcvMss && (s.rxq.length === 0 || possibleWindow(s) >= s.rcvWnd)) ||
    (s.quick > 0 && !s.pingpong) ||
    s.ackNow ||
    // Each segment ahead of a gap is answered at once, so that the sender sees the loss.
    s.ooo.length > 0
  if (now) sendAck(host, s, ctx)
  else delayAck(host, s, ctx)
}

function delayAck(host: Host, s: TcpSock, ctx: Ctx): void {
  let ato = s.atoNs === 0 ? ATO_MIN : s.atoNs
  if (ato > DELACK_MIN) {
    let most = s.pingpong || s.ackPushed ? DELACK_MAX : 500 * MS
    if (s.srttNs > 0) most = Math.min(most, Math.max(s.srttNs, DELACK_MIN))
    ato = Math.min(ato, most)
  }
  ato = Math.min(ato, DELACK_MAX)
  let at = ctx.now + ato
  if (s.delackAtNs !== 0) {
    if (s.delackAtNs <= ctx.now + ato / 4) return sendAck(host, s, ctx)
    at = Math.min(at, s.delackAtNs)
  }
  armDelack(host, s, at, ctx)
}

/** The delayed ACK is due (tcp_delack_timer_handler). */
export function delackDue(host: Host, s: TcpSock, ctx: Ctx): void {
  s.delackAtNs = 0
  if (!s.ackPending) return
  if (s.pingpong) {
    s.pingpong = false
    s.atoNs = ATO_MIN
  } else {
    s.atoNs = Math.min(2 * s.atoNs, s.rtoNs)
  }
  sendAck(host, s, ctx)
}

/** The program has read: tell the peer if an ACK is owed or the window has opened much (tcp_cleanup_rbuf). */
export function afterRead(host: Host, s: TcpSock, ctx: Ctx): void {
  if (s.state === 'CLOSED' || s.state === 'LISTEN') return
  let now = false
  if (s.ackPending) now = seqDistance(s.rcvWup, s.rcvNxt) > s.rcvMss || (s.ackPushed && !s.pingpong)
  if (!now && !s.shutReceive) {
    const left = receiveWindow(s)
    if (2 * left <= s.rcvClamp) {
      const could = possibleWindow(s)
      now = could > 0 && could >= 2 * left
    }
  }
  if (now) sendAck(host, s, ctx)
}

/** Answer a segment outside the window, with a DSACK if its data were had before (tcp_send_dupack). */
export function sendDupAck(host: Host, s: TcpSock, seq: number, end: number, ctx: Ctx): void {
  if (end !== seq && before(seq, s.rcvNxt)) {
    enterQuickAck(s, MAX_QUICKACKS)
    if (s.sackOk) s.dsack = [seq, before(s.rcvNxt, end) ? s.rcvNxt : end]
  }
  sendAck(host, s, ctx)
}

/** ACK that tells the peer where we are, after something suspicious; at most two a second (RFC 5961 7). */
export function challengeAck(host: Host, s: TcpSock, ctx: Ctx): void {
  if (isOowLimited(s, ctx.now)) return
  sendAck(host, s, ctx)
}

/** Rate limit for answers to empty segments outside the window: two broken peers must not ACK each other for ever. */
export function isOowLimited(s: TcpSock, now: Nanos): boolean {
  if (s.lastOowNs !== 0 && now - s.lastOowNs < OOW_INTERVAL) return true
  s.lastOowNs = Math.max(1, now)
  return false
}
