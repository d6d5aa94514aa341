import { type Bytes, concatBytes } from '../../base/bytes.ts'
import type { Nanos } from '../../base/ids.ts'
import { ACK, FIN, PSH } from '../../wire/tcp.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { armTimer, stopTimer } from './arm.ts'
import { HEADERS, INIT_CWND, MSS_LEAST, RTO_INIT, RTO_MIN, TIMEOUT_MIN, TS_OPTION } from './constants.ts'
import { sendSegment } from './segment.ts'
import { after, seqAdd } from './seq.ts'
import type { TcpSock, TxSeg } from './types.ts'

/**
 * The send queue (tcp_output.c). Data is cut into segments when the program writes it, not when it is sent. Nagle's
 * algorithm and corking are off, as curl and nginx have them (TCP_NODELAY). Segments that Linux would hand to the device
 * as one (TSO) are shown by their PSH bit: it stands on the last of each group.
 */

const EMPTY: Bytes = new Uint8Array(0)

/** Payload bytes per segment for a path MTU (tcp_sync_mss, tcp_current_mss). */
export function syncMss(s: TcpSock): void {
  const most = Math.min(s.peerMss, s.pmtu - HEADERS)
  s.mss = Math.max(MSS_LEAST, most) - (s.tsOk ? TS_OPTION : 0)
}

/** Queue what the program wrote, filling up a last segment that has not been sent. */
export function enqueueData(s: TcpSock, data: Bytes): void {
  let rest = data
  const tail = s.txq[s.txq.length - 1]
  if (tail && s.txq.length > s.txSent && !tail.fin && tail.bytes.length < s.mss) {
    const more = rest.subarray(0, s.mss - tail.bytes.length)
    tail.bytes = concatBytes([tail.bytes, more])
    tail.end = seqAdd(tail.end, more.length)
    rest = rest.subarray(more.length)
  }
  while (rest.length > 0) {
    const bytes = rest.length <= s.mss ? rest : rest.subarray(0, s.mss)
    pushSeg(s, bytes, false)
    rest = rest.subarray(bytes.length)
  }
  const last = s.txq[s.txq.length - 1]
  if (last) last.push = true
}

/** Queue our FIN: on the last segment that has not been sent, else alone (tcp_send_fin). */
export function enqueueFin(s: TcpSock): void {
  const tail = s.txq[s.txq.length - 1]
  if (!tail || s.txq.length === s.txSent) return pushSeg(s, EMPTY, true)
  tail.fin = true
  tail.end = seqAdd(tail.end, 1)
}

function pushSeg(s: TcpSock, bytes: Bytes, fin: boolean): void {
  const seq = queueEnd(s)
  const end = seqAdd(seq, bytes.length + (fin ? 1 : 0))
  s.txq.push({
    seq,
    end,
    bytes,
    push: false,
    fin,
    sentNs: 0,
    rexmits: 0,
    sacked: false,
    lost: false,
    resent: false,
  })
}

/** Sequence number after everything queued (write_seq). */
export function queueEnd(s: TcpSock): number {
  return s.txq[s.txq.length - 1]?.end ?? s.sndNxt
}

/** Segments believed to be in the network (tcp_packets_in_flight). */
export function inFlight(s: TcpSock): number {
  if (s.ca === 'open' && s.sackedOut === 0) return s.txSent
  let count = 0
  for (let i = 0; i < s.txSent; i++) {
    const seg = s.txq[i]
    if (seg && !seg.sacked && (!seg.lost || seg.resent)) count++
  }
  return count
}

/** How many segments one hand-over to the device may hold (tcp_tso_autosize): by pacing rate, more on short paths. */
function tsoSegs(s: TcpSock): number {
  if (s.srttNs === 0) return Math.max(2, Math.floor(65536 / s.mss))
  const rate = (s.mss * Math.max(s.cwnd, s.txSent) * (s.cwnd < s.ssthresh / 2 ? 2 : 1.2) * 1e9) / s.srttNs
  const shift = Math.floor(s.minRttNs / 1000) >>> 9
  const bytes = Math.min(65536, rate / 1024 + (shift < 17 ? 65536 >>> shift : 0))
  return Math.max(2, Math.floor(bytes / s.mss))
}

