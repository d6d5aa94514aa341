import { type Ip4, type Nanos, SEC } from '../../base/ids.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { findDest, findService } from './service.ts'
import type { IpvsConn, IpvsDest, IpvsState } from './types.ts'

/** The connection table (net/netfilter/ipvs/ip_vs_conn.c), keyed by client and virtual address. */

export function connKey(proto: number, cip: Ip4, cport: number, vip: Ip4, vport: number): string {
  return `${proto} ${cip} ${cport} ${vip} ${vport}`
}

export function findConn(
  host: Host,
  proto: number,
  cip: Ip4,
  cport: number,
  vip: Ip4,
  vport: number,
): IpvsConn | undefined {
  return host.ipvs.conns[connKey(proto, cip, cport, vip, vport)]
}

/** Connections are made active: the first state change settles which counter they belong to. */
export function makeConn(
  host: Host,
  flow: { proto: number; cip: Ip4; cport: number; vip: Ip4; vport: number },
  dest: IpvsDest,
): IpvsConn {
  const conn: IpvsConn = {
    ...flow,
    dip: dest.ip,
    dport: dest.port,
    mode: dest.mode,
    state: 'NONE',
    expiresAt: 0,
    active: true,
  }
  dest.activeConns += 1
  host.ipvs.conns[connKey(flow.proto, flow.cip, flow.cport, flow.vip, flow.vport)] = conn
  return conn
}

/** Forget a connection and take it out of its real server's counters. */
export function removeConn(host: Host, conn: IpvsConn, ctx: Ctx): void {
  const { proto, cip, cport, vip, vport } = conn
  const key = connKey(proto, cip, cport, vip, vport)
  ctx.clearTimer(host, `ipvs:${key}`)
  Reflect.deleteProperty(host.ipvs.conns, key)
  countOut(host, conn)
  ctx.note(host, { kind: 'ipvs.expire', cip, cport, vip, vport })
}

function countOut(host: Host, conn: IpvsConn): void {
  const dest = destOf(host, conn)
  if (!dest) return
  if (conn.active) dest.activeConns -= 1
  else dest.inactConns -= 1
}

/** ActiveConn counts ESTABLISHED only; everything else is InActConn (ip_vs_proto_tcp.c set_tcp_state). */
export function setState(host: Host, conn: IpvsConn, state: IpvsState, timeoutNs: Nanos, ctx: Ctx): void {
  const active = state === 'ESTABLISHED'
  if (active !== conn.active) {
    const dest = destOf(host, conn)
    if (dest) {
      dest.activeConns += active ? 1 : -1
      dest.inactConns += active ? -1 : 1
    }
    conn.active = active
  }
  conn.state = state
  const key = `ipvs:${connKey(conn.proto, conn.cip, conn.cport, conn.vip, conn.vport)}`
  // One live timer per connection: it is only ever pushed back, and re-arms itself when it fires early.
  if (conn.expiresAt === 0 || ctx.now + timeoutNs < conn.expiresAt)
    ctx.setTimer(host, key, ctx.now + timeoutNs)
  conn.expiresAt = ctx.now + timeoutNs
}

export function connTimer(host: Host, key: string, ctx: Ctx): void {
  const conn = host.ipvs.conns[key.slice('ipvs:'.length)]
  if (!conn) return
  if (ctx.now < conn.expiresAt) return ctx.setTimer(host, key, conn.expiresAt)
  removeConn(host, conn, ctx)
}

export function destOf(host: Host, conn: IpvsConn): IpvsDest | undefined {
  const service = findService(host, conn.proto, conn.vip, conn.vport)
  return service && findDest(service, conn.dip, conn.dport)
}

/** Time left, in whole seconds, as `ipvsadm -Lnc` shows it. */
export function secondsLeft(conn: IpvsConn, now: Nanos): number {
  return Math.max(0, Math.floor((conn.expiresAt - now) / SEC))
}
