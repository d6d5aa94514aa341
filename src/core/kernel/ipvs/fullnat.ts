import { read32, read8 } from '../../base/bytes.ts'
import { setIcmpChecksum } from '../../wire/icmp.ts'
import { ipProto, PROTO_ICMP, PROTO_TCP, setIpDst, setIpSrc } from '../../wire/ipv4.ts'
import { ACK, RST, SYN } from '../../wire/tcp.ts'
import type { Ctx, HookResult } from '../ctx.ts'
import type { Host } from '../host.ts'
import { packetEnd } from '../ip/offsets.ts'
import { L2, type Skb, writable } from '../skb.ts'
import { type Ends, endsOf, quotedEnds, rewriteDst, rewriteSrc } from './packet.ts'
import { errorQuote, rewriteQuote } from './quote.ts'
import { findLocal, findReply, replaceConn } from './table.ts'
import { addToa } from './toa.ts'
import type { IpvsConn } from './types.ts'

/**
 * FULLNAT. It is not in the mainline kernel; there it is built from IPVS NAT and source translation (golden B8), and that
 * is what is done here: NAT changes the destination in LOCAL_IN, these two functions the source, at the places of the nat
 * table. So the answer passes PREROUTING, FORWARD, POSTROUTING and needs ip_forward (golden N1, B9). FULLNAT kernels
 * take answers in LOCAL_IN instead.
 */

/** PREROUTING: what comes for a local address of ours goes on to the client that it stands for. */
export function fullnatIn(host: Host, skb: Skb, ctx: Ctx): HookResult {
  const { ipvs } = host
  const ends = endsOf(skb)
  if (!ends) return ipProto(skb.data, L2) === PROTO_ICMP ? errorToClient(host, skb, ctx) : 'ACCEPT'
  const conn = findLocal(ipvs, ends.proto, ends.dst, ends.dport, ends.src, ends.sport)
  if (!conn) return 'ACCEPT'
  learnFirstAck(host, skb, ends, conn)
  rewriteDst(skb, ends, conn.cip, conn.cport)
  noteLocal(host, conn, 'in', false, ctx)
  return 'ACCEPT'
}

/** POSTROUTING: a request gets an address of ours as its source. */
export function fullnatOut(host: Host, skb: Skb, ctx: Ctx): HookResult {
  const { ipvs } = host
  if (!skb.ipvs) return 'ACCEPT'
  const ends = endsOf(skb)
  if (!ends) return ipProto(skb.data, L2) === PROTO_ICMP ? errorToServer(host, skb) : 'ACCEPT'
  const { proto, src, sport, dst, dport } = ends
  const conn = findReply(ipvs, proto, { ip: dst, port: dport }, src, sport)
  if (!conn || conn.lip === 0) return 'ACCEPT'
  const toa = wantsToa(host, skb, ends, conn) && addToa(host, skb, ends, conn)
  rewriteSrc(skb, ends, conn.lip, conn.lport)
  noteLocal(host, conn, 'out', toa, ctx)
  return 'ACCEPT'
}

function noteLocal(host: Host, conn: IpvsConn, way: 'in' | 'out', toa: boolean, ctx: Ctx): void {
  const { cip, cport, lip, lport } = conn
  ctx.note(host, { kind: 'ipvs.local', way, cip, cport, lip, lport, toa })
}

/** The server's first sequence number tells which segments come before the client has read anything of it. */
function learnFirstAck(host: Host, { data }: Skb, { proto, at }: Ends, conn: IpvsConn): void {
  if (proto !== PROTO_TCP || (read8(data, at + 13) & (SYN | ACK)) !== (SYN | ACK)) return
  replaceConn(host.ipvs, { ...conn, firstAck: (read32(data, at + 4) + 1) >>> 0 })
}

/** The first segments after the handshake tell the server who the client is (net.ipv4.vs.toa_entry). */
function wantsToa(host: Host, { data }: Skb, { proto, at }: Ends, conn: IpvsConn): boolean {
  if (host.sysctl.vs['toa_entry'] !== 1 || proto !== PROTO_TCP) return false
  return (read8(data, at + 13) & (SYN | RST)) === 0 && read32(data, at + 8) === conn.firstAck
}

/** An ICMP error about a request we sent under a local address: quote and destination become the client's. */
function errorToClient(host: Host, skb: Skb, ctx: Ctx): HookResult {
  const quote = errorQuote(skb)
  const ends = quote && quotedEnds(skb, quote.at)
  const conn = ends && findLocal(host.ipvs, ends.proto, ends.src, ends.sport, ends.dst, ends.dport)
  if (!quote || !ends || !conn) return 'ACCEPT'
  const data = writable(skb)
  rewriteQuote(data, quote.at, ends, 'src', conn.cip, conn.cport)
  setIpDst(data, L2, conn.cip)
  setIcmpChecksum(data, quote.icmpAt, packetEnd(skb))
  noteLocal(host, conn, 'in', false, ctx)
  return 'ACCEPT'
}

/** An ICMP error about an answer, on its way to the real server: it must know nothing of the client. */
function errorToServer(host: Host, skb: Skb): HookResult {
  const quote = errorQuote(skb)
  const ends = quote && quotedEnds(skb, quote.at)
  if (!quote || !ends) return 'ACCEPT'
  const conn = findReply(host.ipvs, ends.proto, { ip: ends.src, port: ends.sport }, ends.dst, ends.dport)
  if (!conn || conn.lip === 0) return 'ACCEPT'
  const data = writable(skb)
  rewriteQuote(data, quote.at, ends, 'dst', conn.lip, conn.lport)
  setIpSrc(data, L2, conn.lip)
  setIcmpChecksum(data, quote.icmpAt, packetEnd(skb))
  return 'ACCEPT'
}