/**
 * Send what window and congestion window allow (tcp_write_xmit), then see to the timers. A closed window with nothing
 * in flight starts the probe timer.
 */
export function writeXmit(host: Host, s: TcpSock, ctx: Ctx): void {
  if (s.txSent === s.txq.length) return
  const before = s.txSent
  let room = s.cwnd - inFlight(s)
  const windowEnd = seqAdd(s.sndUna, s.sndWnd)
  while (s.txSent < s.txq.length) {
    const first = s.txSent
    // The congestion window does not hold back the FIN (tcp_cwnd_test; golden B7, icmp-lost).
    if (room <= 0 && s.txq[first]?.fin !== true) break
    // at least two hand-overs to a window, so that ACKs do not come in one lump (tcp_cwnd_test)
    const quota = Math.min(room, Math.max(1, s.cwnd >> 1))
    const most = Math.min(first + tsoSegs(s), first + Math.max(quota, 1), s.txq.length)
    let last = first
    while (last < most && !after((s.txq[last] as TxSeg).end, windowEnd)) last++
    if (last === first) break
    for (let i = first; i < last; i++)
      transmitNew(host, s, s.txq[i] as TxSeg, last - first > 1 && i === last - 1, ctx)
    room -= last - first
  }
  if (s.txSent > before) {
    // A probe timer gives way to the retransmission timer with the first segment in flight.
    if (before === 0 || s.timer === 'tlp' || s.timer === 'probe')
      armTimer(host, s, 'rto', ctx.now + s.rtoNs, ctx)
    if (s.ca !== 'open') s.prrOut += s.txSent - before
    scheduleTlp(host, s, false, ctx)
  } else if (s.txSent === 0 && s.timer === 'none') {
    armTimer(host, s, 'probe', ctx.now + Math.max(s.rtoNs, RTO_MIN), ctx)
  }
}

function transmitNew(host: Host, s: TcpSock, seg: TxSeg, groupEnd: boolean, ctx: Ctx): void {
  if (groupEnd) seg.push = true
  if (seg.bytes.length > 0) noteDataSent(s, ctx.now)
  s.txSent++
  s.sndNxt = seg.end
  seg.sentNs = ctx.now
  emitSeg(host, s, seg, ctx)
}

/** A reply within the delayed-ACK time makes the connection interactive: ACKs may ride on data (tcp_event_data_sent). */
function noteDataSent(s: TcpSock, now: Nanos): void {
  // tcp_cwnd_restart: after an idle time the congestion window shrinks back to its start.
  if (s.txSent === 0 && s.lastAckNs > 0 && now - s.lastAckNs > s.rtoNs) s.cwnd = Math.min(s.cwnd, INIT_CWND)
  if (s.atoNs > 0 && now - s.lastRcvNs < s.atoNs) s.pingpong = true
}

function emitSeg(host: Host, s: TcpSock, seg: TxSeg, ctx: Ctx): void {
  const flags = ACK | (seg.push && seg.bytes.length > 0 ? PSH : 0) | (seg.fin ? FIN : 0)
  const payload = seg.bytes.length > 0 ? seg.bytes : null
  sendSegment(host, s, flags, seg.seq, payload, seg.fin && !payload ? 'fin' : 'data', ctx)
}

/** Send a segment again and write it up. */
export function retransmit(host: Host, s: TcpSock, seg: TxSeg, ctx: Ctx): void {
  seg.rexmits++
  seg.resent = true
  if (s.retransStampNs === 0) s.retransStampNs = ctx.now
  ctx.note(host, { kind: 'tcp.rexmit', sock: s.id, attempt: seg.rexmits, rtoNs: s.rtoNs })
  emitSeg(host, s, seg, ctx)
  seg.sentNs = ctx.now
}

