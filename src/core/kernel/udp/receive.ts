import { ICMP_DEST_UNREACH, ICMP_PORT_UNREACH } from '../../wire/icmp.ts'
import type { Ctx, Protocol } from '../ctx.ts'
import type { Host } from '../host.ts'
import { icmpSend } from '../icmp/send.ts'
import { packetEnd, transportAt } from '../ip/offsets.ts'
import { read16 } from '../../base/bytes.ts'
import { pseudoSum, sum16 } from '../../base/checksum.ts'
import { ipDst, ipSrc, PROTO_UDP } from '../../wire/ipv4.ts'
import { L2, type Skb } from '../skb.ts'

/** UDP as received. No program of the lab opens a UDP socket yet: every datagram meets a closed port. */
export const udpProtocol: Protocol = { receive: udpReceive }

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
  icmpSend(host, skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, ctx)
  ctx.drop(host, skb, 'NO_SOCKET', `udp ${read16(data, at + 2)}`)
}
