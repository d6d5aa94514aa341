/**
 * What the kernel's flow dissector reads of a packet for the multipath hash (net/core/flow_dissector.c, and
 * ip_multipath_l3_keys of net/ipv4/route.c for quoted addresses).
 *
 * Not modelled: inside a tunnel only IPv4 is looked for (IPIP, GRE version 0), so 6in4, Ethernet in GRE and a truncated
 * inner header are hashed as if they were no tunnel.
 */
import { type Bytes, read16, read32, read8 } from '../../base/bytes.ts'
import type { Ip4 } from '../../base/ids.ts'

/** What of a flow can go into the hash. Ports are 0 where there are none. */
export interface FlowFields {
  src: Ip4
  dst: Ip4
  proto: number
  sport: number
  dport: number
}

/** A flow with what else of its packets can count. */
export interface HashFlow {
  outer: FlowFields
  /** Innermost header of an encapsulated packet that came in (policies 2 and 3). */
  inner?: FlowFields | undefined
  /** Addresses that an ICMP error quotes (policy 0). */
  quoted?: { src: Ip4; dst: Ip4 } | undefined
}

const ICMP = 1
const IPIP = 4
const GRE = 47
const ETH_P_IP = 0x0800
const MAX_HEADERS = 15

/** Protocols whose first four bytes the dissector reads as two ports; of ESP they are the SPI. */
export function hasPorts(proto: number): boolean {
  // TCP, UDP, DCCP, ESP, SCTP, UDP-Lite
  return proto === 6 || proto === 17 || proto === 33 || proto === 50 || proto === 132 || proto === 136
}

/** A local ICMP flow has its type and code where others have the destination port. */
export function icmpPort(type: number, code: number): number {
  return (type << 8) | code
}

/**
 * Read the packet whose IPv4 header starts at `ipAt`; the header itself has been checked. With `policy` only what that
 * policy of fib_multipath_hash_policy looks at is read.
 */
export function flowOfPacket(b: Bytes, ipAt: number, policy?: number): HashFlow {
  const flow: HashFlow = { outer: fieldsAt(b, ipAt) }
  if (policy === undefined || policy === 0) {
    const quoted = quotedAddresses(b, ipAt)
    if (quoted) flow.quoted = quoted
  }
  if (policy === undefined || policy >= 2) {
    const innerAt = innermost(b, ipAt)
    if (innerAt !== ipAt) flow.inner = fieldsAt(b, innerAt)
  }
  return flow
}

/** Any fragment, the first one too, has no ports. */
function fieldsAt(b: Bytes, at: number): FlowFields {
  const proto = read8(b, at + 9)
  const l4 = at + headerLength(b, at)
  const ports = hasPorts(proto) && !isFragment(b, at) && l4 + 4 <= b.length
  return {
    src: read32(b, at + 12) as Ip4,
    dst: read32(b, at + 16) as Ip4,
    proto,
    sport: ports ? read16(b, l4) : 0,
    dport: ports ? read16(b, l4 + 2) : 0,
  }
}

function headerLength(b: Bytes, at: number): number {
  return (read8(b, at) & 15) * 4
}

/** More fragments to come, or an offset. */
function isFragment(b: Bytes, at: number): boolean {
  return (read16(b, at + 6) & 0x3fff) !== 0
}

function isIpv4(b: Bytes, at: number): boolean {
  return at + 20 <= b.length && read8(b, at) >>> 4 === 4 && headerLength(b, at) >= 20
}

/** Offset of the innermost IPv4 header: the packet's own if it carries no other. */
function innermost(b: Bytes, ipAt: number): number {
  let at = ipAt
  for (let depth = 0; depth < MAX_HEADERS && !isFragment(b, at); depth++) {
    const payload = at + headerLength(b, at)
    const proto = read8(b, at + 9)
    const next = proto === IPIP ? payload : proto === GRE ? grePayload(b, payload) : undefined
    if (next === undefined || !isIpv4(b, next)) break
    at = next
  }
  return at
}

/** Offset of an IPv4 packet in GRE version 0 without source routing (RFC 2784, RFC 2890). */
function grePayload(b: Bytes, at: number): number | undefined {
  const flags = read16(b, at)
  if ((flags & 0x4007) !== 0 || read16(b, at + 2) !== ETH_P_IP) return undefined
  const words = ((flags >>> 15) & 1) + ((flags >>> 13) & 1) + ((flags >>> 12) & 1)
  return at + 4 + 4 * words
}

/** Unreachable, source quench, redirect, time exceeded, parameter problem; not of a fragment with an offset. */
function quotedAddresses(b: Bytes, ipAt: number): { src: Ip4; dst: Ip4 } | undefined {
  if (read8(b, ipAt + 9) !== ICMP || (read16(b, ipAt + 6) & 0x1fff) !== 0) return undefined
  const icmp = ipAt + headerLength(b, ipAt)
  const type = read8(b, icmp)
  if (type !== 3 && type !== 4 && type !== 5 && type !== 11 && type !== 12) return undefined
  const quote = icmp + 8
  if (quote + 20 > b.length) return undefined
  return { src: read32(b, quote + 12) as Ip4, dst: read32(b, quote + 16) as Ip4 }
}
