import type { Nanos } from '../../base/ids.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { armTimer } from './arm.ts'
import { SSTHRESH_NONE } from './constants.ts'
import { inFlight, retransmit } from './output.ts'
import { after, before } from './seq.ts'
import type { TcpSock, TxSeg } from './types.ts'

/**
 * Loss detection by time (RACK, RFC 8985, tcp_recovery.c) and congestion control. Simplified: growth is Reno's with CUBIC's
 * decrease of 0.7, no HyStart; no undo after a spurious retransmission (F-RTO, DSACK, Eifel), so cwnd recovers slower than
 * on Linux then; reordering is not learnt.
 */
const REORDERING = 3

/** A segment was delivered: the newest one by time of sending decides what must be lost (tcp_rack_advance). */
export function rackAdvance(s: TcpSock, seg: TxSeg, now: Nanos): void {
  const rtt = now - seg.sentNs
  // An ACK that comes sooner than a round trip after a retransmission answers the first transmission.
  if (seg.rexmits > 0 && rtt < s.minRttNs) return
  s.rackRttNs = rtt
  if (seg.sentNs > s.rackNs || (seg.sentNs === s.rackNs && after(seg.end, s.rackEnd))) {
    s.rackNs = seg.sentNs
    s.rackEnd = seg.end
  }
}

function reorderingWindow(s: TcpSock): Nanos {
  if (s.ca !== 'open' || s.sackedOut >= REORDERING) return 0
  return Math.min(s.minRttNs / 4, s.srttNs)
}

/** Mark as lost what was sent a round trip before something that has arrived; returns how long to wait for the rest. */
export function rackDetect(s: TcpSock, now: Nanos): Nanos {
  const windowNs = reorderingWindow(s)
  let wait = 0
  for (let i = 0; i < s.txSent; i++) {
    const seg = s.txq[i] as TxSeg
    if (seg.sacked || (seg.lost && !seg.resent)) continue
    const older = seg.sentNs < s.rackNs || (seg.sentNs === s.rackNs && before(seg.end, s.rackEnd))
    if (!older) continue
    const left = s.rackRttNs + windowNs - (now - seg.sentNs)
    if (left <= 0) {
      seg.lost = true
      seg.resent = false
    } else wait = Math.max(wait, left)
  }
  return wait
}

/** After each ACK that leaves something unacknowledged: find losses, repair, set the congestion window. */
export function afterAck(host: Host, s: TcpSock, delivered: number, advanced: boolean, ctx: Ctx): void {
  if (s.ca !== 'open' && !before(s.sndUna, s.highSeq)) leaveRecovery(s)
  if (s.sackedOut > 0 || s.ca !== 'open') {
    const wait = rackDetect(s, ctx.now)
    if (wait > 0 && s.timer !== 'none') armTimer(host, s, 'reo', ctx.now + wait, ctx)
  }
  if (!s.sackOk && s.dupAcks >= REORDERING && s.ca === 'open' && s.txq[0]) s.txq[0].lost = true
  const lost = hasLost(s)
  if (s.ca === 'open' && lost) enterRecovery(s)
  if (s.ca === 'recovery') reduceWindow(s, delivered, advanced && !lost)
  else if (advanced) grow(s, delivered)
  if (s.ca !== 'open') retransmitLost(host, s, ctx)
}

function hasLost(s: TcpSock): boolean {
  if (s.ca === 'open' && s.sackedOut === 0 && s.sackOk) return false
  for (let i = 0; i < s.txSent; i++) if (s.txq[i]?.lost === true && !s.txq[i]?.resent) return true
  return false
}

export function enterRecovery(s: TcpSock): void {
  s.ca = 'recovery'
  s.highSeq = s.sndNxt
  s.priorCwnd = s.cwnd
  s.ssthresh = Math.max(2, Math.floor(s.cwnd * 0.7))
  s.prrDelivered = s.prrOut = 0
}

/** After a retransmission timeout everything in flight counts as lost and one segment is sent (tcp_enter_loss). */
export function enterLoss(s: TcpSock): void {
  if (s.ca === 'open' || !after(s.highSeq, s.sndUna)) s.ssthresh = Math.max(2, Math.floor(s.cwnd * 0.7))
  for (let i = 0; i < s.txSent; i++) {
    const seg = s.txq[i] as TxSeg
    if (seg.sacked) continue
    seg.lost = true
    seg.resent = false
  }
  s.ca = 'loss'
  s.highSeq = s.sndNxt
  s.cwnd = 1
  s.cwndCnt = 0
  s.tlpOut = false
}

function leaveRecovery(s: TcpSock): void {
  if (s.ca === 'recovery' && s.ssthresh < SSTHRESH_NONE) s.cwnd = s.ssthresh
  s.ca = 'open'
  s.dupAcks = 0
  for (let i = 0; i < s.txSent; i++) {
    const seg = s.txq[i] as TxSeg
    seg.lost = seg.resent = false
  }
}

/** Proportional rate reduction (RFC 6937, tcp_cwnd_reduction). */
function reduceWindow(s: TcpSock, delivered: number, calm: boolean): void {
  if (delivered === 0 && s.prrDelivered > 0) return
  const flight = inFlight(s)
  const delta = s.ssthresh - flight
  s.prrDelivered += delivered
  let send: number
  if (delta < 0) {
    send = Math.ceil((s.ssthresh * s.prrDelivered) / Math.max(1, s.priorCwnd)) - s.prrOut
  } else {
    send = Math.max(s.prrDelivered - s.prrOut, delivered) + (calm ? 1 : 0)
    send = Math.min(delta, send)
  }
  s.cwnd = flight + Math.max(send, s.prrOut > 0 ? 0 : 1)
}

/** Slow start and congestion avoidance (tcp_reno_cong_avoid); only a window that was used grows. */
function grow(s: TcpSock, delivered: number): void {
  const slowStart = s.cwnd < s.ssthresh
  const used = s.txSent + delivered
  if (slowStart ? s.cwnd >= 2 * used : s.cwnd > used) return
  if (slowStart) {
    s.cwnd = Math.min(s.cwnd + delivered, s.ssthresh)
    return
  }
  s.cwndCnt += delivered
  if (s.cwndCnt >= s.cwnd) {
    s.cwndCnt -= s.cwnd
    s.cwnd++
  }
}

/** Send lost segments again, oldest first, as far as the congestion window goes (tcp_xmit_retransmit_queue). */
export function retransmitLost(host: Host, s: TcpSock, ctx: Ctx): void {
  let room = s.cwnd - inFlight(s)
  for (let i = 0; i < s.txSent && room > 0; i++) {
    const seg = s.txq[i] as TxSeg
    if (!seg.lost || seg.resent || seg.sacked) continue
    retransmit(host, s, seg, ctx)
    s.prrOut++
    room--
    if (i === 0 && s.timer !== 'reo') armTimer(host, s, 'rto', ctx.now + s.rtoNs, ctx)
  }
}
