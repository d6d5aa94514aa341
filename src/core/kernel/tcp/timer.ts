import type { Nanos } from '../../base/ids.ts'
import { read16 } from '../../base/bytes.ts'
import { ipDst, ipHeaderLength, ipProto, ipSrc, PROTO_TCP } from '../../wire/ipv4.ts'
import { ACK } from '../../wire/tcp.ts'
import { L2 } from '../skb.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { delackDue } from './ack-policy.ts'
import { armTimer, stopTimer, waitOn, waitOnDelack } from './arm.ts'
import { RTO_MAX, RTO_MIN } from './constants.ts'
import { forgetRequest } from './establish.ts'
import { rearmRto, retransmit, splitSeg, writeXmit } from './output.ts'
import { afterAck, enterLoss, enterRecovery, rackDetect, retransmitLost } from './recovery.ts'
import { sendReset, sendSegment, sendSyn } from './segment.ts'
import { before, seqAdd, seqDistance } from './seq.ts'
import { endConnection } from './table.ts'
import { enterTimeWait, timeWaitTimer } from './timewait.ts'
import type { TcpSock } from './types.ts'

/** Retransmission, probes and giving up (tcp_timer.c). */

/** Keys: `tcp:tw`, and `tcp:ID:rto`, `tcp:ID:delack` per socket. A timer of a socket that is gone does nothing. */
export function tcpTimer(host: Host, key: string, ctx: Ctx): void {
  if (key === 'tcp:tw') return timeWaitTimer(host, ctx)
  const colon = key.indexOf(':', 4)
  const id = Number(key.slice(4, colon))
  const purpose = key.slice(colon + 1)
  const s = host.tcp.socks[id]
  if (!s) return
  if (purpose === 'delack') {
    s.delackArmedNs = 0
    if (s.delackAtNs === 0) return
    if (ctx.now < s.delackAtNs) waitOnDelack(host, s, ctx)
    else delackDue(host, s, ctx)
    return
  }
  s.timerArmedNs = 0
  if (s.timer === 'none') return
  if (ctx.now < s.timerAtNs) return waitOn(host, s, ctx)
  fire(host, s, ctx)
}

function fire(host: Host, s: TcpSock, ctx: Ctx): void {
  const what = s.timer
  switch (what) {
    case 'rto':
      if (s.state === 'SYN_SENT' || s.state === 'SYN_RECV') return synTimeout(host, s, ctx)
      return rtoTimeout(host, s, ctx)
    case 'tlp':
      return lossProbe(host, s, ctx)
    case 'reo':
      return reorderTimeout(host, s, ctx)
    case 'probe':
      return probeTimeout(host, s, ctx)
    case 'finwait':
      return enterTimeWait(host, s, 'FIN_WAIT2', 'timeout', ctx)
    case 'none':
      return
  }
}

/** SYN or SYN-ACK unanswered: 1, 2, 4 ... s, tcp_syn_retries or tcp_synack_retries times. */
function synTimeout(host: Host, s: TcpSock, ctx: Ctx): void {
  const { ipv4 } = host.sysctl
  const passive = s.state === 'SYN_RECV' && s.parent !== 0
  const most = passive ? (ipv4['tcp_synack_retries'] ?? 5) : (ipv4['tcp_syn_retries'] ?? 6)
  if (s.retransmits >= most) {
    if (passive) return forgetRequest(host, s, 'timeout', ctx)
    return endConnection(host, s, s.errSoft === '' ? 'ETIMEDOUT' : s.errSoft, 'timeout', ctx)
  }
  s.retransmits++
  s.rtoNs = Math.min(2 * s.rtoNs, RTO_MAX)
  ctx.note(host, { kind: 'tcp.rexmit', sock: s.id, attempt: s.retransmits, rtoNs: s.rtoNs })
  // One that still waits for ARP is not sent twice (skb_still_in_host_queue).
  if (!isSynWaiting(host, s)) sendSyn(host, s, ctx)
  armTimer(host, s, 'rto', ctx.now + s.rtoNs, ctx)
}

/** Is the last SYN or SYN-ACK still in a neighbour's queue? */
function isSynWaiting(host: Host, s: TcpSock): boolean {
  for (const neigh of Object.values(host.neigh)) {
    for (const { data } of neigh.queue) {
      if (ipProto(data, L2) !== PROTO_TCP || ipSrc(data, L2) !== s.laddr || ipDst(data, L2) !== s.raddr)
        continue
      const at = L2 + ipHeaderLength(data, L2)
      if (read16(data, at) === s.lport && read16(data, at + 2) === s.rport) return true
    }
  }
  return false
}

