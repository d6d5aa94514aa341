import { type Bytes, write32 } from '../../base/bytes.ts'
import { type Ip4, MS, type Nanos } from '../../base/ids.ts'
import { IPV4, PROTO_TCP } from '../../wire/ipv4.ts'
import type { TcpOptions } from '../../wire/tcp-options.ts'
import { tcpOptionsLength } from '../../wire/tcp-options.ts'
import { ACK, emitTcp, RST, setTcpChecksum, SYN, TCP, type Tcp, type TcpHeader } from '../../wire/tcp.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { ipSend } from '../ip/output.ts'
import type { TcpSendWhat } from '../note.ts'
import { routeOutput } from '../route/lookup.ts'
import type { Dst } from '../route/types.ts'
import { L2, newSkb } from '../skb.ts'
import { ATO_MIN, HEADERS, TS_OPTION } from './constants.ts'
import { seqAdd } from './seq.ts'
import type { TcpSock, TimeWait } from './types.ts'
import { selectWindow } from './window.ts'

/** Segments as bytes: headers of a connection's segments, and of answers that belong to no socket. */

interface Ends {
  laddr: Ip4
  lport: number
  raddr: Ip4
  rport: number
}

interface Outgoing {
  ends: Ends
  seq: number
  ack: number
  flags: number
  window: number
  options: TcpOptions
  payload: Bytes | null
  /** IP identification: 0 where the kernel leaves it 0 (SYN-ACK, RST and other answers without a socket). */
  ipId: number
  dst: Dst | null
  sock: number
  what: TcpSendWhat
  confirm: boolean
}

function emitSegment(host: Host, out: Outgoing, ctx: Ctx): void {
  const { laddr: src, raddr: dst } = out.ends
  const size = TCP.size + tcpOptionsLength(out.options)
  const payload = out.payload
  const length = payload ? payload.length : 0
  const skb = newSkb(IPV4.size + size + length)
  const at = L2 + IPV4.size
  const { seq, ack, flags, window, options } = out
  const header: TcpHeader = {
    sport: out.ends.lport,
    dport: out.ends.rport,
    seq,
    ack,
    flags,
    window,
    urgent: 0,
    options,
  }
  emitTcp(header, skb.data, at)
  if (payload) skb.data.set(payload, at + size)
  write32(skb.data, L2 + IPV4.src.at, src)
  write32(skb.data, L2 + IPV4.dst.at, dst)
  setTcpChecksum(skb.data, L2, at, skb.data.length)
  skb.sock = out.sock
  skb.dst = out.dst
  skb.confirm = out.confirm
  skb.cause = ctx.note(host, { kind: 'tcp.send', sock: out.sock, what: out.what, flags, seq, ack, length })
  ipSend(host, skb, { src, dst, proto: PROTO_TCP, df: true, id: out.ipId }, ctx)
}

/** Clock of the timestamp option: milliseconds, with the connection's own offset (RFC 7323 5.4). */
export function tsClock(now: Nanos, offset: number): number {
  return (Math.floor(now / MS) + offset) >>> 0
}

/** The socket's cached route, looked up again when the tables have changed. undefined = no route. */
export function routeOf(host: Host, s: TcpSock, ctx: Ctx): Dst | undefined {
  if (s.dst && s.dstGen === host.routeGen) return s.dst
  const flow = { dst: s.raddr, src: s.laddr, proto: PROTO_TCP, sport: s.lport, dport: s.rport }
  const found = routeOutput(host, s.bindDev === '' ? flow : { ...flow, oif: s.bindDev }, ctx)
  if (!found.ok) {
    s.dst = null
    if (found.error === 'ENETUNREACH' || found.error === 'EHOSTUNREACH') s.errSoft = 'EHOSTUNREACH'
    return undefined
  }
  s.dst = found.value
  s.dstGen = host.routeGen
  return s.dst
}

function sackBlocks(s: TcpSock, payloadLength: number): [number, number][] {
  const blocks = s.dsack ? [s.dsack, ...s.sacks] : s.sacks
  const room = s.tsOk ? 3 : 4
  const fits = Math.floor((s.pmtu - HEADERS - (s.tsOk ? TS_OPTION : 0) - payloadLength - 4) / 8)
  return blocks.slice(0, Math.max(0, Math.min(room, fits)))
}

