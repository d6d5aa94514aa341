import { SEC } from '../../../base/ids.ts'
import { ICMP, ICMP_REDIRECT, icmpChecksumOk, isIcmpError } from '../../../wire/icmp.ts'
import { ipDst, ipSrc, PROTO_ICMP, PROTO_TCP, PROTO_UDP } from '../../../wire/ipv4.ts'
import { tcpChecksumOk, tcpHeaderLength } from '../../../wire/tcp.ts'
import { udpChecksumOk } from '../../../wire/udp.ts'
import type { Ctx, HookResult } from '../../ctx.ts'
import type { Host } from '../../host.ts'
import { packetEnd, transportAt } from '../../ip/offsets.ts'
import { L2, type Skb } from '../../skb.ts'
import { findTuple, insertEntry, removeEntry } from './table.ts'
import { isValidFlags, newTcp, sysctl, tcpPacket } from './tcp.ts'
import { readSegment } from './tcp-window.ts'
import { hasPorts, invert, sameTuple, tupleOf } from './tuple.ts'
import {
  CT_TCP_STATES,
  type CtEntry,
  type Direction,
  IPS_ASSURED,
  IPS_CONFIRMED,
  IPS_DYING,
  IPS_SEEN_REPLY,
  ORIGINAL,
  REPLY,
  type Tuple,
} from './types.ts'

/**
 * Connection tracking of the packets that pass (nf_conntrack_core.c nf_conntrack_in, nf_conntrack_confirm). Simplified:
 * no helpers and expectations, no zones, no accounting; a full table refuses new connections and never makes room early.
 */

/** Seconds: UDP, UDP with answers both ways, ICMP, anything else (net.netfilter.nf_conntrack_*_timeout). */
const UDP_SEC = 30
const UDP_STREAM_SEC = 120
const ICMP_SEC = 30
const GENERIC_SEC = 600
/** UDP is a stream when it goes on for longer than this. */
const UDP_ASSURED_NS = 2 * SEC

/** nf_conntrack_max of a machine with up to 4 GB. */
const DEFAULT_MAX = 65_536

/** PREROUTING and LOCAL_OUT: find or make the connection of a packet. */
export function conntrackIn(host: Host, skb: Skb, ctx: Ctx): HookResult {
  if (skb.ct) return 'ACCEPT'
  const end = packetEnd(skb)
  const tuple = tupleOf(skb.data, L2, end)
  const at = transportAt(skb)
  if (skb.data[L2 + 9] === PROTO_ICMP && end >= at + ICMP.size && isIcmpError(skb.data[at] ?? 0)) {
    trackError(host, skb, at, end, ctx)
    return 'ACCEPT'
  }
  if (!tuple || !isWhole(skb, tuple, at, end)) {
    noteInvalid(host, skb, tuple, ctx)
    return 'ACCEPT'
  }
  if (skb.dev === 'lo' && trackLooped(host, skb, tuple, ctx)) return 'ACCEPT'
  return track(host, skb, tuple, at, end, ctx, true)
}

function track(
  host: Host,
  skb: Skb,
  tuple: Tuple,
  at: number,
  end: number,
  ctx: Ctx,
  again: boolean,
): HookResult {
  const { now } = ctx
  const found = findTuple(host, tuple, now)
  const entry = found?.entry ?? newEntry(host, skb, tuple, at, end, ctx)
  if (entry === 'full') return { verdict: 'DROP', detail: 'nf_conntrack: table full' }
  if (!entry) {
    noteInvalid(host, skb, tuple, ctx)
    return 'ACCEPT'
  }
  const dir: Direction = found?.dir ?? ORIGINAL
  const before = entry.tcp?.state ?? -1
  if (entry.tcp) {
    const verdict = tcpPacket(host, entry, dir, readSegment(skb.data, at, end), now)
    if (verdict === 'reopen') {
      removeEntry(host, entry)
      return again ? track(host, skb, tuple, at, end, ctx, false) : 'DROP'
    }
    if (verdict === 'invalid') {
      noteInvalid(host, skb, tuple, ctx)
      return 'ACCEPT'
    }
    if (verdict === 'kill') removeEntry(host, entry)
  } else followDatagram(host, entry, now)
  const established = dir === REPLY || (entry.status & IPS_SEEN_REPLY) !== 0
  skb.ct = { entry, info: established ? 'ESTABLISHED' : 'NEW', dir }
  const first = dir === REPLY && (entry.status & IPS_SEEN_REPLY) === 0
  if (first) entry.status |= IPS_SEEN_REPLY
  const after = entry.tcp?.state ?? -1
  if (!found || first || before !== after) noteTrack(host, skb, tuple, ctx, before < 0 ? after : before)
  return 'ACCEPT'
}