/** How long `retries` doublings from 200 ms take (tcp_model_timeout). */
function modelTimeout(retries: number): Nanos {
  const linear = Math.floor(Math.log2(RTO_MAX / RTO_MIN))
  if (retries <= linear) return (2 ** (retries + 1) - 1) * RTO_MIN
  return (2 ** (linear + 1) - 1) * RTO_MIN + (retries - linear) * RTO_MAX
}

/** Has it been tried long enough (tcp_write_timeout)? */
function isTimedOut(host: Host, s: TcpSock, now: Nanos): boolean {
  let retries = host.sysctl.ipv4['tcp_retries2'] ?? 15
  if (s.dead) {
    // tcp_orphan_retries: nobody waits for the outcome any more.
    const alive = s.rtoNs < RTO_MAX
    retries = alive ? 8 : 0
  }
  return s.retransmits > 0 && now - s.retransStampNs >= modelTimeout(retries)
}

function giveUp(host: Host, s: TcpSock, ctx: Ctx): void {
  if (s.dead) sendReset(host, s, ctx)
  endConnection(host, s, s.errSoft === '' ? 'ETIMEDOUT' : s.errSoft, 'timeout', ctx)
}

function rtoTimeout(host: Host, s: TcpSock, ctx: Ctx): void {
  stopTimer(s)
  if (s.txSent === 0) return
  if (isTimedOut(host, s, ctx.now)) return giveUp(host, s, ctx)
  enterLoss(s)
  s.retransmits++
  s.backoff++
  const head = s.txq.find((seg) => !seg.sacked)
  if (head) retransmit(host, s, head, ctx)
  s.rtoNs = Math.min(2 * s.rtoNs, RTO_MAX)
  armTimer(host, s, 'rto', ctx.now + s.rtoNs, ctx)
}

/** Tail loss probe: new data if there is some, else the last segment again (tcp_send_loss_probe). */
function lossProbe(host: Host, s: TcpSock, ctx: Ctx): void {
  stopTimer(s)
  if (s.txSent === 0) return
  const sentBefore = s.txSent
  s.tlpOut = true
  s.cwnd++
  writeXmit(host, s, ctx)
  s.cwnd--
  const last = s.txq[s.txSent - 1]
  if (s.txSent === sentBefore && last && !last.sacked) retransmit(host, s, last, ctx)
  s.tlpHigh = s.sndNxt
  stopTimer(s)
  rearmRto(host, s, ctx)
}

/** What should have come within the reordering window has not (tcp_rack_reo_timeout). */
function reorderTimeout(host: Host, s: TcpSock, ctx: Ctx): void {
  stopTimer(s)
  rackDetect(s, ctx.now)
  if (s.ca === 'open') {
    enterRecovery(s)
    afterAck(host, s, 0, false, ctx)
  }
  retransmitLost(host, s, ctx)
  if (s.timer === 'none') rearmRto(host, s, ctx)
}

/** The peer's window is closed: ask with an old sequence number, or send the little that fits (tcp_probe_timer). */
function probeTimeout(host: Host, s: TcpSock, ctx: Ctx): void {
  stopTimer(s)
  const head = s.txq[0]
  if (s.txSent > 0 || !head) {
    s.probes = 0
    return
  }
  const most = s.dead
    ? s.rtoNs * 2 ** s.backoff < RTO_MAX
      ? 8
      : 0
    : (host.sysctl.ipv4['tcp_retries2'] ?? 15)
  if (s.probes >= most) return giveUp(host, s, ctx)
  const windowEnd = seqAdd(s.sndUna, s.sndWnd)
  if (before(head.seq, windowEnd)) {
    splitSeg(s, 0, seqDistance(head.seq, windowEnd))
    return writeXmit(host, s, ctx)
  }
  s.probes++
  s.backoff = Math.min(s.backoff + 1, 15)
  sendSegment(host, s, ACK, seqAdd(s.sndUna, -1), null, 'probe', ctx)
  const wait = Math.min(Math.max(s.rtoNs, RTO_MIN) * 2 ** s.backoff, RTO_MAX)
  armTimer(host, s, 'probe', ctx.now + wait, ctx)
}
