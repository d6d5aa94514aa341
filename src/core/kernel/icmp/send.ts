import { read16 } from '../../base/bytes.ts'
import { type Ip4, IP_BROADCAST, isMulticast, MS } from '../../base/ids.ts'
import {
  emitIcmp,
  ICMP_DEST_UNREACH,
  ICMP_FRAG_NEEDED,
  ICMP_QUOTE_MAX,
  ICMP_REDIRECT,
  isIcmpError,
} from '../../wire/icmp.ts'
import { ipDst, ipHeaderLength, ipProto, ipSrc, ipTotalLength, PROTO_ICMP } from '../../wire/ipv4.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { ipSend, nextIpId } from '../ip/output.ts'
import { attachedCt } from '../netfilter/conntrack/attach.ts'
import { ORIGINAL, REPLY } from '../netfilter/conntrack/types.ts'
import { addressType } from '../route/fib.ts'
import { routeOutput } from '../route/lookup.ts'
import { L2, newSkb, type Skb } from '../skb.ts'
import { peerOf, setPeer } from './peer.ts'

/** Tokens a destination may save up: a burst of six errors (XRLIM_BURST_FACTOR). */
const BURST = 6
/** IPTOS_PREC_INTERNETCONTROL: precedence of ICMP errors (RFC 1812 4.3.2.5). */
const TOS_ERROR = 0xc0
const ICMP_HEADER = 8

/**
 * Send an ICMP error about a packet (net/ipv4/icmp.c icmp_send): never about an ICMP error, a fragment other than the
 * first, or a packet for a group; at most one a second and destination, six in a row (icmp_ratelimit, icmp_ratemask).
 */
export function icmpSend(host: Host, about: Skb, type: number, code: number, rest: number, ctx: Ctx): void {
  const { data } = about
  const to = ipSrc(data, L2)
  const was = ipDst(data, L2)
  if (about.dev !== '' && about.pkt !== 'host') return
  if (to === 0 || isMulticast(was) || was === IP_BROADCAST || isMulticast(to)) return
  if ((read16(data, L2 + 6) & 0x1fff) !== 0) return
  const inner = L2 + ipHeaderLength(data, L2)
  if (ipProto(data, L2) === PROTO_ICMP && isIcmpError(data[inner] ?? 0)) return
  // The answer comes from the address the packet was sent to, if it is ours; else from the way out.
  const src = addressType(host, was) === 'local' ? was : (0 as Ip4)
  const found = routeOutput(host, { src, dst: to, proto: PROTO_ICMP, sport: 0, dport: 0 }, ctx)
  if (!found.ok) return
  if (found.value.dev !== 'lo' && !hasCredit(host, to, type, code, ctx)) return
  const quoted = Math.min(ipTotalLength(data, L2), data.length - L2, ICMP_QUOTE_MAX)
  const skb = newSkb(20 + ICMP_HEADER + quoted)
  const at = L2 + 20
  skb.data.set(data.subarray(L2, L2 + quoted), at + ICMP_HEADER)
  emitIcmp({ type, code, rest }, skb.data, at, skb.data.length)
  skb.dst = found.value
  if (about.ct) skb.ct = attachedCt(about)
  // The error belongs to the connection of the packet it is about (icmp_glue_bits, nf_conntrack_attach).
  if (about.ct?.entry) {
    skb.ct = { entry: about.ct.entry, info: 'RELATED', dir: about.ct.dir === ORIGINAL ? REPLY : ORIGINAL }
  }
  ctx.note(host, { kind: 'icmp', type, code, to, why: 'error' })
  const tos = ((data[L2 + 1] ?? 0) & 0x1e) | TOS_ERROR
  const head = {
    src: src === 0 ? found.value.prefsrc : src,
    dst: to,
    proto: PROTO_ICMP,
    df: false,
    id: nextIpId(host),
    tos,
  }
  ipSend(host, skb, head, ctx)
}

function hasCredit(host: Host, to: Ip4, type: number, code: number, ctx: Ctx): boolean {
  const limitNs = (host.sysctl.ipv4['icmp_ratelimit'] ?? 0) * MS
  const masked = ((host.sysctl.ipv4['icmp_ratemask'] ?? 0) >>> type) & 1
  if (!masked || limitNs === 0 || (type === ICMP_DEST_UNREACH && code === ICMP_FRAG_NEEDED)) return true
  if (type === ICMP_REDIRECT) return true
  const peer = peerOf(host, to, ctx)
  const tokensNs = Math.min(peer.tokensNs + ctx.now - peer.lastNs, BURST * limitNs)
  const allowed = tokensNs >= limitNs
  setPeer(host, to, { ...peer, tokensNs: allowed ? tokensNs - limitNs : tokensNs, lastNs: ctx.now })
  return allowed
}