/** A new entry, not yet known to anybody: `confirm` makes it so when the packet leaves the hooks. */
function newEntry(
  host: Host,
  skb: Skb,
  tuple: Tuple,
  at: number,
  end: number,
  ctx: Ctx,
): CtEntry | 'full' | undefined {
  if (host.ct.count >= (sysctl(host, 'nf_conntrack_max') ?? DEFAULT_MAX)) return 'full'
  const loose = (sysctl(host, 'nf_conntrack_tcp_loose') ?? 1) !== 0
  const tcp = tuple.proto === PROTO_TCP ? newTcp(readSegment(skb.data, at, end), loose) : null
  if (tcp === undefined) return undefined
  // An answer to an echo that was never seen belongs to nothing.
  if (tuple.proto === PROTO_ICMP && !isQuery(tuple.dport >>> 8)) return undefined
  return {
    original: tuple,
    reply: invert(tuple),
    status: 0,
    bornAt: ctx.now,
    expiresAt: ctx.now,
    mark: 0,
    tcp,
    masqDev: '',
  }
}

function isQuery(type: number): boolean {
  return type === 8 || type === 13
}

function followDatagram(host: Host, entry: CtEntry, now: number): void {
  const { proto } = entry.original
  if (proto === PROTO_UDP) {
    const stream = (entry.status & IPS_SEEN_REPLY) !== 0 && now - entry.bornAt > UDP_ASSURED_NS
    if (stream) entry.status |= IPS_ASSURED
    const seconds = stream
      ? (sysctl(host, 'nf_conntrack_udp_timeout_stream') ?? UDP_STREAM_SEC)
      : (sysctl(host, 'nf_conntrack_udp_timeout') ?? UDP_SEC)
    entry.expiresAt = now + seconds * SEC
  } else if (proto === PROTO_ICMP) {
    entry.expiresAt = now + (sysctl(host, 'nf_conntrack_icmp_timeout') ?? ICMP_SEC) * SEC
  } else entry.expiresAt = now + (sysctl(host, 'nf_conntrack_generic_timeout') ?? GENERIC_SEC) * SEC
}

/** Header complete, checksum right (checked on packets that came in), flags of TCP possible. */
function isWhole(skb: Skb, tuple: Tuple, at: number, end: number): boolean {
  const { data } = skb
  const check = skb.dev !== '' && skb.dev !== 'lo'
  if (tuple.proto === PROTO_TCP) {
    if (end < at + 20) return false
    const header = tcpHeaderLength(data, at)
    if (header < 20 || at + header > end || !isValidFlags(data[at + 13] ?? 0)) return false
    return !check || tcpChecksumOk(data, L2, at, end)
  }
  if (tuple.proto === PROTO_UDP) return !check || udpChecksumOk(data, L2, at, end)
  if (tuple.proto === PROTO_ICMP) return !check || icmpChecksumOk(data, at, end)
  return true
}

