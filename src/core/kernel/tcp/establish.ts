import type { Nanos } from '../../base/ids.ts'
import { nextU32 } from '../../base/prng.ts'
import { ipDst, ipSrc } from '../../wire/ipv4.ts'
import { ACK, RST, SYN, type Tcp } from '../../wire/tcp.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { L2, type Skb } from '../skb.ts'
import { mtuOfDst } from '../route/lookup.ts'
import { takeAck } from './ack.ts'
import { armTimer, stopTimer } from './arm.ts'
import { HEADERS, MSS_DEFAULT, MSS_LEAST, RTO_INIT } from './constants.ts'
import { syncMss, writeXmit } from './output.ts'
import { measureRtt, rttOfEcho } from './rtt.ts'
import { answerReset, routeOf, sendAck, sendSyn, tsClock } from './segment.ts'
import { after, mix32, seqAdd } from './seq.ts'
import { addSock, endConnection, hashSock, removeSock, setState, wakeOwner } from './table.ts'
import type { TcpSock } from './types.ts'
import { initBuffer, initialWindow } from './window.ts'

/**
 * Beginnings: SYN at a listener, SYN-ACK at a connecting socket, the ACK that ends the handshake. Simplified: a connection
 * in SYN_RECV is a whole socket (the kernel keeps a small request); no SYN cookies, so a full queue drops SYNs; no data in
 * SYNs (Fast Open): it is ignored and comes again.
 */

/** Initial sequence number and timestamp offset: a keyed hash of the 4-tuple; the number also grows by 1 per 64 ns (RFC 6528). */
export function chooseNumbers(host: Host, s: TcpSock, now: Nanos): void {
  const ports = (s.lport << 16) | s.rport
  const spread = mix32(s.laddr ^ host.bootSeed, s.raddr, ports)
  s.iss = seqAdd(spread, Math.floor(now / 64) % 0x100000000)
  s.tsOffset = mix32(spread, host.bootSeed, ports)
  s.sndUna = s.iss
  s.sndNxt = seqAdd(s.iss, 1)
  s.ipId = nextU32(host.rng) & 0xffff
}

/** Sizes that follow from the route: path MTU and the MSS we announce. False = no route to the peer. */
export function initFromRoute(host: Host, s: TcpSock, ctx: Ctx): boolean {
  const dst = routeOf(host, s, ctx)
  if (!dst) return false
  s.pmtu = mtuOfDst(host, dst)
  s.advMss = Math.min(65495, Math.max(MSS_LEAST, s.pmtu - HEADERS))
  return true
}

function takeOptions(host: Host, s: TcpSock, tcp: Tcp, now: Nanos): void {
  const { mss, timestamps, sackPermitted, windowScale } = tcp.options
  const { ipv4 } = host.sysctl
  s.peerMss = Math.max(MSS_LEAST, mss ?? MSS_DEFAULT)
  s.tsOk = timestamps !== undefined && ipv4['tcp_timestamps'] !== 0
  if (timestamps && s.tsOk) {
    s.tsRecent = timestamps.value
    s.tsRecentNs = Math.max(1, now)
  }
  s.sackOk = sackPermitted === true && ipv4['tcp_sack'] !== 0
  const scaling = windowScale !== undefined && ipv4['tcp_window_scaling'] !== 0
  s.sndWscale = scaling ? Math.min(14, windowScale) : 0
  if (!scaling) s.rcvWscale = 0
}

/** A segment for a listening socket (tcp_v4_conn_request). `isn`: least initial sequence number after a TIME_WAIT. */
export function listenReceive(
  host: Host,
  listener: TcpSock,
  skb: Skb,
  tcp: Tcp,
  isn: number | undefined,
  ctx: Ctx,
): void {
  const laddr = ipDst(skb.data, L2)
  const raddr = ipSrc(skb.data, L2)
  const ends = { laddr, lport: tcp.dport, raddr, rport: tcp.sport }
  if (tcp.flags & RST) return ctx.drop(host, skb, 'TCP_INVALID_STATE', 'LISTEN')
  if (tcp.flags & ACK) {
    answerReset(host, ends, tcp, 0, ctx)
    return ctx.drop(host, skb, 'TCP_INVALID_STATE', 'LISTEN')
  }
  if (!(tcp.flags & SYN) || tcp.flags & 1) return ctx.drop(host, skb, 'TCP_INVALID_STATE', 'LISTEN')
  if (listener.queue.length > listener.backlog || listener.young >= Math.max(listener.backlog, 1)) {
    return ctx.drop(host, skb, 'TCP_BACKLOG', `backlog=${listener.backlog}`)
  }
  const s = addSock(host, listener.pid, ends, 'LISTEN')
  s.parent = listener.id
  s.rcvNxt = s.rcvWup = seqAdd(tcp.seq, 1)
  chooseNumbers(host, s, ctx.now)
  if (isn !== undefined) {
    s.iss = s.sndUna = isn
    s.sndNxt = seqAdd(isn, 1)
  }
  takeOptions(host, s, tcp, ctx.now)
  if (!initFromRoute(host, s, ctx)) {
    delete host.tcp.socks[s.id]
    return ctx.drop(host, skb, 'IP_OUTNOROUTES')
  }
  setState(host, s, 'SYN_RECV', 'syn', ctx)
  initialWindow(s, tcp.options.windowScale !== undefined && host.sysctl.ipv4['tcp_window_scaling'] !== 0)
  s.sndWnd = s.maxWnd = tcp.window
  s.sndWl1 = tcp.seq
  hashSock(host, s)
  listener.young++
  s.rtoNs = RTO_INIT
  s.retransStampNs = ctx.now
  sendSyn(host, s, ctx)
  armTimer(host, s, 'rto', ctx.now + RTO_INIT, ctx)
}