/** Time to which the retransmission timer is set, counted from when the oldest segment left (tcp_rto_delta_us). */
function rtoLeft(s: TcpSock, now: Nanos): Nanos {
  const head = s.txq[0]
  return head && s.txSent > 0 ? head.sentNs + s.rtoNs - now : s.rtoNs
}

/** (Re)start the retransmission timer after an ACK that moved things on (tcp_rearm_rto). */
export function rearmRto(host: Host, s: TcpSock, ctx: Ctx): void {
  if (s.txSent === 0) return stopTimer(s)
  const afterOther = s.timer === 'reo' || s.timer === 'tlp'
  const wait = afterOther ? Math.max(1000, rtoLeft(s, ctx.now)) : s.rtoNs
  armTimer(host, s, 'rto', ctx.now + wait, ctx)
}

/**
 * Tail loss probe: after two round trips without an ACK send the last segment once more, before the retransmission
 * timeout (tcp_schedule_loss_probe; RFC 8985 7.2). False: not now, the caller keeps the ordinary timer.
 */
export function scheduleTlp(host: Host, s: TcpSock, advancing: boolean, ctx: Ctx): boolean {
  if (s.txSent === 0 || !s.sackOk || s.ca !== 'open' || s.tlpOut || s.sackedOut > 0) return false
  let wait = RTO_INIT
  if (s.srttNs > 0) wait = 2 * s.srttNs + (s.txSent === 1 ? RTO_MIN : TIMEOUT_MIN)
  const left = advancing ? s.rtoNs : rtoLeft(s, ctx.now)
  if (left > 0) wait = Math.min(wait, left)
  armTimer(host, s, 'tlp', ctx.now + wait, ctx)
  return true
}

/** Cut the whole queue anew after the segment size shrank; what was sent counts as lost (tcp_simple_retransmit). */
export function recutQueue(s: TcpSock): void {
  const { txq, txSent } = s
  const sent = txq.slice(0, txSent)
  const unsent = txq.slice(txSent)
  const stampNs = sent[0]?.sentNs ?? 0
  const rest = recut(s, unsent)
  const countUnsent = rest.length
  s.txq = [...recut(s, sent), ...rest]
  s.txSent = s.txq.length - countUnsent
  s.sackedOut = 0
  const group = tsoSegs(s)
  for (let i = 0; i < s.txSent; i++) {
    const seg = s.txq[i] as TxSeg
    seg.lost = true
    seg.sentNs = stampNs
    seg.rexmits = 1
    // They are sent again in bundles too (tcp_xmit_retransmit_queue).
    if ((i + 1) % group === 0) seg.push = true
  }
}

function recut(s: TcpSock, segs: TxSeg[]): TxSeg[] {
  const first = segs[0]
  const last = segs[segs.length - 1]
  if (!first || !last) return []
  const whole = concatBytes(segs.map((seg) => seg.bytes))
  const cut: TxSeg[] = []
  for (let at = 0; at < whole.length || cut.length === 0; at += s.mss) {
    const bytes = whole.subarray(at, at + s.mss)
    const fin = last.fin && at + s.mss >= whole.length
    const seq = seqAdd(first.seq, at)
    const end = seqAdd(seq, bytes.length + (fin ? 1 : 0))
    const push = at + s.mss >= whole.length && last.push
    cut.push({ seq, end, bytes, push, fin, sentNs: 0, rexmits: 0, sacked: false, lost: false, resent: false })
  }
  return cut
}

/** Cut one segment in two at `bytes` payload bytes (tcp_fragment). */
export function splitSeg(s: TcpSock, index: number, bytes: number): void {
  const seg = s.txq[index]
  if (!seg || bytes <= 0 || bytes >= seg.bytes.length) return
  const middle = seqAdd(seg.seq, bytes)
  const tail: TxSeg = { ...seg, seq: middle, bytes: seg.bytes.subarray(bytes) }
  s.txq.splice(
    index,
    1,
    { ...seg, end: middle, bytes: seg.bytes.subarray(0, bytes), push: false, fin: false },
    tail,
  )
  if (index < s.txSent) s.txSent++
}
