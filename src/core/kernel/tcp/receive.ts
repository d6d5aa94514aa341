import { ipDst, ipHeaderLength, ipSrc } from '../../wire/ipv4.ts'
import { ACK, FIN, parseTcp, PSH, RST, SYN, type Tcp, tcpChecksumOk } from '../../wire/tcp.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { packetEnd } from '../ip/offsets.ts'
import { L2, type Skb } from '../skb.ts'
import { ackCheck, challengeAck, isOowLimited, sendDupAck } from './ack-policy.ts'
import { takeAck } from './ack.ts'
import { queueData } from './data.ts'
import { forgetRequest, listenReceive, synRecvAck, synSentReceive } from './establish.ts'
import { writeXmit } from './output.ts'
import { answerReset, sendSyn } from './segment.ts'
import { after, before, seqAdd } from './seq.ts'
import { stateAfterAck } from './states.ts'
import { endConnection, findConnection, findListener } from './table.ts'
import { timeWaitReceive } from './timewait.ts'
import type { TcpSock } from './types.ts'
import { receiveWindow } from './window.ts'

/** TCP segments as they come in (tcp_v4_rcv, tcp_rcv_established, tcp_rcv_state_process; RFC 9293 3.10.7). */
export function tcpReceive(host: Host, skb: Skb, ctx: Ctx): void {
  const { data } = skb
  const at = L2 + ipHeaderLength(data, L2)
  const end = packetEnd(skb)
  const parsed = parseTcp(data, at, end)
  if (!parsed.ok) return ctx.drop(host, skb, 'PKT_TOO_SMALL', parsed.error)
  if (!tcpChecksumOk(data, L2, at, end)) return ctx.drop(host, skb, 'TCP_CSUM')
  const tcp = parsed.value
  const length = end - at - tcp.headerLength
  const laddr = ipDst(data, L2)
  const raddr = ipSrc(data, L2)
  const found = findConnection(host, laddr, tcp.dport, raddr, tcp.sport, skb.dev)
  if (found && 'expiresNs' in found) {
    const next = timeWaitReceive(host, found, skb, tcp, length, ctx)
    if (next.kind === 'done') return
    const listener = findListener(host, laddr, tcp.dport)
    if (listener) return listenReceive(host, listener, skb, tcp, next.isn, ctx)
  } else if (found) {
    return connectionReceive(host, found, skb, tcp, end - length, end, ctx)
  }
  const listener = findListener(host, laddr, tcp.dport)
  if (listener) return listenReceive(host, listener, skb, tcp, undefined, ctx)
  answerReset(host, { laddr, lport: tcp.dport, raddr, rport: tcp.sport }, tcp, length, ctx)
  ctx.drop(host, skb, 'NO_SOCKET', `port ${tcp.dport}`)
}

/** A segment for a connection; its payload is data[from, end). */
function connectionReceive(
  host: Host,
  s: TcpSock,
  skb: Skb,
  tcp: Tcp,
  from: number,
  end: number,
  ctx: Ctx,
): void {
  const length = end - from
  if (s.state === 'SYN_SENT') return synSentReceive(host, s, skb, tcp, length, ctx)
  if (!validate(host, s, skb, tcp, length, ctx)) return
  if (!(tcp.flags & ACK)) return ctx.drop(host, skb, 'TCP_INVALID_STATE', 'no ACK')
  if (s.state === 'SYN_RECV') {
    if (!synRecvAck(host, s, skb, tcp, length, ctx)) return
  } else {
    const verdict = takeAck(host, s, tcp, length, ctx)
    if (verdict === 'unsent' || verdict === 'ancient') {
      challengeAck(host, s, ctx)
      return ctx.drop(host, skb, 'TCP_INVALID_SEQUENCE', `ack ${verdict}`)
    }
  }
  if (!stateAfterAck(host, s, tcp, length, ctx)) return
  const fin = (tcp.flags & FIN) !== 0
  if ((length > 0 || fin) && s.dead && after(seqAdd(tcp.seq, length), s.rcvNxt)) {
    // Data for a program that has closed (RFC 9293 3.6.1), or a FIN behind data that is missing: the peer shall know.
    answerReset(host, s, tcp, length, ctx)
    ctx.drop(host, skb, 'SOCKET_CLOSED')
    return endConnection(host, s, '', 'rst', ctx)
  }
  if (length > 0 || fin) {
    const bytes = skb.data.slice(from, end)
    queueData(host, s, skb, { seq: tcp.seq, bytes, fin, push: (tcp.flags & PSH) !== 0 }, ctx)
  }
  if (host.tcp.socks[s.id] !== s || s.state === 'CLOSED') return
  writeXmit(host, s, ctx)
  ackCheck(host, s, ctx)
}