/** A segment for a socket in SYN_SENT (tcp_rcv_synsent_state_process). */
export function synSentReceive(host: Host, s: TcpSock, skb: Skb, tcp: Tcp, length: number, ctx: Ctx): void {
  const stamp = tcp.options.timestamps
  if (tcp.flags & ACK) {
    const acceptable = after(tcp.ack, s.sndUna) && !after(tcp.ack, s.sndNxt)
    const ownStamp = !stamp || stamp.echo === 0 || !after(stamp.echo, tsClock(ctx.now, s.tsOffset))
    if (!acceptable || !ownStamp) {
      answerReset(host, s, tcp, length, ctx)
      return ctx.drop(host, skb, 'TCP_INVALID_SEQUENCE', 'SYN_SENT')
    }
    if (tcp.flags & RST) {
      ctx.drop(host, skb, 'TCP_RESET')
      return endConnection(host, s, 'ECONNREFUSED', 'rst', ctx)
    }
    if (!(tcp.flags & SYN)) return ctx.drop(host, skb, 'TCP_INVALID_STATE', 'SYN_SENT')
    return finishConnect(host, s, tcp, ctx)
  }
  if (tcp.flags & RST || !(tcp.flags & SYN)) return ctx.drop(host, skb, 'TCP_INVALID_STATE', 'SYN_SENT')
  // Both sides have sent a SYN (RFC 9293 3.5, figure 7).
  s.rcvNxt = s.rcvWup = seqAdd(tcp.seq, 1)
  takeOptions(host, s, tcp, ctx.now)
  s.sndWnd = s.maxWnd = tcp.window
  s.sndWl1 = tcp.seq
  setState(host, s, 'SYN_RECV', 'syn', ctx)
  sendSyn(host, s, ctx)
}

function finishConnect(host: Host, s: TcpSock, tcp: Tcp, ctx: Ctx): void {
  const echo = tcp.options.timestamps?.echo ?? 0
  const rttNs =
    s.retransmits === 0 ? ctx.now - s.retransStampNs : rttOfEcho(s, echo, tsClock(ctx.now, s.tsOffset))
  s.retransStampNs = 0
  takeOptions(host, s, tcp, ctx.now)
  s.rcvNxt = s.rcvWup = seqAdd(tcp.seq, 1)
  s.sndUna = tcp.ack
  s.sndWnd = s.maxWnd = tcp.window
  s.sndWl1 = tcp.seq
  s.confirm = true
  s.lastRcvNs = s.lastAckNs = ctx.now
  stand(host, s, rttNs, 'synack', ctx)
  wakeOwner(host, s, 'connected', ctx)
  sendAck(host, s, ctx)
  writeXmit(host, s, ctx)
}

/** The connection stands: sizes and timers for data. */
function stand(host: Host, s: TcpSock, rttNs: Nanos | undefined, why: string, ctx: Ctx): void {
  stopTimer(s)
  s.retransmits = s.backoff = 0
  s.rtoNs = RTO_INIT
  if (rttNs !== undefined) measureRtt(s, rttNs)
  syncMss(s)
  initBuffer(s)
  setState(host, s, 'ESTABLISHED', why, ctx)
}

/**
 * A segment with the right sequence number and an ACK for a connection in SYN_RECV. True: it stands now, the rest of the
 * segment is for the established connection.
 */
export function synRecvAck(host: Host, s: TcpSock, skb: Skb, tcp: Tcp, length: number, ctx: Ctx): boolean {
  if (tcp.ack !== s.sndNxt) {
    answerReset(host, s, tcp, length, ctx)
    ctx.drop(host, skb, 'TCP_INVALID_SEQUENCE', 'SYN_RECV')
    return false
  }
  const parent = s.parent === 0 ? undefined : host.tcp.socks[s.parent]
  if (parent && parent.queue.length > parent.backlog) {
    ctx.drop(host, skb, 'TCP_BACKLOG', `backlog=${parent.backlog}`)
    return false
  }
  const rttNs = s.retransmits === 0 ? ctx.now - s.retransStampNs : undefined
  s.retransStampNs = 0
  s.sndUna = tcp.ack
  s.sndWnd = tcp.window * 2 ** s.sndWscale
  s.maxWnd = Math.max(s.maxWnd, s.sndWnd)
  s.sndWl1 = tcp.seq
  s.lastRcvNs = s.lastAckNs = ctx.now
  s.confirm = true
  if (host.tcp.toa && tcp.options.toa) s.toa = tcp.options.toa
  stand(host, s, rttNs, 'ack', ctx)
  if (parent) {
    parent.young--
    parent.queue.push(s.id)
    wakeOwner(host, parent, 'accept', ctx)
  } else {
    wakeOwner(host, s, 'connected', ctx)
  }
  takeAck(host, s, tcp, length, ctx)
  return true
}

/** The listener is gone, or refuses: forget a connection in SYN_RECV without a word. */
export function forgetRequest(host: Host, s: TcpSock, why: string, ctx: Ctx): void {
  const parent = host.tcp.socks[s.parent]
  if (parent) parent.young--
  setState(host, s, 'CLOSED', why, ctx)
  removeSock(host, s, ctx)
}
