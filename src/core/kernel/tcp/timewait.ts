import { type Nanos, SEC, type SockId } from '../../base/ids.ts'
import { ACK, FIN, RST, SYN, type Tcp } from '../../wire/tcp.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { Skb } from '../skb.ts'
import { OOW_INTERVAL, TIMEWAIT } from './constants.ts'
import { answerAck, answerReset } from './segment.ts'
import { after, before, inWindow, seqAdd } from './seq.ts'
import { setState, stopTimers, unhashSock, wakeOwner } from './table.ts'
import { addTimeWait, removeTimeWait, replaceTimeWait, twTimer } from './tw-table.ts'
import type { TcpSock, TimeWait } from './types.ts'

/**
 * What is left when a connection has been closed here first (tcp_minisocks.c): 60 s in TIME_WAIT, so that late
 * segments are not taken for another connection and a lost last ACK can be repeated.
 */
export function enterTimeWait(host: Host, s: TcpSock, state: TimeWait['state'], why: string, ctx: Ctx): void {
  const { id } = s
  if (state !== s.state) setState(host, s, state, why, ctx)
  const finTimeout = (host.sysctl.ipv4['tcp_fin_timeout'] ?? 60) * SEC
  const expiresNs = ctx.now + (state === 'TIME_WAIT' ? TIMEWAIT : finTimeout)
  stopTimers(host, s, ctx)
  addTimeWait(host, recordOf(s, s.dead ? id : host.tcp.nextSock++, state, expiresNs), ctx)
  unhashSock(host, s)
  if (s.dead) delete host.tcp.socks[id]
  else {
    // The program still holds its descriptor: it reads what is left, then end of file.
    s.state = 'CLOSED'
    s.shutReceive = s.shutSend = true
    wakeOwner(host, s, 'closed', ctx)
  }
}

function recordOf(s: TcpSock, id: SockId, state: TimeWait['state'], expiresNs: Nanos): TimeWait {
  return {
    id,
    state,
    laddr: s.laddr,
    lport: s.lport,
    raddr: s.raddr,
    rport: s.rport,
    key: s.key,
    sndNxt: s.sndNxt,
    rcvNxt: s.rcvNxt,
    rcvWnd: s.rcvWnd,
    rcvWscale: s.rcvWscale,
    tsOk: s.tsOk,
    tsOffset: s.tsOffset,
    tsRecent: s.tsRecent,
    tsRecentNs: s.tsRecentNs,
    expiresNs,
    lastOowNs: 0,
  }
}

/** The time is over, or a new life of the same 4-tuple begins. */
export function endTimeWait(host: Host, tw: TimeWait, ctx: Ctx): void {
  const { id, laddr, lport, raddr, rport } = tw
  ctx.note(host, {
    kind: 'tcp.state',
    sock: id,
    from: tw.state,
    to: 'CLOSED',
    laddr,
    lport,
    raddr,
    rport,
    why: 'timeout',
  })
  removeTimeWait(host, tw, ctx)
}

function restart(host: Host, tw: TimeWait, change: Partial<TimeWait>, ctx: Ctx): TimeWait {
  return replaceTimeWait(host, tw, { ...change, expiresNs: ctx.now + TIMEWAIT }, ctx)
}

/** An older timestamp than the last one seen: a segment of the past (RFC 7323 5.3). */
function isPaws(tw: TimeWait, tcp: Tcp): boolean {
  const stamp = tcp.options.timestamps
  return tw.tsOk && stamp !== undefined && tw.tsRecentNs > 0 && before(stamp.value, tw.tsRecent)
}

/**
 * A segment for a connection that is over (tcp_timewait_state_process). 'syn': a new connection may begin, the caller
 * hands the segment to the listener with `isn` as initial sequence number at least.
 */
