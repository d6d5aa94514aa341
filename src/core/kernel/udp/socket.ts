import { type Bytes, read16 } from '../../base/bytes.ts'
import type { Ip4, Pid, SockId } from '../../base/ids.ts'
import { nextBelow } from '../../base/prng.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import { ipDst, ipHeaderLength, ipProto, ipSrc, ipTtl, PROTO_UDP } from '../../wire/ipv4.ts'
import { emitTcp, setTcpChecksum, SYN } from '../../wire/tcp.ts'
import { tcpOptionsLength } from '../../wire/tcp-options.ts'
import { emitUdp, setUdpChecksum, UDP } from '../../wire/udp.ts'
import type { Ctx, IcmpError } from '../ctx.ts'
import type { Host } from '../host.ts'
import { ipSend, nextIpId } from '../ip/output.ts'
import { packetEnd, transportAt } from '../ip/offsets.ts'
import type { Errno } from '../netlink.ts'
import { routeOutput } from '../route/lookup.ts'
import type { Dst } from '../route/types.ts'
import { L2, newSkb, type Skb } from '../skb.ts'
import type { UdpSock } from './types.ts'

/**
 * Datagram sockets (net/ipv4/udp.c, raw.c), as far as programs here need them: sending connects them, as traceroute does.
 * Checksums of both protocols are always sent.
 */

const PORT_LOW = 32768
const PORT_HIGH = 60999
const SOCKS_LIMIT = 4096

export interface Datagram {
  dst: Ip4
  dport: number
  ttl: number
  payload: Bytes
  src?: Ip4
}

/** Open a socket on `port`, or on a random free one when that is 0. EADDRINUSE: taken, or none is free. */
export function udpOpen(host: Host, pid: Pid, proto: number, port: number): Result<SockId, Errno> {
  const isTaken = (p: number): boolean => host.udp.socks.some((s) => s.proto === proto && s.lport === p)
  if (host.udp.socks.length >= SOCKS_LIMIT || (port !== 0 && isTaken(port))) return bad('EADDRINUSE')
  let lport = port
  while (lport === 0) {
    const drawn = PORT_LOW + nextBelow(host.rng, PORT_HIGH - PORT_LOW + 1)
    if (!isTaken(drawn)) lport = drawn
  }
  const id = host.tcp.nextSock++
  host.udp.socks = [...host.udp.socks, { id, pid, proto, laddr: 0 as Ip4, lport, raddr: 0 as Ip4, rport: 0 }]
  return ok(id)
}

export function udpClose(host: Host, id: SockId): void {
  host.udp.socks = host.udp.socks.filter((sock) => sock.id !== id)
}

export function udpCloseAll(host: Host, pid: Pid): void {
  host.udp.socks = host.udp.socks.filter((sock) => sock.pid !== pid)
}

/** Send one datagram, or from a raw TCP socket one SYN (its payload is ignored). DF is not set. Errors as sendto(2). */
export function udpSend(host: Host, id: SockId, out: Datagram, ctx: Ctx): Result<void, Errno> {
  const sock = host.udp.socks.find((s) => s.id === id)
  if (!sock) return bad('EINVAL')
  const { dst, dport, src = 0 as Ip4 } = out
  const route = routeOutput(host, { src, dst, proto: sock.proto, sport: sock.lport, dport }, ctx)
  if (!route.ok) return route
  host.udp.socks = host.udp.socks.map((s) => (s === sock ? { ...s, raddr: dst, rport: dport } : s))
  if (sock.proto === PROTO_UDP) sendUdp(host, sock, out, route.value, ctx)
  else sendSyn(host, sock, out, route.value, ctx)
  return ok(undefined)
}

function sendUdp(host: Host, sock: UdpSock, out: Datagram, dst: Dst, ctx: Ctx): void {
  const length = UDP.size + out.payload.length
  const skb = newSkb(20 + length)
  const at = L2 + 20
  skb.data.set(out.payload, at + UDP.size)
  emitUdp({ sport: sock.lport, dport: out.dport, length }, skb.data, at)
  send(host, sock, out, dst, skb, setUdpChecksum, ctx)
}

