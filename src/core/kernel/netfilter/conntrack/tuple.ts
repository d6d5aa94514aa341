import { type Bytes, read16 } from '../../../base/bytes.ts'
import { ICMP_ECHO, ICMP_ECHOREPLY } from '../../../wire/icmp.ts'
import {
  ipDst,
  ipHeaderLength,
  ipProto,
  ipSrc,
  PROTO_ICMP,
  PROTO_TCP,
  PROTO_UDP,
} from '../../../wire/ipv4.ts'
import type { Tuple } from './types.ts'

const ICMP_TIMESTAMP = 13
const ICMP_TIMESTAMPREPLY = 14
/** Query types and their answers (nf_conntrack_proto_icmp.c invmap). */
const ANSWER: Record<number, number> = {
  [ICMP_ECHO]: ICMP_ECHOREPLY,
  [ICMP_ECHOREPLY]: ICMP_ECHO,
  [ICMP_TIMESTAMP]: ICMP_TIMESTAMPREPLY,
  [ICMP_TIMESTAMPREPLY]: ICMP_TIMESTAMP,
}

export function tupleKey(t: Tuple): string {
  return `${t.proto} ${t.src} ${t.sport} ${t.dst} ${t.dport}`
}

/** Does the protocol have ports at the same place as TCP and UDP? */
export function hasPorts(proto: number): boolean {
  return proto === PROTO_TCP || proto === PROTO_UDP
}

/**
 * The tuple of the IP packet at `at` (nf_ct_get_tuplepr). Undefined: a fragment but the first, too short for its ports,
 * or ICMP that is no query.
 */
export function tupleOf(data: Bytes, at: number, end: number): Tuple | undefined {
  if ((read16(data, at + 6) & 0x1fff) !== 0) return undefined
  const proto = ipProto(data, at)
  const l4 = at + ipHeaderLength(data, at)
  const tuple: Tuple = { proto, src: ipSrc(data, at), sport: 0, dst: ipDst(data, at), dport: 0 }
  if (proto !== PROTO_ICMP && !hasPorts(proto)) return tuple
  if (end < l4 + 8) return undefined
  if (proto !== PROTO_ICMP) {
    tuple.sport = read16(data, l4)
    tuple.dport = read16(data, l4 + 2)
    return tuple
  }
  tuple.sport = read16(data, l4 + 4)
  tuple.dport = read16(data, l4)
  return ANSWER[tuple.dport >>> 8] === undefined ? undefined : tuple
}

/** The same connection seen from the other end (nf_ct_invert_tuple). */
export function invert(t: Tuple): Tuple {
  const { proto, src, sport, dst, dport } = t
  if (proto !== PROTO_ICMP) return { proto, src: dst, sport: dport, dst: src, dport: sport }
  const answer = ANSWER[dport >>> 8] ?? 0
  return { proto, src: dst, sport, dst: src, dport: (answer << 8) | (dport & 0xff) }
}

export function sameTuple(a: Tuple, b: Tuple): boolean {
  return (
    a.src === b.src && a.dst === b.dst && a.sport === b.sport && a.dport === b.dport && a.proto === b.proto
  )
}
