import { ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, ICMP_REDIRECT } from '../../wire/icmp.ts'
import type { Ctx, IcmpError, Protocol } from '../ctx.ts'
import type { Host } from '../host.ts'
import { icmpSend } from '../icmp/send.ts'
import { packetEnd, transportAt } from '../ip/offsets.ts'
import { read16 } from '../../base/bytes.ts'
import { pseudoSum, sum16 } from '../../base/checksum.ts'
import { ipDst, ipSrc, PROTO_UDP } from '../../wire/ipv4.ts'
import { takeRedirect } from '../icmp/redirect.ts'
import { learnMtu } from '../route/exception.ts'
import { L2, type Skb } from '../skb.ts'
import { deliverDatagram, deliverError, quotedSock } from './socket.ts'

/** UDP as received (net/ipv4/udp.c). */
export const udpProtocol: Protocol = { receive: udpReceive, error: udpError }

function udpReceive(host: Host, skb: Skb, ctx: Ctx): void {
  const at = transportAt(skb)
  const end = packetEnd(skb)
  const length = end - at
  if (length < 8 || read16(skb.data, at + 4) > length) return ctx.drop(host, skb, 'PKT_TOO_SMALL')
  const { data } = skb
  if (read16(data, at + 6) !== 0) {
    const sum = sum16(data, at, end, pseudoSum(ipSrc(data, L2), ipDst(data, L2), PROTO_UDP, length))
    if (sum !== 0xffff) return ctx.drop(host, skb, 'UDP_CSUM')
  }
  if (deliverDatagram(host, skb, ctx)) return
  icmpSend(host, skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, ctx)
  ctx.drop(host, skb, 'NO_SOCKET', `udp ${read16(data, at + 2)}`)
}

/** An error about a datagram of ours: the socket is told, redirects and path MTU are the host's (__udp4_lib_err). */
function udpError(host: Host, error: IcmpError, ctx: Ctx): void {
  const { data } = error.skb
  if (!quotedSock(host, error)) return ctx.drop(host, error.skb, 'ICMP_UNEXPECTED', 'no socket')
  if (error.type === ICMP_REDIRECT) return takeRedirect(host, error, ctx)
  if (error.mtu !== 0) learnMtu(host, ipDst(data, error.at), error.mtu, ctx)
  deliverError(host, error, ctx)
}
