import type { DevName, Ip4, Pid, SockId } from '../../base/ids.ts'
import { isMulticast } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import { ipProto } from '../../wire/ipv4.ts'
import type { Ctx } from '../ctx.ts'
import { selectSource } from '../dev/address.ts'
import type { Host } from '../host.ts'
import { leaveAll } from '../igmp/group.ts'
import { packetEnd } from '../ip/offsets.ts'
import { ipSend, nextIpId } from '../ip/output.ts'
import type { Errno } from '../netlink.ts'
import { routeOutput } from '../route/lookup.ts'
import type { Dst } from '../route/types.ts'
import { L2, newSkb, type Skb } from '../skb.ts'
import type { RawPacket } from './types.ts'

/**
 * Raw IPv4 sockets (net/ipv4/raw.c). Simplified: one socket hears everything of its protocol that is for this host, groups
 * that another socket joined included (IP_MULTICAST_ALL, Linux's default); what it sends to groups is never looped back
 * (IP_MULTICAST_LOOP off, as routing daemons set it).
 */

export function rawOpen(host: Host, pid: Pid, proto: number, dev: DevName): SockId {
  const id = host.tcp.nextSock++
  host.raw = [...host.raw, { id, pid, proto, dev }]
  return id
}

/** Close a socket; the groups it joined are left. */
export function rawClose(host: Host, id: SockId, ctx: Ctx): void {
  leaveAll(host, id, ctx)
  host.raw = host.raw.filter((sock) => sock.id !== id)
}

export function rawCloseAll(host: Host, pid: Pid, ctx: Ctx): void {
  for (const sock of host.raw) if (sock.pid === pid) rawClose(host, sock.id, ctx)
}

/** Send one packet (raw_sendmsg). EINVAL: no such socket; ENODEV: no such interface; else as the route look-up has it. */
export function rawSend(host: Host, id: SockId, out: RawPacket, ctx: Ctx): Result<void, Errno> {
  const sock = host.raw.find((s) => s.id === id)
  if (!sock) return bad('EINVAL')
  const found = wayOf(host, sock.proto, out, out.dev ?? sock.dev, ctx)
  if (!found.ok) return found
  const dst = found.value
  if (20 + out.payload.length > 0xffff) return bad('EMSGSIZE')
  const skb = newSkb(20 + out.payload.length)
  skb.data.set(out.payload, L2 + 20)
  skb.dst = dst
  const src = out.src || dst.prefsrc
  const { ttl, tos, df = false } = out
  ipSend(host, skb, { src, dst: out.dst, proto: sock.proto, ttl, tos, df, id: nextIpId(host) }, ctx)
  return ok(undefined)
}

/** A group goes out of the interface named, without a look-up. */
function wayOf(host: Host, proto: number, out: RawPacket, dev: DevName, ctx: Ctx): Result<Dst, Errno> {
  if (isMulticast(out.dst) && dev !== '') {
    const link = host.devs[dev]
    if (!link) return bad('ENODEV')
    if (!link.up) return bad('ENETDOWN')
    const prefsrc = out.src || selectSource(host, dev, out.dst)
    return ok({ type: 'multicast', dev, nexthop: out.dst, gateway: 0 as Ip4, prefsrc })
  }
  const flow = { src: out.src ?? (0 as Ip4), dst: out.dst, proto, sport: 0, dport: 0 }
  return routeOutput(host, dev === '' ? flow : { ...flow, oif: dev }, ctx)
}

/** Every socket of this protocol gets the packet (raw_local_deliver). False: there is none. */
export function rawDeliver(host: Host, skb: Skb, ctx: Ctx): boolean {
  const proto = ipProto(skb.data, L2)
  let heard = false
  for (const sock of host.raw) {
    if (sock.proto !== proto || (sock.dev !== '' && sock.dev !== skb.dev)) continue
    heard = true
    const bytes = skb.data.subarray(L2, packetEnd(skb))
    ctx.wake(host, sock.pid, { kind: 'raw', sock: sock.id, dev: skb.dev, bytes, at: ctx.now })
  }
  return heard
}
