import { read16, read32 } from '../../base/bytes.ts'
import {
  emitIcmp,
  gatewayOfRest,
  ICMP_DEST_UNREACH,
  ICMP_ECHO,
  ICMP_ECHOREPLY,
  ICMP_FRAG_NEEDED,
  ICMP_PARAMETERPROB,
  ICMP_REDIRECT,
  ICMP_TIME_EXCEEDED,
  mtuOfRest,
  parseIcmp,
} from '../../wire/icmp.ts'
import { ipDst, ipHeaderLength, ipProto, ipSrc, ipTtl, PROTO_ICMP, PROTO_TCP } from '../../wire/ipv4.ts'
import type { Ctx, IcmpError, Protocol } from '../ctx.ts'
import { selectSource } from '../dev/address.ts'
import type { Host } from '../host.ts'
import { ipSend, nextIpId } from '../ip/output.ts'
import { packetEnd, transportAt } from '../ip/offsets.ts'
import { L2, newSkb, type Skb } from '../skb.ts'
import { learnMtu } from '../route/exception.ts'
import { deliverError } from '../udp/socket.ts'
import { pingSockOf } from './ping.ts'
import { takeRedirect } from './redirect.ts'

/** ICMP as received (net/ipv4/icmp.c icmp_rcv). Not modelled: timestamps, source quench. */
export const icmpProtocol: Protocol = { receive: icmpReceive, error: pingError }

function icmpReceive(host: Host, skb: Skb, ctx: Ctx): void {
  const at = transportAt(skb)
  const end = packetEnd(skb)
  const parsed = parseIcmp(skb.data, at, end)
  if (!parsed.ok) return ctx.drop(host, skb, parsed.error === 'icmp.short' ? 'PKT_TOO_SMALL' : 'ICMP_CSUM')
  const { type, code, rest } = parsed.value
  const from = ipSrc(skb.data, L2)
  ctx.note(host, { kind: 'icmp', type, code, to: from, why: 'in' })
  if (skb.dst?.type === 'broadcast' && type !== ICMP_ECHO) {
    return ctx.drop(host, skb, 'ICMP_UNEXPECTED', 'to a group')
  }
  switch (type) {
    case ICMP_ECHO:
      return echoReply(host, skb, at, end, ctx)
    case ICMP_ECHOREPLY: {
      const sock = pingSockOf(host, read16(skb.data, at + 4))
      if (!sock) return ctx.drop(host, skb, 'ICMP_UNEXPECTED', 'echo reply')
      const bytes = skb.data.subarray(at, end)
      return ctx.wake(host, sock.pid, {
        kind: 'ping',
        sock: sock.id,
        bytes,
        ttl: ipTtl(skb.data, L2),
        from,
        at: ctx.now,
      })
    }
    case ICMP_DEST_UNREACH:
    case ICMP_TIME_EXCEEDED:
    case ICMP_PARAMETERPROB:
      return handError(host, skb, { skb, type, code, mtu: mtuFor(type, code, rest), at: at + 8 }, ctx)
    case ICMP_REDIRECT:
      return handError(host, skb, { skb, type, code, mtu: 0, gateway: gatewayOfRest(rest), at: at + 8 }, ctx)
    default:
      return ctx.drop(host, skb, 'ICMP_UNEXPECTED', `type ${type}`)
  }
}

function mtuFor(type: number, code: number, rest: number): number {
  return type === ICMP_DEST_UNREACH && code === ICMP_FRAG_NEEDED ? mtuOfRest(rest) : 0
}

/** An error goes to the protocol of the packet it quotes. */
function handError(host: Host, skb: Skb, error: IcmpError, ctx: Ctx): void {
  const { data } = skb
  const header = ipHeaderLength(data, error.at)
  if (header < 20 || data.length < error.at + header + 8) return ctx.drop(host, skb, 'PKT_TOO_SMALL', 'quote')
  const proto = ipProto(data, error.at)
  if (proto === PROTO_TCP && host.udp.socks.length > 0) deliverError(host, error, ctx)
  const handler = ctx.stack.protocols[proto]
  if (!handler?.error) return ctx.drop(host, skb, 'ICMP_UNEXPECTED', 'nobody to tell')
  handler.error(host, error, ctx)
}

/** Answer an echo request with the same id, sequence and data, from the address it was sent to. */
function echoReply(host: Host, skb: Skb, at: number, end: number, ctx: Ctx): void {
  const { ipv4 } = host.sysctl
  const toGroup = skb.dst?.type !== 'local'
  if (ipv4['icmp_echo_ignore_all'] || (toGroup && ipv4['icmp_echo_ignore_broadcasts'])) {
    return ctx.drop(host, skb, 'ICMP_UNEXPECTED', 'icmp_echo_ignore')
  }
  const reply = newSkb(20 + end - at)
  reply.data.set(skb.data.subarray(at, end), L2 + 20)
  const rest = read32(skb.data, at + 4)
  emitIcmp({ type: ICMP_ECHOREPLY, code: 0, rest }, reply.data, L2 + 20, reply.data.length)
  const from = ipSrc(skb.data, L2)
  // To a group it was sent to all: the answer has an address of the interface (fib_compute_spec_dst).
  const src = toGroup ? selectSource(host, skb.dev, from) : ipDst(skb.data, L2)
  const head = {
    src,
    dst: from,
    proto: PROTO_ICMP,
    df: false,
    id: nextIpId(host),
    tos: skb.data[L2 + 1] ?? 0,
  }
  ipSend(host, reply, head, ctx)
}

/** An error about a ping of ours: the program prints it. */
function pingError(host: Host, error: IcmpError, ctx: Ctx): void {
  const { skb, at } = error
  const icmpAt = at + ipHeaderLength(skb.data, at)
  const sock = pingSockOf(host, read16(skb.data, icmpAt + 4))
  // Echo replies are the kernel's own: it learns from errors about them without any socket (icmp_err).
  if (!sock && skb.data[icmpAt] !== ICMP_ECHOREPLY)
    return ctx.drop(host, skb, 'ICMP_UNEXPECTED', 'quoted echo')
  if (error.type === ICMP_REDIRECT) takeRedirect(host, error, ctx)
  else if (error.mtu !== 0) learnMtu(host, ipDst(skb.data, at), error.mtu, ctx)
  if (!sock) return
  const bytes = skb.data.subarray(at - 8, packetEnd(skb))
  ctx.wake(host, sock.pid, {
    kind: 'ping',
    sock: sock.id,
    bytes,
    ttl: ipTtl(skb.data, L2),
    from: ipSrc(skb.data, L2),
    at: ctx.now,
  })
}
