import { emitIcmp } from '../../core/wire/icmp.ts'
import { emitIpv4, ipDst, ipProto, ipSrc, PROTO_ICMP, PROTO_TCP, PROTO_UDP } from '../../core/wire/ipv4.ts'
import { emitTcp, setTcpChecksum } from '../../core/wire/tcp.ts'
import { emitUdp, setUdpChecksum } from '../../core/wire/udp.ts'
import { ipLocalOut } from '../../core/kernel/ip/output.ts'
import { routeAnySource } from '../../core/kernel/netfilter/nat/reroute.ts'
import { L2, newSkb, type Skb } from '../../core/kernel/skb.ts'
import { ip, type makeLan, ms } from '../lan.ts'

/** What a made packet is to be; all of it has a default. */
export interface Spec {
  src?: string
  dst?: string
  proto?: 'tcp' | 'udp' | 'icmp' | 'ipip'
  sport?: number
  dport?: number
  flags?: number
  seq?: number
  ack?: number
  type?: number
  code?: number
  id?: number
  payload?: number
  mark?: number
  mss?: number
}

const AT = L2 + 20

/** A whole packet of our own with right checksums, not yet sent. */
export function makePacket(spec: Spec): Skb {
  const proto = { tcp: PROTO_TCP, udp: PROTO_UDP, icmp: PROTO_ICMP, ipip: 4 }[spec.proto ?? 'tcp']
  const options = spec.mss === undefined ? {} : { mss: spec.mss }
  const header = proto === PROTO_TCP ? (spec.mss === undefined ? 20 : 24) : 8
  const skb = newSkb(20 + header + (spec.payload ?? 0))
  const { data } = skb
  for (let i = AT + header; i < data.length; i++) data[i] = i & 0xff
  const src = ip(spec.src ?? '10.0.0.10')
  const dst = ip(spec.dst ?? '10.0.1.10')
  emitIpv4({ totalLength: data.length - L2, id: 77, df: true, ttl: 64, proto, src, dst }, data, L2)
  const { sport = 40_000, dport = 80 } = spec
  if (proto === PROTO_TCP) {
    const numbers = { seq: spec.seq ?? 1000, ack: spec.ack ?? 0, window: 500, urgent: 0 }
    emitTcp({ sport, dport, flags: spec.flags ?? 2, options, ...numbers }, data, AT)
    setTcpChecksum(data, L2, AT, data.length)
  } else if (proto === PROTO_UDP) {
    emitUdp({ sport, dport, length: data.length - AT }, data, AT)
    setUdpChecksum(data, L2, AT, data.length)
  } else if (proto === PROTO_ICMP) {
    const rest = (((spec.id ?? 7) << 16) | 1) >>> 0
    emitIcmp({ type: spec.type ?? 8, code: spec.code ?? 0, rest }, data, AT, data.length)
  }
  skb.mark = spec.mark ?? 0
  return skb
}

/** Put a packet on its way from a host, whosever the source may be, and let 5 ms pass. */
export function sendFrom(lan: Pick<ReturnType<typeof makeLan>, 'act' | 'run'>, id: string, spec: Spec): void {
  lan.act(id, (host, ctx) => {
    const skb = makePacket(spec)
    const { data, mark } = skb
    const flow = { src: ipSrc(data, L2), dst: ipDst(data, L2), proto: ipProto(data, L2), mark }
    const way = routeAnySource(host, flow, ctx)
    if (!way) throw new Error('no route')
    skb.dst = way
    ipLocalOut(host, skb, ctx)
  })
  lan.run(ms(5))
}
