import { read16 } from '../../base/bytes.ts'
import {
  ICMP_DEST_UNREACH,
  ICMP_FRAG_NEEDED,
  icmpChecksumOk,
  mtuOfRest,
  restOfMtu,
  setIcmpChecksum,
} from '../../wire/icmp.ts'
import { ipDst, ipHeaderLength, ipProto, PROTO_IPIP, setIpDst, setIpSrc } from '../../wire/ipv4.ts'
import type { Ctx, HookResult } from '../ctx.ts'
import type { Host } from '../host.ts'
import { icmpSend } from '../icmp/send.ts'
import { packetEnd } from '../ip/offsets.ts'
import { trackNat } from '../netfilter/ipvs-conntrack.ts'
import type { HookPoint } from '../note.ts'
import { learnMtu } from '../route/exception.ts'
import { L2, type Skb, writable } from '../skb.ts'
import { isAvailable } from './conn.ts'
import { countIn, countOut } from './follow.ts'
import { type Ends, quotedEnds } from './packet.ts'
import { errorQuote, type Quote, rewriteQuote } from './quote.ts'
import { reroute } from './reroute.ts'
import { schedule } from './schedule.ts'
import { isTunnelEnd } from './service.ts'
import { findConn, findReply } from './table.ts'
import type { IpvsConn } from './types.ts'
import { transmit } from './xmit/xmit.ts'

/**
 * ICMP errors about balanced connections (ip_vs_core.c ip_vs_in_icmp, ip_vs_out_icmp): from the client's side they go to
 * the real server; from the servers' side NAT makes them look like the director's; about our own outer packets they are
 * told to the client as errors about its own packet (golden B6).
 */
const DF = 0x4000
const OUTER = 20

export /** An error from the client's side, or about an outer packet of ours. */
function icmpIn(host: Host, skb: Skb, ctx: Ctx): HookResult {
  const quote = errorQuote(skb)
  if (!quote) return 'ACCEPT'
  if (ipProto(skb.data, quote.at) === PROTO_IPIP) return tunnelError(host, skb, quote, ctx)
  const ends = quotedEnds(skb, quote.at)
  if (!ends) return 'ACCEPT'
  // The quoted packet went from the virtual address to the client: its ends are the other way round.
  const request: Ends = { ...ends, src: ends.dst, sport: ends.dport, dst: ends.src, dport: ends.sport }
  const conn = requestOf(host, skb, request, ctx)
  if (conn === 'ACCEPT' || conn === 'DROP') return conn
  if (!icmpChecksumOk(skb.data, quote.icmpAt, packetEnd(skb))) return 'DROP'
  countIn(host, skb, conn, ctx)
  if (conn.mode === 'nat' || conn.mode === 'fullnat') {
    const data = writable(skb)
    setIpDst(data, L2, conn.dip)
    rewriteQuote(data, quote.at, ends, 'src', conn.dip, conn.dport)
    setIcmpChecksum(data, quote.icmpAt, packetEnd(skb))
  }
  return transmit(host, skb, conn, ctx)
}

function requestOf(host: Host, skb: Skb, request: Ends, ctx: Ctx): IpvsConn | 'ACCEPT' | 'DROP' {
  const { proto, src, sport, dst, dport } = request
  const known = findConn(host.ipvs, { proto, cip: src, cport: sport, vip: dst, vport: dport })
  if (known) return isAvailable(host, known) ? known : 'DROP'
  return host.sysctl.vs['schedule_icmp'] === 1 ? schedule(host, skb, request, true, ctx) : 'ACCEPT'
}

/** A router or a real server complains about a packet we wrapped: the client hears of its own packet inside. */
function tunnelError(host: Host, skb: Skb, quote: Quote, ctx: Ctx): HookResult {
  const { data } = skb
  const outer = quote.at
  const server = ipDst(data, outer)
  if (skb.dst?.type !== 'local' || !isTunnelEnd(host, server)) return 'ACCEPT'
  const inner = outer + ipHeaderLength(data, outer)
  if (packetEnd(skb) < inner + 20) return 'ACCEPT'
  const ends = quotedEnds(skb, inner)
  if (!ends) return 'ACCEPT'
  const { proto, src, sport, dst, dport } = ends
  const conn = findConn(host.ipvs, { proto, cip: src, cport: sport, vip: dst, vport: dport })
  if (!conn) return 'ACCEPT'
  if (!icmpChecksumOk(data, quote.icmpAt, packetEnd(skb))) return 'DROP'
  return { verdict: 'STOLEN', then: () => tellClient(host, skb, quote, inner, conn, ctx) }
}

function tellClient(host: Host, skb: Skb, quote: Quote, inner: number, conn: IpvsConn, ctx: Ctx): void {
  const { data } = skb
  const type = data[quote.icmpAt] ?? 0
  const code = data[quote.icmpAt + 1] ?? 0
  let rest = 0
  if (type === ICMP_DEST_UNREACH && code === ICMP_FRAG_NEEDED) {
    const mtu = mtuOfRest(read16(data, quote.icmpAt + 6))
    learnMtu(host, conn.dip, mtu, ctx)
    // A client that does not discover path MTUs has its packets fragmented here from now on.
    if ((read16(data, inner + 6) & DF) === 0) return
    rest = restOfMtu(mtu > 68 + OUTER ? mtu - OUTER : mtu)
  }
  const about: Skb = { ...skb, data: concatHeader(data, inner, packetEnd(skb)), shared: false }
  icmpSend(host, about, type, code, rest, ctx)
  countOut(host, about, conn, ctx)
}

/** The inner packet as a packet of its own. */
function concatHeader(data: Uint8Array, from: number, to: number): Uint8Array {
  const out = new Uint8Array(L2 + to - from)
  out.set(data.subarray(from, to), L2)
  return out
}

/**
 * An error from the servers' side about a request that NAT sent on. One of our own about a packet of another mode comes
 * by in LOCAL_OUT: it has the right addresses already and only counts (golden B6).
 */
export function icmpOut(host: Host, point: HookPoint, skb: Skb, ctx: Ctx): HookResult {
  const quote = errorQuote(skb)
  const ends = quote && quotedEnds(skb, quote.at)
  if (!quote || !ends) return 'ACCEPT'
  const conn = findReply(host.ipvs, ends.proto, { ip: ends.dst, port: ends.dport }, ends.src, ends.sport)
  if (!conn) return 'ACCEPT'
  const data = writable(skb)
  if (!icmpChecksumOk(data, quote.icmpAt, packetEnd(skb))) return 'DROP'
  setIpSrc(data, L2, conn.vip)
  rewriteQuote(data, quote.at, ends, 'dst', conn.vip, conn.vport)
  setIcmpChecksum(data, quote.icmpAt, packetEnd(skb))
  if (!reroute(host, point, skb, ctx)) return 'DROP'
  countOut(host, skb, conn, ctx)
  skb.ipvs = true
  trackNat(host, skb, conn.tracked, 'reply', { ip: conn.vip, port: conn.vport })
  return 'ACCEPT'
}
