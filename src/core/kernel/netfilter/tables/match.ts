import { read16, read8 } from '../../../base/bytes.ts'
import { IP_BROADCAST, type Ip4, isMulticast, SEC } from '../../../base/ids.ts'
import { ipDst, ipProto, ipSrc, PROTO_ICMP, PROTO_TCP } from '../../../wire/ipv4.ts'
import type { Host } from '../../host.ts'
import { packetEnd, transportAt } from '../../ip/offsets.ts'
import { findReply } from '../../ipvs/table.ts'
import type { IpvsMode } from '../../ipvs/types.ts'
import { addressType } from '../../route/fib.ts'
import { L2, type Skb } from '../../skb.ts'
import { hasPorts } from '../conntrack/tuple.ts'
import { IPS_DST_NAT, IPS_SRC_NAT, REPLY } from '../conntrack/types.ts'
import type { Address, AddrKind, CtStateName, Interface, Match, Ports, Rule, RuleSpec } from './types.ts'

/** What rules look at, read once per packet and hook. */
export interface Look {
  skb: Skb
  in: string
  out: string
  src: Ip4
  dst: Ip4
  proto: number
  /** Offset of the transport header; -1 when it is not in this fragment. */
  at: number
  end: number
  fragment: boolean
  now: number
}

export function lookAt(skb: Skb, inDev: string, outDev: string, now: number): Look {
  const { data } = skb
  const fragment = (read16(data, L2 + 6) & 0x1fff) !== 0
  const src = ipSrc(data, L2)
  const dst = ipDst(data, L2)
  const at = fragment ? -1 : transportAt(skb)
  return {
    skb,
    in: inDev,
    out: outDev,
    src,
    dst,
    proto: ipProto(data, L2),
    at,
    end: packetEnd(skb),
    fragment,
    now,
  }
}

/** Does the whole of a rule fit (ip_packet_match, then its extensions in order)? */
export function fitsRule(host: Host, rule: Rule, look: Look): boolean {
  const { spec } = rule
  return fitsHead(spec, look) && spec.matches.every((match) => fitsMatch(host, rule, match, look))
}

function fitsHead(spec: RuleSpec, look: Look): boolean {
  if (spec.src && !fitsAddress(spec.src, look.src)) return false
  if (spec.dst && !fitsAddress(spec.dst, look.dst)) return false
  if (spec.in && !fitsDev(spec.in, look.in)) return false
  if (spec.out && !fitsDev(spec.out, look.out)) return false
  if (spec.proto && (spec.proto.proto === look.proto) === spec.proto.not) return false
  return !spec.fragment || look.fragment !== spec.fragment.not
}

export function fitsAddress(address: Address, ip: Ip4): boolean {
  return (((ip ^ address.ip) & address.mask) === 0) !== address.not
}

function fitsDev(dev: Interface, name: string): boolean {
  const same = dev.name.endsWith('+') ? name.startsWith(dev.name.slice(0, -1)) : name === dev.name
  return same !== dev.not
}

const within = (port: number, ports: Ports): boolean => port >= ports.from && port <= ports.to

function fitsMatch(host: Host, rule: Rule, match: Match, look: Look): boolean {
  switch (match.m) {
    case 'tcp':
    case 'udp':
      return fitsPorts(match, look)
    case 'icmp':
      return fitsIcmp(match, look)
    case 'state':
    case 'conntrack':
      return match.states.some((state) => isState(look.skb, state)) !== match.not
    case 'mark':
      return (((look.skb.mark ^ match.mark) & match.mask) === 0) !== match.not
    case 'multiport':
      return fitsMultiport(match, look)
    case 'limit':
      return withinLimit(rule, match, look.now)
    case 'comment':
      return true
    case 'addrtype':
      return fitsAddressType(host, match, look)
    case 'ipvs':
      return fitsIpvs(host, match, look)
  }
}

/** `-p tcp` and `-p udp`: a later fragment never fits, and a header cut short neither. */
function fitsPorts(match: Extract<Match, { m: 'tcp' | 'udp' }>, look: Look): boolean {
  const { at, end } = look
  const { data } = look.skb
  if (at < 0 || end < at + (match.m === 'tcp' ? 20 : 8)) return false
  const { sport, dport } = match
  if (sport && within(read16(data, at), sport) === sport.not) return false
  if (dport && within(read16(data, at + 2), dport) === dport.not) return false
  if (match.m === 'udp' || !match.flags) return true
  const { mask, comp, not } = match.flags
  return ((read8(data, at + 13) & mask) === comp) !== not
}

function fitsIcmp(match: Extract<Match, { m: 'icmp' }>, look: Look): boolean {
  const { at, end } = look
  if (at < 0 || look.proto !== PROTO_ICMP || end < at + 4) return false
  const code = read8(look.skb.data, at + 1)
  const same =
    match.type === 0xff ||
    (read8(look.skb.data, at) === match.type && code >= match.codeFrom && code <= match.codeTo)
  return same !== match.not
}

