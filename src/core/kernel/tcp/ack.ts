import type { Nanos } from '../../base/ids.ts'
import type { Tcp } from '../../wire/tcp.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { armTimer, stopTimer } from './arm.ts'
import { RTO_MIN } from './constants.ts'
import { rearmRto, scheduleTlp } from './output.ts'
import { afterAck, rackAdvance } from './recovery.ts'
import { measureRtt, rttOfEcho } from './rtt.ts'
import { tsClock } from './segment.ts'
import { after, before, seqAdd, seqDistance } from './seq.ts'
import type { TcpSock, TxSeg } from './types.ts'

/** What an ACK field turned out to be: usable, older than what we know, or about data never sent or long gone. */
export type AckVerdict = 'ok' | 'old' | 'unsent' | 'ancient'

/** Take in acknowledgement, SACK blocks and window of a segment with `length` bytes of data (tcp_ack). */
export function takeAck(host: Host, s: TcpSock, tcp: Tcp, length: number, ctx: Ctx): AckVerdict {
  const { ack } = tcp
  if (after(ack, s.sndNxt)) return 'unsent'
  const isOld = before(ack, s.sndUna)
  if (isOld && before(ack, s.sndUna - Math.max(s.maxWnd, 1))) return 'ancient'
  s.lastAckNs = ctx.now
  s.probes = 0
  const prior = s.sndUna
  const advanced = after(ack, prior)
  const windowMoved = !isOld && updateWindow(s, tcp)
  if (advanced) {
    s.retransmits = 0
    s.confirm = true
    s.sndUna = ack
  }
  const waited = s.txSent > 0
  const { acked, timed } = advanced ? cleanQueue(s, tcp, ctx.now) : { acked: 0, timed: false }
  const blocks = s.sackOk && waited ? tcp.options.sacks : undefined
  const { sacked, sentNs } = blocks ? tagSacked(s, blocks, ctx.now) : { sacked: 0, sentNs: undefined }
  if (!advanced && !isOld && length === 0 && !windowMoved && waited) s.dupAcks++
  else if (advanced) s.dupAcks = 0
  if (acked > 0) afterProgress(host, s, ctx)
  if (sentNs !== undefined && !timed) measureSacked(host, s, sentNs, acked > 0, ctx)
  if (s.tlpOut && !before(s.sndUna, s.tlpHigh)) s.tlpOut = false
  if (waited) afterAck(host, s, acked + sacked, advanced, ctx)
  if (s.txSent === 0) seeToProbe(host, s, ctx)
  return isOld ? 'old' : 'ok'
}

/**
 * What was reported beyond a gap and was sent once measures the round trip too, when nothing else did; a valid measurement
 * ends the backing off (tcp_ack_update_rtt). The clock starts anew only if the front was sent again after it.
 */
function measureSacked(host: Host, s: TcpSock, sentNs: Nanos, advanced: boolean, ctx: Ctx): void {
  measureRtt(s, ctx.now - sentNs)
  s.backoff = 0
  const head = s.txq[0]
  if (!advanced && head && sentNs < head.sentNs && s.timer === 'rto') rearmRto(host, s, ctx)
}

/** New data was acknowledged: restart the clock for what is still out. */
function afterProgress(host: Host, s: TcpSock, ctx: Ctx): void {
  s.backoff = 0
  if (s.txSent === 0) s.retransStampNs = 0
  if (!scheduleTlp(host, s, true, ctx)) rearmRto(host, s, ctx)
}

/** tcp_ack_update_window: only news may change the window. True when its size changed. */
function updateWindow(s: TcpSock, tcp: Tcp): boolean {
  const window = tcp.window * 2 ** s.sndWscale
  const isNews =
    after(tcp.ack, s.sndUna) || after(tcp.seq, s.sndWl1) || (tcp.seq === s.sndWl1 && window > s.sndWnd)
  if (!isNews) return false
  const changed = window !== s.sndWnd
  s.sndWl1 = tcp.seq
  s.sndWnd = window
  if (window > s.maxWnd) s.maxWnd = window
  return changed
}

/** Take acknowledged segments off the queue and measure the round trip (tcp_clean_rtx_queue). Returns how many. */
function cleanQueue(s: TcpSock, tcp: Tcp, now: Nanos): { acked: number; timed: boolean } {
  let count = 0
  let rttNs: Nanos | undefined
  let onlyFresh = true
  while (count < s.txSent) {
    const seg = s.txq[count] as TxSeg
    if (after(seg.end, s.sndUna)) {
      trimHead(s, seg)
      break
    }
    if (seg.rexmits > 0) onlyFresh = false
    else if (!seg.sacked) rttNs ??= now - seg.sentNs
    if (seg.sacked) s.sackedOut--
    else rackAdvance(s, seg, now)
    count++
  }
  if (count === 1) s.txq.shift()
  else if (count > 1) s.txq.splice(0, count)
  s.txSent -= count
  if (!onlyFresh || rttNs === undefined) {
    // Karn: what was sent twice is timed only by the echoed timestamp.
    rttNs = count > 0 ? rttOfEcho(s, tcp.options.timestamps?.echo ?? 0, tsClock(now, s.tsOffset)) : undefined
  }
  if (rttNs !== undefined) measureRtt(s, rttNs)
  return { acked: count, timed: rttNs !== undefined }
}

/** The front of a segment was acknowledged. */
function trimHead(s: TcpSock, seg: TxSeg): void {
  const done = seqDistance(seg.seq, s.sndUna)
  if (done <= 0) return
  seg.bytes = seg.bytes.subarray(done)
  seg.seq = s.sndUna
}

/**
 * Mark what the peer holds beyond a gap. Returns how many segments are new in this state, and when the first of them that was
 * sent only once left.
 */
function tagSacked(
  s: TcpSock,
  blocks: readonly [number, number][],
  now: Nanos,
): { sacked: number; sentNs: Nanos | undefined } {
  let count = 0
  let sentNs: Nanos | undefined
  for (const [left, right] of blocks) {
    // Older than the cumulative ACK: a report of a duplicate (DSACK), of no use here.
    if (!after(right, s.sndUna) || after(right, s.sndNxt)) continue
    for (let i = 0; i < s.txSent; i++) {
      const seg = s.txq[i] as TxSeg
      if (seg.sacked || before(seg.seq, left) || after(seg.end, right)) continue
      seg.sacked = true
      seg.lost = false
      s.sackedOut++
      count++
      if (seg.rexmits === 0) sentNs ??= seg.sentNs
      rackAdvance(s, seg, now)
    }
  }
  return { sacked: count, sentNs }
}

/** Nothing in flight, but data that the window does not let out: ask for the window from time to time (RFC 9293 3.8.6.1). */
function seeToProbe(host: Host, s: TcpSock, ctx: Ctx): void {
  const head = s.txq[0]
  if (!head) {
    if (s.timer !== 'finwait') stopTimer(s)
    return
  }
  if (!after(head.end, seqAdd(s.sndUna, s.sndWnd))) {
    s.backoff = 0
    if (s.timer === 'probe') stopTimer(s)
  } else if (s.timer !== 'probe') {
    armTimer(host, s, 'probe', ctx.now + Math.max(s.rtoNs, RTO_MIN), ctx)
  }
}