/** An ICMP error is related to the connection of the packet it quotes (nf_conntrack_inet_error). */
function trackError(host: Host, skb: Skb, at: number, end: number, ctx: Ctx): void {
  const quote = icmpChecksumOk(skb.data, at, end) ? tupleOf(skb.data, at + ICMP.size, end) : undefined
  const found = quote && findTuple(host, invert(quote), ctx.now)
  if (!found) return noteInvalid(host, skb, undefined, ctx)
  const { entry, dir } = found
  const tuple = dir === ORIGINAL ? entry.original : entry.reply
  if (tuple.dst !== ipDst(skb.data, L2)) return noteInvalid(host, skb, tuple, ctx)
  skb.ct = { entry, info: 'RELATED', dir }
  if (skb.data[at] === ICMP_REDIRECT) return
  noteTrack(host, skb, tuple, ctx, entry.tcp?.state ?? -1)
}

/**
 * A packet that comes in from lo was tracked when it was sent, and has been translated since: it keeps its connection, and
 * is not followed twice.
 */
function trackLooped(host: Host, skb: Skb, tuple: Tuple, ctx: Ctx): boolean {
  const direct = findTuple(host, tuple, ctx.now)
  const found = direct ?? findTuple(host, invert(tuple), ctx.now)
  if (!found) return false
  const dir: Direction = direct ? found.dir : found.dir === ORIGINAL ? REPLY : ORIGINAL
  const established = dir === REPLY || (found.entry.status & IPS_SEEN_REPLY) !== 0
  skb.ct = { entry: found.entry, info: established ? 'ESTABLISHED' : 'NEW', dir }
  return true
}

/** The packet leaves the hooks alive: a new connection becomes known to others (nf_conntrack_confirm). */
export function conntrackConfirm(host: Host, skb: Skb, ctx: Ctx): HookResult {
  const entry = skb.ct?.entry
  if (!entry || (entry.status & (IPS_CONFIRMED | IPS_DYING)) !== 0 || skb.ct?.dir !== ORIGINAL)
    return 'ACCEPT'
  if (insertEntry(host, entry, ctx.now)) return 'ACCEPT'
  // Somebody was faster with the same tuples. A packet of that same connection may go on as part of it.
  const known = findTuple(host, entry.original, ctx.now)
  if (known?.dir === ORIGINAL && sameTuple(known.entry.reply, entry.reply)) {
    skb.ct = { ...skb.ct, entry: known.entry }
    return 'ACCEPT'
  }
  return { verdict: 'DROP', detail: 'conntrack clash' }
}

/** The packet is not to be tracked from here on (`-j NOTRACK`, IPVS without net.ipv4.vs.conntrack). */
export function untrack(skb: Skb): void {
  skb.ct = { entry: null, info: 'UNTRACKED', dir: ORIGINAL }
}

function noteTrack(host: Host, skb: Skb, tuple: Tuple, ctx: Ctx, before: number): void {
  const { ct } = skb
  if (!ct?.entry) return
  const { proto, src, sport, dst, dport } = tuple
  const name = (state: number): string => CT_TCP_STATES[state] ?? ''
  const [from, to] = [name(before), name(ct.entry.tcp?.state ?? -1)]
  const dir = ct.dir === ORIGINAL ? 'original' : 'reply'
  ctx.note(host, { kind: 'conntrack', info: ct.info, dir, proto, src, sport, dst, dport, from, to })
}

function noteInvalid(host: Host, skb: Skb, tuple: Tuple | undefined, ctx: Ctx): void {
  const proto = skb.data[L2 + 9] ?? 0
  const src = ipSrc(skb.data, L2)
  const dst = ipDst(skb.data, L2)
  const [sport, dport] = tuple && hasPorts(proto) ? [tuple.sport, tuple.dport] : [0, 0]
  ctx.note(host, {
    kind: 'conntrack',
    info: 'INVALID',
    dir: 'original',
    proto,
    src,
    sport,
    dst,
    dport,
    from: '',
    to: '',
  })
}
