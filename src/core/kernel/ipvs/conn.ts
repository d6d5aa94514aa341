import { type Ip4, type Nanos, SEC } from '../../base/ids.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { dropConntrack } from '../netfilter/ipvs-conntrack.ts'
import { destById } from './service.ts'
import { firstState } from './states.ts'
import { addConn, connById, dropConn, replaceConn } from './table.ts'
import type { ConnKey, Draft, IpvsConn, IpvsDest, IpvsService } from './types.ts'

/**
 * Life of a connection entry (net/netfilter/ipvs/ip_vs_conn.c). Simplified: one timer a host looks at all entries in
 * steps of a jiffy group, so that an entry may go up to TICK after its time; the kernel's timer wheel is coarser.
 */
const TICK: Nanos = SEC / 8
export const EXPIRE_TIMER = 'ipvs:expire'
export const SYNC_TIMER = 'ipvs:sync'
/** A template that still controls connections stays this much longer (ip_vs_conn_expire). */
const AGAIN: Nanos = 60 * SEC

export type ConnMore = Partial<Omit<IpvsConn, keyof ConnKey | 'id' | 'dest' | 'dport'>>

/**
 * A new entry bound to its real server (ip_vs_conn_new), if that is known here; its counter is the inactive one until a
 * packet has counted.
 */
export function makeConn(
  host: Host,
  key: ConnKey,
  dest: IpvsDest | undefined,
  dport: number,
  more: ConnMore,
): IpvsConn {
  const { ipvs } = host
  const { proto, cip, cport, vip, vport } = key
  const mode = dest?.mode ?? 'dr'
  const conn: IpvsConn = {
    proto,
    cip,
    cport,
    vip,
    vport,
    id: ipvs.nextId++,
    dip: dest?.ip ?? (0 as Ip4),
    dport,
    mode,
    state: more.template === true ? 'NONE' : firstState(proto),
    timeoutNs: 0,
    expiresAt: 0,
    active: false,
    dest: dest?.id ?? 0,
    template: false,
    noOutput: mode === 'dr' || mode === 'tun',
    onePacket: false,
    control: null,
    controls: 0,
    inPkts: 0,
    fwmark: 0,
    lip: 0 as Ip4,
    lport: 0,
    firstAck: -1,
    tracked: false,
    synced: false,
    toldState: 'NONE',
    ...more,
  }
  addConn(ipvs, conn)
  if (dest) bindDest(dest, conn)
  return conn
}

function bindDest(dest: IpvsDest, conn: IpvsConn): void {
  if (conn.template) dest.persistConns++
  else if (conn.active) dest.activeConns++
  else dest.inactConns++
  if (dest.upper !== 0 && totalConns(dest) >= dest.upper) dest.overload = true
}

function totalConns(dest: IpvsDest): number {
  return dest.activeConns + dest.inactConns
}

/** Take a connection out of its real server's counters; it may accept new ones again (ip_vs_unbind_dest). */
function unbindDest(dest: IpvsDest, conn: IpvsConn): void {
  if (conn.template) dest.persistConns--
  else if (conn.active) dest.activeConns--
  else dest.inactConns--
  if (dest.lower !== 0) {
    if (totalConns(dest) < dest.lower) dest.overload = false
  } else if (dest.upper !== 0) {
    if (totalConns(dest) * 4 < dest.upper * 3) dest.overload = false
  } else dest.overload = false
}

/** Put a changed entry into the table, its timer started anew (ip_vs_conn_put). It must not be written afterwards. */
export function touchConn(host: Host, next: Draft, ctx: Ctx): IpvsConn {
  const { ipvs } = host
  next.expiresAt = ctx.now + next.timeoutNs
  replaceConn(ipvs, next)
  if (ipvs.tickAt === 0 || next.expiresAt < ipvs.tickAt) armTick(host, next.expiresAt, ctx)
  return next
}

function armTick(host: Host, at: Nanos, ctx: Ctx): void {
  const due = Math.ceil(at / TICK) * TICK
  if (due === host.ipvs.tickAt) return
  host.ipvs.tickAt = due
  ctx.setTimer(host, EXPIRE_TIMER, due)
}

/** Forget entries whose time is over, in order of time, then of birth. */
export function expireConns(host: Host, ctx: Ctx): void {
  const { ipvs } = host
  const due: IpvsConn[] = []
  for (const list of ipvs.slots) {
    if (list) for (const conn of list) if (conn.expiresAt <= ctx.now) due.push(conn)
  }
  due.sort((a, b) => a.expiresAt - b.expiresAt || a.id - b.id)
  for (const conn of due) expireConn(host, conn, ctx)
  let next = Infinity
  for (const list of ipvs.slots) {
    if (list) for (const conn of list) next = Math.min(next, conn.expiresAt)
  }
  ipvs.tickAt = 0
  if (next !== Infinity) armTick(host, next, ctx)
}

function expireConn(host: Host, conn: IpvsConn, ctx: Ctx): void {
  const now = connById(host.ipvs, conn)
  if (!now) return
  if (now.controls > 0) {
    replaceConn(host.ipvs, { ...now, timeoutNs: AGAIN, expiresAt: ctx.now + AGAIN })
    return
  }
  removeConn(host, now, ctx)
}

/**
 * Forget an entry and take it out of its real server's counters. With `early` its template goes too if nothing assured it
 * (ip_vs_conn_expire_now, expire_nodest_conn).
 */
export function removeConn(host: Host, conn: IpvsConn, ctx: Ctx, early = false): void {
  const { proto, cip, cport, vip, vport } = conn
  dropConn(host.ipvs, conn)
  const dest = destById(host, conn.dest)?.dest
  if (dest) unbindDest(dest, conn)
  const template = conn.control && connById(host.ipvs, conn.control)
  if (template) {
    const left = replaceConn(host.ipvs, { ...template, controls: template.controls - 1 })
    if (early && left.controls === 0 && left.state !== 'ASSURED') removeConn(host, left, ctx)
  }
  if (conn.tracked) dropConntrack(host, { proto, src: cip, sport: cport, dst: vip, dport: vport })
  ctx.note(host, { kind: 'ipvs.expire', cip, cport, vip, vport })
}

/** Is the real server still in its service (IP_VS_DEST_F_AVAILABLE)? */
export function isAvailable(host: Host, conn: IpvsConn): boolean {
  return destById(host, conn.dest)?.service !== undefined
}

export function destOf(host: Host, conn: IpvsConn): IpvsDest | undefined {
  return destById(host, conn.dest)?.dest
}

/** The service whose counters a connection adds to; none when its real server was removed. */
export function accountOf(host: Host, conn: IpvsConn): { dest: IpvsDest; service: IpvsService } | undefined {
  const found = destById(host, conn.dest)
  return found?.service && { dest: found.dest, service: found.service }
}

/** Time left, in whole seconds, as `ipvsadm -Lnc` shows it. */
export function secondsLeft(conn: IpvsConn, now: Nanos): number {
  return Math.max(0, Math.floor((conn.expiresAt - now) / SEC))
}