/** Send a segment of an established connection; it carries the newest ACK, window, timestamps and SACK blocks. */
export function sendSegment(
  host: Host,
  s: TcpSock,
  flags: number,
  seq: number,
  payload: Bytes | null,
  what: TcpSendWhat,
  ctx: Ctx,
): void {
  const dst = routeOf(host, s, ctx)
  if (!dst) return
  const options: TcpOptions = {}
  if (s.tsOk) options.timestamps = { value: tsClock(ctx.now, s.tsOffset), echo: s.tsRecent }
  if (s.sackOk && (s.dsack || s.sacks.length > 0)) options.sacks = sackBlocks(s, payload ? payload.length : 0)
  s.dsack = null
  const window = selectWindow(s)
  if (flags & ACK) ackSent(s)
  s.ipId = (s.ipId + 1) & 0xffff
  const { ipId, confirm } = s
  s.confirm = false
  emitSegment(
    host,
    { ends: s, seq, ack: s.rcvNxt, flags, window, options, payload, ipId, dst, sock: s.id, what, confirm },
    ctx,
  )
}

/** Every segment with ACK serves as the ACK that was owed (tcp_event_ack_sent). */
function ackSent(s: TcpSock): void {
  if (s.quick > 0) {
    s.quick--
    if (s.quick === 0) s.atoNs = ATO_MIN
  }
  s.ackPending = s.ackNow = s.ackPushed = false
  s.delackAtNs = 0
}

export function sendAck(host: Host, s: TcpSock, ctx: Ctx): void {
  if (s.state !== 'CLOSED') sendSegment(host, s, ACK, s.sndNxt, null, 'ack', ctx)
}

/** SYN of a connect, or SYN-ACK of a connection in SYN_RECV. */
export function sendSyn(host: Host, s: TcpSock, ctx: Ctx): void {
  const dst = routeOf(host, s, ctx)
  if (!dst) return
  s.synSentNs = ctx.now
  const isReply = s.state === 'SYN_RECV'
  const { ipv4 } = host.sysctl
  const options: TcpOptions = { mss: s.advMss }
  if (isReply ? s.sackOk : ipv4['tcp_sack'] !== 0) options.sackPermitted = true
  if (isReply ? s.tsOk : ipv4['tcp_timestamps'] !== 0)
    options.timestamps = { value: tsClock(ctx.now, s.tsOffset), echo: isReply ? s.tsRecent : 0 }
  if (s.rcvWscale > 0) options.windowScale = s.rcvWscale
  if (!isReply) s.ipId = (s.ipId + 1) & 0xffff
  // The window of a SYN is never scaled (RFC 7323 2.2).
  const window = Math.min(s.rcvWnd, 0xffff)
  s.rcvWup = s.rcvNxt
  const out: Outgoing = {
    ends: s,
    seq: s.iss,
    ack: isReply ? s.rcvNxt : 0,
    flags: isReply ? SYN | ACK : SYN,
    window,
    options,
    payload: null,
    ipId: isReply ? 0 : s.ipId,
    dst,
    sock: s.id,
    what: isReply ? 'synack' : 'syn',
    confirm: false,
  }
  emitSegment(host, out, ctx)
}

/** Tell the peer at once that the connection is gone (tcp_send_active_reset). */
export function sendReset(host: Host, s: TcpSock, ctx: Ctx): void {
  sendSegment(host, s, RST | ACK, s.sndNxt, null, 'rst', ctx)
}

/** RST in answer to a segment for which there is no connection (RFC 9293 3.5.2, tcp_v4_send_reset). */
export function answerReset(host: Host, ends: Ends, tcp: Tcp, length: number, ctx: Ctx): void {
  if (tcp.flags & RST) return
  const syn = tcp.flags & SYN ? 1 : 0
  const hasAck = (tcp.flags & ACK) !== 0
  const seq = hasAck ? tcp.ack : 0
  const ack = hasAck ? 0 : seqAdd(tcp.seq, syn + (tcp.flags & 1) + length)
  answer(host, ends, { seq, ack, flags: hasAck ? RST : RST | ACK, window: 0, options: {} }, 'rst', ctx)
}

/** ACK on behalf of what is left of a connection (tcp_v4_timewait_ack). */
export function answerAck(host: Host, tw: TimeWait, ctx: Ctx): void {
  const options: TcpOptions = {}
  if (tw.tsOk) options.timestamps = { value: tsClock(ctx.now, tw.tsOffset), echo: tw.tsRecent }
  const window = tw.rcvWnd >>> tw.rcvWscale
  answer(host, tw, { seq: tw.sndNxt, ack: tw.rcvNxt, flags: ACK, window, options }, 'ack', ctx)
}

function answer(
  host: Host,
  ends: Ends,
  head: Pick<Outgoing, 'seq' | 'ack' | 'flags' | 'window' | 'options'>,
  what: TcpSendWhat,
  ctx: Ctx,
): void {
  const flow = { dst: ends.raddr, src: ends.laddr, proto: PROTO_TCP, sport: ends.lport, dport: ends.rport }
  const found = routeOutput(host, flow, ctx)
  if (!found.ok) return
  emitSegment(
    host,
    { ends, ...head, payload: null, ipId: 0, dst: found.value, sock: 0, what, confirm: false },
    ctx,
  )
}
