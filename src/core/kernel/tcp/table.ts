import type { DevName, Ip4, Pid, SockId } from '../../base/ids.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { Errno } from '../netlink.ts'
import { createBlank } from './blank.ts'
import { mix32 } from './seq.ts'
import { findTimeWait } from './tw-table.ts'
import type { TcpSock, TcpState, TimeWait } from './types.ts'

export interface Tuple {
  laddr: Ip4
  lport: number
  raddr: Ip4
  rport: number
}

/** Hash chain of a connection: a small integer, so that no string is built per segment. */
function tupleKey(laddr: Ip4, lport: number, raddr: Ip4, rport: number): number {
  return mix32(laddr, raddr, (lport << 16) | rport) & 0x3fffffff
}

const NONE: readonly SockId[] = []

/**
 * The connection, or what is left of it, that a segment belongs to; undefined = none (listeners are another table). `dev`:
 * where the segment came in, for sockets that are bound to an interface (inet_match); those in TIME_WAIT are bound to none.
 */
export function findConnection(
  host: Host,
  laddr: Ip4,
  lport: number,
  raddr: Ip4,
  rport: number,
  dev?: DevName,
): TcpSock | TimeWait | undefined {
  const key = tupleKey(laddr, lport, raddr, rport)
  for (const id of host.tcp.hash[key] ?? NONE) {
    const s = host.tcp.socks[id]
    if (!s || s.laddr !== laddr || s.lport !== lport || s.raddr !== raddr || s.rport !== rport) continue
    if (dev === undefined || s.bindDev === '' || s.bindDev === dev) return s
  }
  return findTimeWait(host, key, laddr, lport, raddr, rport)
}

/** The listener for a destination: one bound to the address before one bound to any (compute_score). */
export function findListener(host: Host, ip: Ip4, port: number): TcpSock | undefined {
  let any: TcpSock | undefined
  for (const id of host.tcp.listeners) {
    const sock = host.tcp.socks[id]
    if (sock?.lport !== port) continue
    if (sock.laddr === ip) return sock
    if (sock.laddr === 0) any = sock
  }
  return any
}

function chainAdd(host: Host, key: number, id: SockId): void {
  const chain = host.tcp.hash[key]
  host.tcp.hash[key] = chain ? [...chain, id] : [id]
}

function chainRemove(host: Host, key: number, id: SockId): void {
  const chain = host.tcp.hash[key]
  if (!chain) return
  if (chain.length === 1) delete host.tcp.hash[key]
  else host.tcp.hash[key] = chain.filter((other) => other !== id)
}

/** Enter a socket whose 4-tuple is complete into the table of connections. */
export function hashSock(host: Host, s: TcpSock): void {
  s.key = tupleKey(s.laddr, s.lport, s.raddr, s.rport)
  chainAdd(host, s.key, s.id)
}

export function unhashSock(host: Host, s: TcpSock): void {
  if (s.key >= 0) chainRemove(host, s.key, s.id)
  s.key = -1
}

/** A new socket in the table of sockets, with nothing set but its owner. */
export function addSock(host: Host, pid: Pid, tuple: Tuple, state: TcpState): TcpSock {
  const s = blankSock(host.tcp.nextSock++, pid, tuple, state)
  host.tcp.socks[s.id] = s
  return s
}

/** Free a socket altogether: out of all tables, timers gone. */
export function removeSock(host: Host, s: TcpSock, ctx: Ctx): void {
  unhashSock(host, s)
  stopTimers(host, s, ctx)
  delete host.tcp.socks[s.id]
  if (s.state === 'LISTEN') host.tcp.listeners = host.tcp.listeners.filter((id) => id !== s.id)
}

export function stopTimers(host: Host, s: TcpSock, ctx: Ctx): void {
  if (s.timerArmedNs !== 0) ctx.clearTimer(host, `tcp:${s.id}:rto`)
  if (s.delackArmedNs !== 0) ctx.clearTimer(host, `tcp:${s.id}:delack`)
  s.timer = 'none'
  s.timerArmedNs = s.delackAtNs = s.delackArmedNs = 0
}

/** Change of state, with its note. `why`: 'connect', 'syn', 'synack', 'ack', 'fin', 'close', 'rst', 'timeout', 'icmp' ... */
export function setState(host: Host, s: TcpSock, to: TcpState | 'TIME_WAIT', why: string, ctx: Ctx): void {
  const { id, laddr, lport, raddr, rport } = s
  ctx.note(host, { kind: 'tcp.state', sock: id, from: s.state, to, laddr, lport, raddr, rport, why })
  if (to !== 'TIME_WAIT') s.state = to
}

export function wakeOwner(
  host: Host,
  s: TcpSock,
  ready: 'connected' | 'accept' | 'readable' | 'closed',
  ctx: Ctx,
): void {
  if (!s.dead && s.pid !== 0) ctx.wake(host, s.pid, { kind: 'sock', sock: s.id, ready })
}

/** The connection has ended (tcp_done): with an error for its program if `err` is set. An orphan is freed at once. */
export function endConnection(host: Host, s: TcpSock, err: Errno | '', why: string, ctx: Ctx): void {
  const parent = s.parent === 0 ? undefined : host.tcp.socks[s.parent]
  if (parent && s.state === 'SYN_RECV') parent.young--
  setState(host, s, 'CLOSED', why, ctx)
  unhashSock(host, s)
  stopTimers(host, s, ctx)
  s.txq = []
  s.txSent = 0
  s.err = err
  s.shutSend = s.shutReceive = true
  const waits = parent?.queue.includes(s.id) === true
  if (s.dead || (parent && !waits)) removeSock(host, s, ctx)
  else if (!waits && err !== '')
    ctx.wake(host, s.pid, { kind: 'sock', sock: s.id, ready: 'error', errno: err })
  else if (!waits) wakeOwner(host, s, 'closed', ctx)
}

/** Everything at its value before the first packet; copied for each new socket, with lists of its own. */
const BLANK = createBlank()

function blankSock(id: SockId, pid: Pid, tuple: Tuple, state: TcpState): TcpSock {
  const { laddr, lport, raddr, rport } = tuple
  return {
    ...BLANK,
    id,
    pid,
    state,
    laddr,
    lport,
    raddr,
    rport,
    txq: [],
    rxq: [],
    ooo: [],
    sacks: [],
    queue: [],
  }
}
