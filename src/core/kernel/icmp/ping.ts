import type { Bytes } from '../../base/bytes.ts'
import type { Ip4, Pid, SockId } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import { emitIcmp, ICMP_ECHO, restOfEcho } from '../../wire/icmp.ts'
import { PROTO_ICMP } from '../../wire/ipv4.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { ipSend, nextIpId } from '../ip/output.ts'
import type { Errno } from '../netlink.ts'
import { mtuOfDst, routeGet, routeOutput } from '../route/lookup.ts'
import { L2, newSkb } from '../skb.ts'
import type { PingSock } from './types.ts'

export interface Echo {
  pid: Pid
  ident: number
  seq: number
  dst: Ip4
  /** 0 or absent: the route chooses. */
  src?: Ip4
  ttl?: number
  payload: Bytes
  /** Path MTU discovery as IP_MTU_DISCOVER sets it: 'want' (the default) cuts what is too long here, 'do' refuses it. */
  pmtu?: 'do' | 'want' | 'dont'
  /** SO_BROADCAST: without it there is no way to a broadcast address (EACCES). */
  broadcast?: boolean
}

export function pingSockOf(host: Host, ident: number): PingSock | undefined {
  return host.icmp.socks.find((sock) => sock.ident === ident)
}

/** Open an echo socket; replies and errors that carry its identifier wake the program (net/ipv4/ping.c). */
export function pingOpen(host: Host, pid: Pid, ident: number): SockId {
  const id = host.tcp.nextSock++
  host.icmp.socks.push({ id, pid, ident })
  return id
}

export function pingClose(host: Host, pid: Pid): void {
  host.icmp.socks = host.icmp.socks.filter((sock) => sock.pid !== pid)
}

/** MTU of the way to `dst` as this host knows it (IP_MTU of a connected socket). */
export function pathMtu(host: Host, dst: Ip4): number {
  const found = routeGet(host, { src: 0 as Ip4, dst, proto: PROTO_ICMP, sport: 0, dport: 0 })
  return found.ok ? mtuOfDst(host, found.value.dst) : 1500
}

/** Send one echo request. Opens the program's echo socket when it has none. Errors as sendto(2). */
export function pingSend(host: Host, echo: Echo, ctx: Ctx): Result<void, Errno> {
  if (!pingSockOf(host, echo.ident)) pingOpen(host, echo.pid, echo.ident)
  // For local ICMP the hash reads type and code where a destination port would be.
  const flow = {
    src: echo.src ?? (0 as Ip4),
    dst: echo.dst,
    proto: PROTO_ICMP,
    sport: 0,
    dport: ICMP_ECHO << 8,
  }
  const found = routeOutput(host, flow, ctx)
  if (!found.ok) return bad(found.error)
  if (found.value.type === 'broadcast' && echo.broadcast !== true) return bad('EACCES')
  const pmtu = echo.pmtu ?? 'want'
  const length = 20 + 8 + echo.payload.length
  const fits = length <= mtuOfDst(host, found.value)
  if (!fits && pmtu === 'do') return bad('EMSGSIZE')
  const df = pmtu === 'do' || (pmtu === 'want' && fits)
  const skb = newSkb(length)
  skb.data.set(echo.payload, L2 + 28)
  emitIcmp(
    { type: ICMP_ECHO, code: 0, rest: restOfEcho(echo.ident, echo.seq) },
    skb.data,
    L2 + 20,
    skb.data.length,
  )
  skb.dst = found.value
  const src = echo.src ?? found.value.prefsrc
  const ttl = echo.ttl === undefined ? {} : { ttl: echo.ttl }
  ipSend(host, skb, { src, dst: echo.dst, proto: PROTO_ICMP, df, id: nextIpId(host), ...ttl }, ctx)
  return ok(undefined)
}