export function timeWaitReceive(
  host: Host,
  tw: TimeWait,
  skb: Skb,
  tcp: Tcp,
  length: number,
  ctx: Ctx,
): { kind: 'done' } | { kind: 'syn'; isn: number } {
  const end = seqAdd(tcp.seq, length + (tcp.flags & SYN ? 1 : 0) + (tcp.flags & FIN ? 1 : 0))
  const done = { kind: 'done' } as const
  const paws = isPaws(tw, tcp)
  if (tw.state === 'FIN_WAIT2') {
    finWait2(host, tw, skb, tcp, length, end, paws, ctx)
    return done
  }
  const rst = (tcp.flags & RST) !== 0
  if (!paws && tcp.seq === tw.rcvNxt && (end === tcp.seq || rst)) {
    if (rst) endTimeWait(host, tw, ctx)
    else restart(host, tw, stampOf(tw, tcp, ctx.now), ctx)
    return done
  }
  const stamp = tcp.options.timestamps
  const isNewer =
    after(tcp.seq, tw.rcvNxt) ||
    (tw.tsRecentNs > 0 && stamp !== undefined && before(tw.tsRecent, stamp.value))
  if ((tcp.flags & (SYN | RST | ACK)) === SYN && !paws && isNewer) {
    endTimeWait(host, tw, ctx)
    return { kind: 'syn', isn: seqAdd(tw.sndNxt, 65535 + 2) }
  }
  if (rst) {
    ctx.drop(host, skb, 'TCP_INVALID_STATE', 'TIME_WAIT')
    return done
  }
  const next = paws || tcp.flags & ACK ? restart(host, tw, {}, ctx) : tw
  ackLimited(host, next, ctx)
  ctx.drop(host, skb, paws ? 'TCP_INVALID_SEQUENCE' : 'TCP_OLD_DATA', 'TIME_WAIT')
  return done
}

function stampOf(tw: TimeWait, tcp: Tcp, now: Nanos): Partial<TimeWait> {
  const stamp = tcp.options.timestamps
  return stamp && tw.tsOk ? { tsRecent: stamp.value, tsRecentNs: Math.max(1, now) } : {}
}

/** A closed socket that still waits for the peer's FIN. */
function finWait2(
  host: Host,
  tw: TimeWait,
  skb: Skb,
  tcp: Tcp,
  length: number,
  end: number,
  paws: boolean,
  ctx: Ctx,
): void {
  if (paws || !inWindow(tcp.seq, end, tw.rcvNxt, seqAdd(tw.rcvNxt, tw.rcvWnd))) {
    ackLimited(host, tw, ctx)
    return ctx.drop(host, skb, 'TCP_INVALID_SEQUENCE', 'FIN_WAIT2')
  }
  if (tcp.flags & RST) return endTimeWait(host, tw, ctx)
  const wrongSyn = tcp.flags & SYN && !before(tcp.seq, tw.rcvNxt)
  if (!wrongSyn && (!(tcp.flags & ACK) || !after(end, tw.rcvNxt) || end === tcp.seq)) return
  if (wrongSyn || !(tcp.flags & FIN) || end !== seqAdd(tw.rcvNxt, 1)) {
    // Data for a program that has closed: nobody will read it (RFC 9293 3.6.1).
    endTimeWait(host, tw, ctx)
    answerReset(host, tw, tcp, length, ctx)
    return ctx.drop(host, skb, 'SOCKET_CLOSED')
  }
  const { id, laddr, lport, raddr, rport } = tw
  const ends = { laddr, lport, raddr, rport, why: 'fin' }
  ctx.note(host, { kind: 'tcp.state', sock: id, from: 'FIN_WAIT2', to: 'TIME_WAIT', ...ends })
  answerAck(
    host,
    restart(host, tw, { ...stampOf(tw, tcp, ctx.now), state: 'TIME_WAIT', rcvNxt: end }, ctx),
    ctx,
  )
}

/** One ACK in half a second and connection (tcp_timewait_check_oow_rate_limit). */
function ackLimited(host: Host, tw: TimeWait, ctx: Ctx): void {
  if (tw.lastOowNs !== 0 && ctx.now - tw.lastOowNs < OOW_INTERVAL) return
  answerAck(host, replaceTimeWait(host, tw, { lastOowNs: Math.max(1, ctx.now) }, ctx), ctx)
}

/** The timer of all records: those whose time is over end. */
export function timeWaitTimer(host: Host, ctx: Ctx): void {
  twTimer(host, (tw) => endTimeWait(host, tw, ctx), ctx)
}
