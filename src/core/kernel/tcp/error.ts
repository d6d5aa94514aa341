import type { Ip4 } from '../../base/ids.ts'
import { read16, read32 } from '../../base/bytes.ts'
import {
  ICMP_DEST_UNREACH,
  ICMP_FRAG_NEEDED,
  ICMP_HOST_UNREACH,
  ICMP_REDIRECT,
  ICMP_TIME_EXCEEDED,
} from '../../wire/icmp.ts'
import { ipDst, ipHeaderLength, ipSrc } from '../../wire/ipv4.ts'
import type { Ctx, IcmpError } from '../ctx.ts'
import type { Host } from '../host.ts'
import { takeRedirect } from '../icmp/redirect.ts'
import type { Errno } from '../netlink.ts'
import { learnMtu, MIN_PMTU } from '../route/exception.ts'
import { forgetRequest } from './establish.ts'
import { inFlight, recutQueue, syncMss } from './output.ts'
import { retransmitLost } from './recovery.ts'
import { sendSyn } from './segment.ts'
import { after, before } from './seq.ts'
import { endConnection, findConnection } from './table.ts'
import type { TcpSock } from './types.ts'

/** icmp_err_convert of the kernel, as far as errno has a name here. */
const UNREACH_ERRNO: readonly Errno[] = [
  ...(['ENETUNREACH', 'EHOSTUNREACH', 'ENOPROTOOPT', 'ECONNREFUSED', 'EMSGSIZE', 'EOPNOTSUPP'] as const),
  ...(['ENETUNREACH', 'EHOSTUNREACH', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTUNREACH', 'ENETUNREACH'] as const),
  ...(['EHOSTUNREACH', 'EHOSTUNREACH', 'EHOSTUNREACH', 'EHOSTUNREACH'] as const),
]

/**
 * An ICMP error about one of our segments (tcp_v4_err; also called by the neighbour code when ARP fails). While
 * connecting any error ends the attempt; later it is only remembered as the reason, should the connection time out.
 * Fragmentation needed is remembered for the destination, redirects too; a connection that is only half open ignores both.
 */
export function tcpError(host: Host, error: IcmpError, ctx: Ctx): void {
  const { data } = error.skb
  const at = error.at + ipHeaderLength(data, error.at)
  const laddr: Ip4 = ipSrc(data, error.at)
  const [lport, rport] = [read16(data, at), read16(data, at + 2)]
  const found = findConnection(host, laddr, lport, ipDst(data, error.at), rport, error.skb.dev)
  if (!found || 'expiresNs' in found) return ctx.drop(host, error.skb, 'ICMP_UNEXPECTED', 'no connection')
  const seq = read32(data, at + 4)
  if (before(seq, found.sndUna) || after(seq, found.sndNxt)) {
    return ctx.drop(host, error.skb, 'ICMP_UNEXPECTED', 'sequence')
  }
  const isRequest = found.state === 'SYN_RECV' && found.parent !== 0
  if (error.type === ICMP_REDIRECT) {
    if (!isRequest) takeRedirect(host, error, ctx)
    return
  }
  if (error.type === ICMP_DEST_UNREACH && error.code === ICMP_FRAG_NEEDED) {
    if (!isRequest) learnMtu(host, found.raddr, error.mtu, ctx)
    return lowerMtu(host, found, error.mtu, ctx)
  }
  const errno = error.type === ICMP_DEST_UNREACH ? UNREACH_ERRNO[error.code] : undefined
  const err = errno ?? (error.type === ICMP_TIME_EXCEEDED ? 'EHOSTUNREACH' : undefined)
  if (!err) return
  if (error.type === ICMP_DEST_UNREACH && error.code <= ICMP_HOST_UNREACH) revertBackoff(host, found, ctx)
  takeError(host, found, err, ctx)
}

/**
 * The way is gone, so waiting ever longer was of no use: back to the wait before, and what should have been sent by then is
 * sent at once (RFC 6069, tcp_ld_RTO_revert). Seen when ARP fails: the last SYN asks anew (golden A6). Simplified: only
 * while connecting.
 */
function revertBackoff(host: Host, s: TcpSock, ctx: Ctx): void {
  if (s.state !== 'SYN_SENT' || s.retransmits === 0) return
  if (ctx.now - s.synSentNs >= s.rtoNs / 2) sendSyn(host, s, ctx)
}

function takeError(host: Host, s: TcpSock, err: Errno, ctx: Ctx): void {
  if (s.state === 'SYN_RECV' && s.parent !== 0) return forgetRequest(host, s, 'icmp', ctx)
  if (s.state === 'SYN_SENT' || s.state === 'SYN_RECV') return endConnection(host, s, err, 'icmp', ctx)
  s.errSoft = err
}

/** tcp_v4_mtu_reduced, tcp_simple_retransmit: cut anew and send again, without taking it for congestion. */
function lowerMtu(host: Host, s: TcpSock, mtu: number, ctx: Ctx): void {
  const pmtu = Math.max(MIN_PMTU, mtu)
  if (pmtu >= s.pmtu || s.state === 'SYN_SENT' || s.state === 'SYN_RECV') return
  s.pmtu = pmtu
  syncMss(s)
  if (!s.txq.some((seg) => seg.bytes.length > s.mss)) return
  recutQueue(s)
  if (s.txSent === 0) return
  s.ca = 'loss'
  s.highSeq = s.sndNxt
  s.cwnd = Math.max(s.cwnd, inFlight(s) + 1)
  retransmitLost(host, s, ctx)
}
