import type { Ip4 } from '../../../base/ids.ts'
import { nextBelow } from '../../../base/prng.ts'
import { PROTO_ICMP } from '../../../wire/ipv4.ts'
import type { Host } from '../../host.ts'
import { findTuple } from '../conntrack/table.ts'
import { hasPorts, invert, sameTuple, tupleKey } from '../conntrack/tuple.ts'
import { type CtEntry, IPS_SRC_NAT_DONE, type Tuple } from '../conntrack/types.ts'
import type { NatTo } from '../tables/types.ts'
import type { Manip } from './manip.ts'

/** Attempts to find a free port before the last one is taken as it is (nf_nat_l4proto_unique_tuple). */
const ATTEMPTS = 128

/**
 * The tuple that a connection gets (nf_nat_core.c get_unique_tuple): the asked address, and the port it has if that is
 * free, else another one. `current` = the original direction as it stands after earlier changes. Simplified: out of a range
 * of addresses one is chosen by the sum of both addresses, not by the kernel's jhash.
 */
export function uniqueTuple(
  host: Host,
  entry: CtEntry,
  current: Tuple,
  to: NatTo,
  manip: Manip,
  now: number,
): Tuple {
  if (manip === 'src' && !to.random) {
    if (inRange(current, to) && !isUsed(host, entry, current, now)) return current
    const mapped = sameSource(host, entry, to)
    const again = mapped && { ...current, src: mapped.src, sport: mapped.sport }
    if (again && inRange(again, to) && !isUsed(host, entry, again, now)) return again
  }
  const tuple = withAddress(current, pickAddress(current, to), manip)
  if (to.portFrom !== 0 && !to.random) {
    const port = manip === 'src' ? tuple.sport : tuple.dport
    const fits = hasPorts(tuple.proto) && port >= to.portFrom && port <= to.portTo
    if (fits && (to.portFrom === to.portTo || !isUsed(host, entry, tuple, now))) return tuple
  } else if (to.portFrom === 0 && !to.random && !isUsed(host, entry, tuple, now)) return tuple
  return freePort(host, entry, tuple, to, manip, now)
}

function inRange(tuple: Tuple, to: NatTo): boolean {
  if (to.to !== 0 && (tuple.src < to.from || tuple.src > to.to)) return false
  return (
    to.portFrom === 0 || !hasPorts(tuple.proto) || (tuple.sport >= to.portFrom && tuple.sport <= to.portTo)
  )
}

/** Is the way back taken by another connection (nf_nat_used_tuple)? */
function isUsed(host: Host, entry: CtEntry, tuple: Tuple, now: number): boolean {
  const found = findTuple(host, invert(tuple), now)
  return found !== undefined && found.entry !== entry
}

/** The same source keeps its translation towards other destinations (find_appropriate_src). */
function sameSource(host: Host, entry: CtEntry, to: NatTo): Tuple | undefined {
  const { proto, src, sport } = entry.original
  for (const other of Object.values(host.ct.entries)) {
    const { original } = other
    if (original.proto !== proto || original.src !== src || original.sport !== sport) continue
    if ((other.status & IPS_SRC_NAT_DONE) === 0) continue
    const mapped = invert(other.reply)
    if (inRange(mapped, to)) return mapped
  }
  return undefined
}

function pickAddress(tuple: Tuple, to: NatTo): Ip4 | undefined {
  if (to.to === 0) return undefined
  if (to.from === to.to) return to.from
  return (to.from + ((tuple.src + tuple.dst) % (to.to - to.from + 1))) as Ip4
}

function withAddress(tuple: Tuple, address: Ip4 | undefined, manip: Manip): Tuple {
  if (address === undefined) return tuple
  return manip === 'src' ? { ...tuple, src: address } : { ...tuple, dst: address }
}

/** Ports are looked for in the class of the old one: privileged ports stay privileged. */
function portRange(port: number, to: NatTo): { from: number; size: number } {
  if (to.portFrom !== 0) return { from: to.portFrom, size: to.portTo - to.portFrom + 1 }
  if (port < 512) return { from: 1, size: 511 }
  if (port < 1024) return { from: 600, size: 424 }
  return { from: 1024, size: 65_536 - 1024 }
}

function freePort(host: Host, entry: CtEntry, tuple: Tuple, to: NatTo, manip: Manip, now: number): Tuple {
  const isEcho = tuple.proto === PROTO_ICMP
  if (!isEcho && !hasPorts(tuple.proto)) return tuple
  // Without a range a destination's port stays what it is.
  if (manip === 'dst' && to.portFrom === 0 && !isEcho) return tuple
  const echo = { from: 0, size: 65_536 }
  const { from, size } = isEcho ? echo : portRange(manip === 'src' ? tuple.sport : tuple.dport, to)
  const offset = size === 1 ? 0 : nextBelow(host.rng, size)
  let last = tuple
  for (let i = 0; i < Math.min(size, ATTEMPTS); i++) {
    const port = from + ((offset + i) % size)
    last = manip === 'dst' && !isEcho ? { ...tuple, dport: port } : { ...tuple, sport: port }
    if (!isUsed(host, entry, last, now)) return last
  }
  return last
}

/** Change the way back of a connection that is not confirmed yet, or of one that is (nf_conntrack_alter_reply). */
export function alterReply(host: Host, entry: CtEntry, reply: Tuple): void {
  if (sameTuple(entry.reply, reply)) return
  const key = tupleKey(entry.reply)
  const origin = tupleKey(entry.original)
  const isKnown = host.ct.entries[origin] === entry
  if (isKnown) Reflect.deleteProperty(host.ct.replies, key)
  entry.reply = reply
  if (isKnown) host.ct.replies[tupleKey(reply)] = origin
}