/** Untracked without a connection of its own is INVALID unless it was marked so (xt_conntrack, xt_state). */
function isState(skb: Skb, state: CtStateName): boolean {
  const { ct } = skb
  if (!ct) return state === 'INVALID'
  if (!ct.entry) return state === 'UNTRACKED'
  if (state === 'SNAT') return (ct.entry.status & IPS_SRC_NAT) !== 0
  if (state === 'DNAT') return (ct.entry.status & IPS_DST_NAT) !== 0
  return ct.info === state
}

function fitsMultiport(match: Extract<Match, { m: 'multiport' }>, look: Look): boolean {
  if (look.at < 0 || !hasPorts(look.proto) || look.end < look.at + 4) return false
  const sport = read16(look.skb.data, look.at)
  const dport = read16(look.skb.data, look.at + 2)
  const same = match.ports.some(
    (ports) =>
      (match.side !== 'dports' && within(sport, ports)) || (match.side !== 'sports' && within(dport, ports)),
  )
  return same !== match.not
}

const PER_NS = { sec: SEC, min: 60 * SEC, hour: 3600 * SEC, day: 86_400 * SEC }

/** Nanoseconds of credit that one packet costs. */
export function costOf(match: { count: number; per: keyof typeof PER_NS }): number {
  return Math.floor(PER_NS[match.per] / match.count)
}

/** A bucket of `burst` packets that fills with time (xt_limit). */
function withinLimit(rule: Rule, match: Extract<Match, { m: 'limit' }>, now: number): boolean {
  const cost = costOf(match)
  const full = cost * match.burst
  const credit = rule.creditAt < 0 ? full : Math.min(full, rule.creditNs + now - rule.creditAt)
  rule.creditAt = now
  const fits = credit >= cost
  rule.creditNs = fits ? credit - cost : credit
  return fits
}

function fitsAddressType(host: Host, match: Extract<Match, { m: 'addrtype' }>, look: Look): boolean {
  const { src, dst } = match
  if (src && src.kinds.includes(kindOf(host, look.src)) === src.not) return false
  return !dst || dst.kinds.includes(kindOf(host, look.dst)) !== dst.not
}

function kindOf(host: Host, ip: Ip4): AddrKind {
  if (ip === IP_BROADCAST) return 'BROADCAST'
  if (isMulticast(ip)) return 'MULTICAST'
  if (ip === 0) return 'BROADCAST'
  const type = addressType(host, ip)
  return type === 'local' ? 'LOCAL' : type === 'broadcast' ? 'BROADCAST' : 'UNICAST'
}

const METHODS: Record<IpvsMode, 'GATE' | 'IPIP' | 'MASQ'> = {
  dr: 'GATE',
  tun: 'IPIP',
  nat: 'MASQ',
  fullnat: 'MASQ',
}

/**
 * Has IPVS handled this packet, and for which service (xt_ipvs)? It finds the connection of a request by what the real
 * server sees, so it fits after IPVS has rewritten the packet (LOCAL_OUT, POSTROUTING).
 */
function fitsIpvs(host: Host, match: Extract<Match, { m: 'ipvs' }>, look: Look): boolean {
  const { skb, at } = look
  if (match.ipvs) return skb.ipvs !== match.ipvs.not
  if (!skb.ipvs || at < 0 || !hasPorts(look.proto)) return false
  if (match.vproto && (look.proto === match.vproto.proto) === match.vproto.not) return false
  const server = { ip: look.dst, port: read16(skb.data, at + 2) }
  const conn = findReply(host.ipvs, look.proto, server, look.src, read16(skb.data, at))
  if (!conn) return false
  if (match.vport && (conn.vport === match.vport.port) === match.vport.not) return false
  if (match.vdir) {
    if (!skb.ct?.entry) return false
    if (((skb.ct.dir === REPLY) === match.vdir.reply) === match.vdir.not) return false
  }
  if (match.vmethod && (METHODS[conn.mode] === match.vmethod.method) === match.vmethod.not) return false
  return !match.vaddr || fitsAddress(match.vaddr, conn.vip)
}

/** Rules with these need connection tracking; the others do not start it (nf_ct_netns_get). */
export function needsTracking(spec: RuleSpec): boolean {
  const { target } = spec
  if (target && ['SNAT', 'DNAT', 'MASQUERADE', 'REDIRECT'].includes(target.t)) return true
  return spec.matches.some((match) => match.m === 'state' || match.m === 'conntrack')
}

/** Is this a TCP packet that carries options to be looked at? */
export function isTcpSyn(look: Look): boolean {
  return look.proto === PROTO_TCP && look.at >= 0 && (read8(look.skb.data, look.at + 13) & 2) !== 0
}
