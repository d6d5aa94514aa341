import { read16, read32, read8, write32 } from '../../../base/bytes.ts'
import { IPV4, ipDst, ipSrc, PROTO_TCP } from '../../../wire/ipv4.ts'
import {
  ACK,
  emitTcp,
  FIN,
  RST,
  setTcpChecksum,
  SYN,
  tcpChecksumOk,
  tcpHeaderLength,
} from '../../../wire/tcp.ts'
import type { Ctx } from '../../ctx.ts'
import type { Host } from '../../host.ts'
import { ipSend } from '../../ip/output.ts'
import { L2, newSkb } from '../../skb.ts'
import { attachedCt } from '../conntrack/attach.ts'
import { routeAnySource } from '../nat/reroute.ts'
import type { Look } from './match.ts'

const TCP_AT = L2 + 20

/** Answer a segment with a RST in the name of its receiver (nf_reject_ipv4.c nf_send_reset). Never answers a RST. */
export function sendReset(host: Host, look: Look, ctx: Ctx): void {
  const { skb, at, end } = look
  const { data } = skb
  if (look.proto !== PROTO_TCP || at < 0 || end < at + 20) return
  const flags = read8(data, at + 13)
  if ((flags & RST) !== 0 || (skb.dev !== '' && skb.pkt !== 'host')) return
  if (skb.dev !== '' && !tcpChecksumOk(data, L2, at, end)) return
  const seq = read32(data, at + 4)
  const acked = (flags & ACK) !== 0
  const length =
    end - at - tcpHeaderLength(data, at) + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0)
  const reply = newSkb(40)
  emitTcp(
    {
      sport: read16(data, at + 2),
      dport: read16(data, at),
      seq: acked ? read32(data, at + 8) : 0,
      ack: acked ? 0 : (seq + length) >>> 0,
      flags: acked ? RST : RST | ACK,
      window: 0,
      urgent: 0,
      options: {},
    },
    reply.data,
    TCP_AT,
  )
  const src = ipDst(data, L2)
  const dst = ipSrc(data, L2)
  // The checksum covers the addresses, which the IP header gets only later.
  write32(reply.data, L2 + IPV4.src.at, src)
  write32(reply.data, L2 + IPV4.dst.at, dst)
  setTcpChecksum(reply.data, L2, TCP_AT, reply.data.length)
  reply.ct = attachedCt(skb)
  const way = routeAnySource(host, { src, dst, proto: PROTO_TCP, mark: 0 }, ctx)
  if (!way) return
  reply.dst = way
  ipSend(host, reply, { src, dst, proto: PROTO_TCP, df: true, id: 0 }, ctx)
}
