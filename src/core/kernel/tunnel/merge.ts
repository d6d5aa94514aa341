import { type Bytes, read16, read32, write16 } from '../../base/bytes.ts'
import { checksum16 } from '../../base/checksum.ts'
import { IPV4, ipTotalLength, PROTO_TCP } from '../../wire/ipv4.ts'
import { FIN, PSH, setTcpChecksum, TCP, tcpChecksumOk, tcpHeaderLength } from '../../wire/tcp.ts'
import { L2 } from '../skb.ts'

/**
 * Generic receive offload of tunnel devices (gro_cells.c, tcp_gro_receive): segments of a connection that were unwrapped
 * in one go come in as one, acknowledged once (golden B7). Simplified: what came at the same moment was unwrapped in one
 * go; a short segment in the middle ends the bundle even when a full one follows; the checksum of the whole is right, where
 * Linux leaves the first one's.
 */
const HEADER = 20
const AT = L2 + HEADER
const LONGEST = 65535
/** Flags that may differ; a segment that has one is the last of its bundle. */
const LAST = PSH | FIN

/** Two packets as one, or undefined when they must stay apart. `first` may be several already. */
export function mergeSegments(first: Bytes, next: Bytes): Bytes | undefined {
  if (!isPlain(first) || !isPlain(next) || !isSameFlow(first, next)) return undefined
  const header = tcpHeaderLength(first, AT)
  const [had, more] = [payloadOf(first), payloadOf(next)]
  const flags = [first, next].map((b) => b[AT + TCP.flags.at] ?? 0)
  const [before = 0, after = 0] = flags
  if (had <= 0 || more <= 0 || more > had || (before & LAST) !== 0) return undefined
  if ((before & ~LAST) !== (after & ~LAST) || (before & 0x27 & ~LAST) !== 0) return undefined
  if (had % more !== 0 && (after & LAST) === 0) return undefined
  const isNext = read32(next, AT + TCP.seq.at) === (read32(first, AT + TCP.seq.at) + had) >>> 0
  if (!isNext || ipTotalLength(first, L2) + more > LONGEST) return undefined
  const end = AT + header + had
  const whole = new Uint8Array(end + more)
  whole.set(first.subarray(0, end))
  whole.set(next.subarray(AT + header, AT + header + more), end)
  whole[AT + TCP.flags.at] = before | after
  write16(whole, L2 + IPV4.totalLength.at, end + more - L2)
  write16(whole, L2 + IPV4.checksum.at, 0)
  write16(whole, L2 + IPV4.checksum.at, checksum16(whole, L2, AT))
  setTcpChecksum(whole, L2, AT, whole.length)
  return whole
}

/** TCP without IP options, whole and undamaged. */
function isPlain(b: Bytes): boolean {
  if (b.length < AT + TCP.size || b[L2] !== 0x45 || b[L2 + IPV4.proto.at] !== PROTO_TCP) return false
  if ((read16(b, L2 + IPV4.frag.at) & 0x3fff) !== 0 || L2 + ipTotalLength(b, L2) > b.length) return false
  return payloadOf(b) >= 0 && tcpChecksumOk(b, L2, AT, L2 + ipTotalLength(b, L2))
}

function payloadOf(b: Bytes): number {
  return ipTotalLength(b, L2) - HEADER - tcpHeaderLength(b, AT)
}

/** Addresses, ports, TTL, service, DF, what is acknowledged and all options. */
function isSameFlow(a: Bytes, b: Bytes): boolean {
  const same = (from: number, to: number): boolean => {
    for (let i = from; i < to; i++) if (a[i] !== b[i]) return false
    return true
  }
  const ip = L2 + IPV4.frag.at
  return (
    a[L2 + IPV4.tos.at] === b[L2 + IPV4.tos.at] &&
    same(ip, ip + 4) &&
    same(L2 + IPV4.src.at, AT + TCP.seq.at) &&
    same(AT + TCP.ack.at, AT + TCP.flags.at) &&
    tcpHeaderLength(a, AT) === tcpHeaderLength(b, AT) &&
    same(AT + TCP.size, AT + tcpHeaderLength(a, AT))
  )
}