/** As traceroute makes it: window 5840, the usual options. */
function sendSyn(host: Host, sock: UdpSock, out: Datagram, dst: Dst, ctx: Ctx): void {
  const timestamps = { value: Math.floor(ctx.now / 1e6) >>> 0, echo: 0 }
  const options = { mss: 1460, sackPermitted: true, timestamps, windowScale: 2 }
  const head = { sport: sock.lport, dport: out.dport, seq: nextBelow(host.rng, 0x100000000), ack: 0 }
  const skb = newSkb(20 + 20 + tcpOptionsLength(options))
  emitTcp({ ...head, flags: SYN, window: 5840, urgent: 0, options }, skb.data, L2 + 20)
  send(host, sock, out, dst, skb, setTcpChecksum, ctx)
}

function send(
  host: Host,
  sock: UdpSock,
  out: Datagram,
  dst: Dst,
  skb: Skb,
  setChecksum: (b: Bytes, ipAt: number, at: number, end: number) => void,
  ctx: Ctx,
): void {
  const src = out.src ?? dst.prefsrc
  const head = { src, dst: out.dst, proto: sock.proto, df: false, id: nextIpId(host), ttl: out.ttl }
  // The checksum covers the addresses, which ipSend is about to write once more.
  for (let i = 0; i < 4; i++) {
    skb.data[L2 + 12 + i] = (src >>> (24 - 8 * i)) & 0xff
    skb.data[L2 + 16 + i] = (out.dst >>> (24 - 8 * i)) & 0xff
  }
  setChecksum(skb.data, L2, L2 + 20, skb.data.length)
  skb.dst = dst
  ipSend(host, skb, head, ctx)
}

/** Hand a packet to the sockets of its protocol and port; true when there was one. */
export function deliverDatagram(host: Host, skb: Skb, ctx: Ctx): boolean {
  const at = transportAt(skb)
  const lport = read16(skb.data, at + 2)
  const proto = ipProto(skb.data, L2)
  const from = ipSrc(skb.data, L2)
  const sock = findSock(host, proto, lport, from, read16(skb.data, at))
  if (!sock) return false
  const bytes = skb.data.subarray(at, packetEnd(skb))
  ctx.wake(host, sock.pid, {
    kind: 'datagram',
    sock: sock.id,
    bytes,
    from,
    ttl: ipTtl(skb.data, L2),
    at: ctx.now,
  })
  return true
}

/** The socket that has this port and speaks with this end (udp4_lib_lookup, raw_v4_match). */
function findSock(host: Host, proto: number, lport: number, far: Ip4, fport: number): UdpSock | undefined {
  return host.udp.socks.find(
    (s) =>
      s.proto === proto &&
      s.lport === lport &&
      (s.raddr === 0 || (s.raddr === far && (s.rport === fport || proto !== PROTO_UDP))),
  )
}

/** The socket whose packet an ICMP error quotes: NAT that leaves the quoted address alone hides the error from it. */
export function quotedSock(host: Host, { skb, at }: IcmpError): UdpSock | undefined {
  const { data } = skb
  const ports = at + ipHeaderLength(data, at)
  return findSock(host, ipProto(data, at), read16(data, ports), ipDst(data, at), read16(data, ports + 2))
}

/** Tell the socket whose packet an ICMP error quotes; true when there is one. */
export function deliverError(host: Host, error: IcmpError, ctx: Ctx): boolean {
  const { skb, at, type, code } = error
  const { data } = skb
  const sock = quotedSock(host, error)
  if (!sock) return false
  const from = ipSrc(data, L2)
  const to = ipDst(data, at)
  ctx.wake(host, sock.pid, { kind: 'icmp.error', sock: sock.id, type, code, from, to, at: ctx.now })
  return true
}