/** The checks before anything is believed (tcp_validate_incoming): timestamps, window, RST, SYN. False: done with it. */
function validate(host: Host, s: TcpSock, skb: Skb, tcp: Tcp, length: number, ctx: Ctx): boolean {
  const rst = (tcp.flags & RST) !== 0
  const end = seqAdd(tcp.seq, length + (tcp.flags & SYN ? 1 : 0) + (tcp.flags & FIN ? 1 : 0))
  const stamp = s.tsOk ? tcp.options.timestamps : undefined
  if (stamp && s.tsRecentNs > 0 && before(stamp.value, s.tsRecent) && !rst && !isDisordered(s, tcp, end)) {
    if (length > 0 || !isOowLimited(s, ctx.now)) sendDupAck(host, s, tcp.seq, end, ctx)
    ctx.drop(host, skb, 'TCP_INVALID_SEQUENCE', 'timestamp')
    return false
  }
  if (s.state === 'SYN_RECV' && tcp.flags & SYN && tcp.seq === seqAdd(s.rcvNxt, -1))
    return repeatSynAck(host, s, skb, tcp, ctx)
  if (before(end, s.rcvWup) || after(tcp.seq, seqAdd(s.rcvNxt, receiveWindow(s)))) {
    if (!rst && (length > 0 || !isOowLimited(s, ctx.now))) sendDupAck(host, s, tcp.seq, end, ctx)
    ctx.drop(host, skb, after(end, s.rcvNxt) ? 'TCP_INVALID_SEQUENCE' : 'TCP_OLD_DATA')
    return false
  }
  if (rst) {
    takeReset(host, s, skb, tcp, ctx)
    return false
  }
  if (tcp.flags & SYN) {
    challengeAck(host, s, ctx)
    ctx.drop(host, skb, 'TCP_INVALID_SEQUENCE', 'SYN')
    return false
  }
  if (stamp && !after(tcp.seq, s.rcvWup) && !before(stamp.value, s.tsRecent)) {
    s.tsRecent = stamp.value
    s.tsRecentNs = Math.max(1, ctx.now)
  }
  return true
}

/** A pure ACK that was overtaken: harmless, although its timestamp is older (tcp_disordered_ack). */
function isDisordered(s: TcpSock, tcp: Tcp, end: number): boolean {
  return tcp.seq === s.rcvNxt && end === tcp.seq && tcp.ack === s.sndUna && (tcp.flags & ACK) !== 0
}

/** Only the exact next sequence number ends a connection; one that is merely in the window is challenged (RFC 5961 3.2). */
function takeReset(host: Host, s: TcpSock, skb: Skb, tcp: Tcp, ctx: Ctx): void {
  if (tcp.seq !== s.rcvNxt && s.state !== 'SYN_RECV') {
    challengeAck(host, s, ctx)
    return ctx.drop(host, skb, 'TCP_INVALID_SEQUENCE', 'RST')
  }
  ctx.drop(host, skb, 'TCP_RESET')
  if (s.state === 'SYN_RECV' && s.parent !== 0) return forgetRequest(host, s, 'rst', ctx)
  const err = s.state === 'SYN_RECV' ? 'ECONNREFUSED' : s.state === 'CLOSE_WAIT' ? 'EPIPE' : 'ECONNRESET'
  endConnection(host, s, err, 'rst', ctx)
}

/** The peer did not get our SYN-ACK, or both sides connect at once and this is the peer's. */
function repeatSynAck(host: Host, s: TcpSock, skb: Skb, tcp: Tcp, ctx: Ctx): boolean {
  if (s.parent === 0 && tcp.flags & ACK) return true
  if (tcp.flags & RST) {
    takeReset(host, s, skb, tcp, ctx)
    return false
  }
  s.retransmits = Math.max(1, s.retransmits)
  sendSyn(host, s, ctx)
  ctx.drop(host, skb, 'TCP_OLD_DATA', 'SYN')
  return false
}
