import { type Bytes, concatBytes } from '../../base/bytes.ts'
import type { Ip4, Pid, SockId } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import { PROTO_TCP } from '../../wire/ipv4.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { Errno } from '../netlink.ts'
import { addressType } from '../route/fib.ts'
import { routeOutput } from '../route/lookup.ts'
import type { Flow } from '../route/types.ts'
import { afterRead } from './ack-policy.ts'
import { armTimer } from './arm.ts'
import { RTO_INIT, SEND_LIMIT } from './constants.ts'
import { chooseNumbers, forgetRequest, initFromRoute } from './establish.ts'
import { enqueueData, enqueueFin, writeXmit } from './output.ts'
import { isBindTaken, isTupleFree, pickPort } from './ports.ts'
import { sendReset, sendSyn } from './segment.ts'
import { leaveOrphan } from './states.ts'
import { addSock, endConnection, hashSock, removeSock, findConnection, setState } from './table.ts'
import { removeTimeWait } from './tw-table.ts'
import type { TcpSock } from './types.ts'
import { initialWindow } from './window.ts'

/** System calls on TCP sockets. Nothing blocks: what has to be waited for comes as an event of kind 'sock'. */

const ANY = 0 as Ip4

/** socket, bind, listen. EADDRNOTAVAIL: not an own address; EADDRINUSE: somebody listens there. Backlog as nginx has it. */
export function tcpListen(
  host: Host,
  at: { pid: Pid; ip: Ip4; port: number; backlog?: number },
  ctx: Ctx,
): Result<SockId, Errno> {
  if (at.ip !== 0 && addressType(host, at.ip) !== 'local') return bad('EADDRNOTAVAIL')
  // Servers set SO_REUSEADDR: only another listener is in the way.
  const isTaken = host.tcp.listeners.some((id) => {
    const other = host.tcp.socks[id]
    return other?.lport === at.port && (other.laddr === at.ip || other.laddr === 0 || at.ip === 0)
  })
  if (isTaken) return bad('EADDRINUSE')
  const s = addSock(host, at.pid, { laddr: at.ip, lport: at.port, raddr: ANY, rport: 0 }, 'CLOSED')
  s.backlog = at.backlog ?? 511
  setState(host, s, 'LISTEN', 'listen', ctx)
  host.tcp.listeners.push(s.id)
  return ok(s.id)
}

export interface ConnectTo {
  pid: Pid
  /** Address and port to bind to first; absent: the kernel chooses. */
  src?: Ip4
  sport?: number
  /** SO_BINDTODEVICE. */
  oif?: string
  dst: Ip4
  dport: number
}

/** Could a socket be bound to this address and port? EADDRNOTAVAIL or EADDRINUSE if not. */
export function tcpBindCheck(host: Host, ip: Ip4, port: number): Result<void, Errno> {
  if (ip !== 0 && addressType(host, ip) !== 'local') return bad('EADDRNOTAVAIL')
  return port !== 0 && isBindTaken(host, ip, port) ? bad('EADDRINUSE') : ok(undefined)
}

/** Begin to connect. 'connected' or 'error' follows; errors that are known at once are returned (no route, no port). */
export function tcpConnect(host: Host, to: ConnectTo, ctx: Ctx): Result<SockId, Errno> {
  const bound = tcpBindCheck(host, to.src ?? ANY, to.sport ?? 0)
  if (!bound.ok) return bound
  const dst = to.dst === 0 ? (0x7f000001 as Ip4) : to.dst
  const flow: Flow = {
    dst,
    src: to.src ?? ANY,
    proto: PROTO_TCP,
    sport: to.sport ?? 0,
    dport: to.dport,
    anyPort: to.sport === undefined,
  }
  if (to.oif !== undefined) flow.oif = to.oif
  const route = routeOutput(host, flow, ctx)
  if (!route.ok) return route
  if (route.value.type === 'broadcast' || route.value.type === 'multicast') return bad('ENETUNREACH')
  const laddr = to.src ?? route.value.prefsrc
  const lport = to.sport ?? pickPort(host, laddr, dst, to.dport, ctx.now)
  if (lport === undefined || !isTupleFree(host, laddr, lport, dst, to.dport, ctx.now))
    return bad('EADDRNOTAVAIL')
  const old = findConnection(host, laddr, lport, dst, to.dport)
  const s = addSock(host, to.pid, { laddr, lport, raddr: dst, rport: to.dport }, 'CLOSED')
  s.bindDev = to.oif ?? ''
  s.dst = route.value
  s.dstGen = host.routeGen
  chooseNumbers(host, s, ctx.now)
  if (old && 'expiresNs' in old) removeTimeWait(host, old, ctx)
  hashSock(host, s)
  startConnect(host, s, ctx)
  return ok(s.id)
}

function startConnect(host: Host, s: TcpSock, ctx: Ctx): void {
  initFromRoute(host, s, ctx)
  setState(host, s, 'SYN_SENT', 'connect', ctx)
  initialWindow(s, host.sysctl.ipv4['tcp_window_scaling'] !== 0)
  s.retransStampNs = ctx.now
  s.rtoNs = RTO_INIT
  // Armed first: sending may fail at once and end the connection.
  armTimer(host, s, 'rto', ctx.now + RTO_INIT, ctx)
  sendSyn(host, s, ctx)
}

/** Queue data to send; returns how many bytes were taken. EPIPE after a close of our side, ENOTCONN before it stands. */
export function tcpSend(host: Host, id: SockId, data: Bytes, ctx: Ctx): Result<number, Errno> {
  const s = host.tcp.socks[id]
  if (!s) return bad('ENOTCONN')
  if (s.err !== '') return bad(takeErr(s))
  if (s.shutSend) return bad('EPIPE')
  if (s.state !== 'ESTABLISHED' && s.state !== 'CLOSE_WAIT' && s.state !== 'SYN_SENT') return bad('ENOTCONN')
  const room = Math.max(0, SEND_LIMIT - s.txq.length * s.mss)
  const taken = data.length <= room ? data : data.subarray(0, room)
  if (taken.length === 0) return ok(0)
  enqueueData(s, taken.slice())
  if (s.state !== 'SYN_SENT') writeXmit(host, s, ctx)
  return ok(taken.length)
}

/** All bytes that can be read, and whether the peer has sent its last. The pending error is returned once. */
export function tcpReceive(host: Host, id: SockId, ctx: Ctx): Result<{ bytes: Bytes; eof: boolean }, Errno> {
  const s = host.tcp.socks[id]
  if (!s) return bad('ENOTCONN')
  const bytes = s.rxq.length === 1 && s.rxq[0] ? s.rxq[0] : concatBytes(s.rxq)
  if (bytes.length === 0 && s.err !== '') return bad(takeErr(s))
  s.rxq = []
  s.rxTruesize = 0
  if (bytes.length > 0) afterRead(host, s, ctx)
  return ok({ bytes, eof: s.shutReceive })
}

function takeErr(s: TcpSock): Errno {
  const { err } = s
  s.err = ''
  return err === '' ? 'EPIPE' : err
}

/** The next connection of a listener's queue; undefined when none waits. */
export function tcpAccept(host: Host, id: SockId): SockId | undefined {
  const listener = host.tcp.socks[id]
  const next = listener?.queue.shift()
  const s = next === undefined ? undefined : host.tcp.socks[next]
  if (!listener || !s) return undefined
  s.parent = 0
  s.pid = listener.pid
  return s.id
}

/** Addresses and ports of both ends, as getsockname and getpeername give them. */
export function tcpEnds(
  host: Host,
  id: SockId,
): { laddr: Ip4; lport: number; raddr: Ip4; rport: number } | undefined {
  const s = host.tcp.socks[id]
  if (!s) return undefined
  const { ip, port } = s.toa ?? { ip: s.raddr, port: s.rport }
  return { laddr: s.laddr, lport: s.lport, raddr: ip, rport: port }
}

/** No more data from us: FIN after what is queued. Reading goes on (half close). */
export function tcpShutdown(host: Host, id: SockId, ctx: Ctx): Result<void, Errno> {
  const s = host.tcp.socks[id]
  if (!s || (s.state !== 'ESTABLISHED' && s.state !== 'CLOSE_WAIT')) return bad('ENOTCONN')
  if (!s.shutSend) sendFin(host, s, ctx)
  return ok(undefined)
}

function sendFin(host: Host, s: TcpSock, ctx: Ctx): void {
  s.shutSend = true
  setState(host, s, s.state === 'CLOSE_WAIT' ? 'LAST_ACK' : 'FIN_WAIT1', 'close', ctx)
  enqueueFin(s)
  writeXmit(host, s, ctx)
}

/** The program lets go of the socket. Unread data means RST instead of FIN (RFC 2525 2.17). */
export function tcpClose(host: Host, id: SockId, ctx: Ctx): void {
  const s = host.tcp.socks[id]
  if (!s) return
  if (s.state === 'LISTEN') return closeListener(host, s, ctx)
  s.dead = true
  s.shutReceive = true
  const unread = s.rxq.length > 0
  s.rxq = []
  s.rxTruesize = 0
  switch (s.state) {
    case 'CLOSED':
      return removeSock(host, s, ctx)
    case 'SYN_SENT':
      return endConnection(host, s, '', 'close', ctx)
    case 'SYN_RECV':
    case 'ESTABLISHED':
    case 'CLOSE_WAIT':
      if (unread) return reset(host, s, ctx)
      return sendFin(host, s, ctx)
    case 'FIN_WAIT2':
      leaveOrphan(host, s, ctx)
      return
    default:
      if (unread) reset(host, s, ctx)
  }
}

function reset(host: Host, s: TcpSock, ctx: Ctx): void {
  sendReset(host, s, ctx)
  endConnection(host, s, '', 'abort', ctx)
}

/** Close with RST at once (SO_LINGER 0, or a program that was killed with data on its way). */
export function tcpAbort(host: Host, id: SockId, ctx: Ctx): void {
  const s = host.tcp.socks[id]
  if (!s) return
  if (s.state === 'LISTEN') return closeListener(host, s, ctx)
  s.dead = true
  if (s.state === 'CLOSED') removeSock(host, s, ctx)
  else if (s.state === 'SYN_SENT') endConnection(host, s, '', 'abort', ctx)
  else reset(host, s, ctx)
}

/** Connections that nobody has accepted are reset, unfinished ones forgotten (inet_csk_listen_stop). */
function closeListener(host: Host, listener: TcpSock, ctx: Ctx): void {
  for (const id of listener.queue) {
    const s = host.tcp.socks[id]
    if (!s) continue
    s.parent = 0
    tcpAbort(host, id, ctx)
  }
  for (const key in host.tcp.socks) {
    const s = host.tcp.socks[key]
    if (s && s.parent === listener.id && s.state === 'SYN_RECV') forgetRequest(host, s, 'close', ctx)
  }
  listener.dead = true
  removeSock(host, listener, ctx)
}

/** A program has ended: close what it held (exit_files). */
export function tcpCloseAll(host: Host, pid: Pid, ctx: Ctx): void {
  for (const key in host.tcp.socks) {
    const s = host.tcp.socks[key]
    if (s && s.pid === pid && !s.dead && s.parent === 0) tcpClose(host, s.id, ctx)
  }
}
