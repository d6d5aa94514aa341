import { type Bytes, textOfBytes } from '../../base/bytes.ts'
import { formatMac, type Ip4, type Nanos } from '../../base/ids.ts'
import { parseArp } from '../arp.ts'
import { ETH, ETH_P_ARP, ETH_P_IP, ethDst, ethSrc, ethType } from '../ethernet.ts'
import { IPV4, ipDst, ipHeaderLength, ipProto, ipSrc, ipTotalLength, PROTO_OSPF, PROTO_TCP } from '../ipv4.ts'
import { TCP, tcpHeaderLength } from '../tcp.ts'
import { arpText, type Exchanges } from './arp.ts'
import { type Conns, EPHEMERAL_FROM, legKey, makeConns } from './conns.ts'
import { ipText } from './packet.ts'

/**
 * What two runs must have in common, packet by packet: addresses, TTL, DF, lengths, flags, relative sequence numbers,
 * MSS, HTTP lines, ICMP with its quote. Left out of the list: OSPF, VRRP and the IGMP reports that go with their groups, ARP
 * re-validation (unicast requests and their replies), and health checks unless they are asked for. With the checks goes ARP
 * between their two ends if these are told (`healthPairs`): when a check falls decides who of the two asks first, and whether
 * the data that follows still has to.
 */
export interface Reduced {
  at: Nanos
  /** Conversation at this capture point, from 1 in order of appearance. */
  conn: number
  /** Its kind, see `Conn`. */
  kind: string
  /** One line; a client's random port is e1, e2, ... in order of appearance. */
  text: string
}

export interface PointFrame {
  at: Nanos
  bytes: Bytes
  /** No Ethernet header, as on a tunnel device. */
  raw?: boolean
}

export interface ReduceOptions {
  /** Keep keepalived's checks in the list. */
  withHealth?: boolean
  /** Pairs of addresses (an LB's own one, a real server's own one): all TCP between them is taken for health checks. */
  health?: readonly (readonly [Ip4, Ip4])[]
  /** Legs that are known to be health checks, from `findHealthLegs` of any capture points of the run. */
  healthLegs?: ReadonlySet<string>
  /**
   * Pairs of addresses between which ARP only tells when a check or a Hello fell: `findHealthPairs` and `findOspfPairs` of both
   * runs. FRR has the addresses of its neighbours asked for at their Hellos.
   */
  healthPairs?: ReadonlySet<string>
}

const PROTO_IGMP = 2
const PROTO_VRRP = 112

/** The list of one capture point in the order given. Frames that are neither ARP nor IPv4, or cut short, are left out. */
export function reducePoint(frames: readonly PointFrame[], options: ReduceOptions = {}): Reduced[] {
  const conns = makeConns()
  const exchanges: Exchanges = new Map()
  const healthLegs = options.healthLegs ?? findHealthLegs(frames)
  const list: Reduced[] = []
  for (const frame of frames) {
    const ipAt = ipStart(frame)
    if (ipAt !== undefined && isLeftOut(frame.bytes, ipAt, options, healthLegs)) continue
    const found =
      ipAt === undefined ? reduceArp(conns, exchanges, frame, options) : reduceIp(conns, frame, ipAt)
    if (found) list.push({ at: frame.at, conn: found.conn.id, kind: found.conn.kind, text: found.text })
  }
  return list
}

function reduceIp(conns: Conns, frame: PointFrame, ipAt: number) {
  const { conn, text } = ipText(conns, frame.bytes, ipAt, frame.bytes.length)
  return { conn, text: macText(frame) + text }
}

function reduceArp(conns: Conns, exchanges: Exchanges, frame: PointFrame, options: ReduceOptions) {
  if (frame.raw === true || ethType(frame.bytes) !== ETH_P_ARP) return undefined
  const arp = parseArp(frame.bytes, ETH.size)
  const isOfChecks = arp.ok && options.healthPairs?.has(pairKey(arp.value.spa, arp.value.tpa)) === true
  const found =
    arp.ok && !(isOfChecks && options.withHealth !== true)
      ? arpText(conns, exchanges, arp.value, ethDst(frame.bytes))
      : undefined
  return found && { conn: found.conn, text: macText(frame) + found.text }
}

function macText(frame: PointFrame): string {
  if (frame.raw === true) return ''
  return `${formatMac(ethSrc(frame.bytes))} > ${formatMac(ethDst(frame.bytes))} `
}

/** Offset of the IPv4 header; undefined when the frame has none in full. */
function ipStart({ bytes, raw }: PointFrame): number | undefined {
  const at = raw === true ? 0 : ETH.size
  if (raw !== true && ethType(bytes) !== ETH_P_IP) return undefined
  return bytes.length >= at + IPV4.size && (bytes[at] ?? 0) >>> 4 === 4 ? at : undefined
}

function isLeftOut(b: Bytes, at: number, options: ReduceOptions, healthLegs: ReadonlySet<string>): boolean {
  const proto = ipProto(b, at)
  if (proto === PROTO_OSPF || proto === PROTO_IGMP || proto === PROTO_VRRP) return true
  if (proto !== PROTO_TCP || options.withHealth === true) return false
  const [src, dst] = [ipSrc(b, at), ipDst(b, at)]
  const isPair = options.health?.some(
    ([lb, rip]) => (src === lb && dst === rip) || (src === rip && dst === lb),
  )
  return isPair === true || healthLegs.has(legKey(b, at))
}

/**
 * TCP conversations that are keepalived's checks: those that name KeepAliveClient as their user agent (HTTP_GET), and
 * those without any payload between the same two ends (a check that failed). Under FULLNAT a client's request has an
 * LB's own address too, so addresses alone do not tell.
 */
export function findHealthLegs(frames: readonly PointFrame[]): Set<string> {
  const agents = new Set<string>()
  const talkative = new Set<string>()
  const ends = new Map<string, string>()
  for (const frame of frames) {
    const at = ipStart(frame)
    const b = frame.bytes
    if (at === undefined || ipProto(b, at) !== PROTO_TCP) continue
    const key = legKey(b, at)
    ends.set(
      key,
      key.replace(/:\d{5}\b/g, (port) => (Number(port.slice(1)) >= EPHEMERAL_FROM ? ':e' : port)),
    )
    const l4 = at + ipHeaderLength(b, at)
    const payload = b.subarray(
      Math.max(l4 + TCP.size, l4 + tcpHeaderLength(b, l4)),
      at + ipTotalLength(b, at),
    )
    if (payload.length === 0) continue
    talkative.add(key)
    if (/^user-agent: KeepAliveClient/im.test(textOfBytes(payload.subarray(0, 1024)))) agents.add(key)
  }
  const checked = new Set([...agents].map((key) => ends.get(key)))
  const isCheck = (key: string): boolean =>
    agents.has(key) || (checked.has(ends.get(key)) && !talkative.has(key))
  return new Set([...ends.keys()].filter(isCheck))
}

/** Who checks whom: pairs of addresses, in one order for both directions. */
export function findHealthPairs(frames: readonly PointFrame[]): Set<string> {
  const legs = findHealthLegs(frames)
  const pairs = new Set<string>()
  for (const frame of frames) {
    const at = ipStart(frame)
    const b = frame.bytes
    if (at === undefined || ipProto(b, at) !== PROTO_TCP || !legs.has(legKey(b, at))) continue
    pairs.add(pairKey(ipSrc(b, at), ipDst(b, at)))
  }
  return pairs
}

/** All pairs of addresses that send OSPF packets. */
export function findOspfPairs(frames: readonly PointFrame[]): Set<string> {
  const speakers = new Set<Ip4>()
  for (const frame of frames) {
    const at = ipStart(frame)
    if (at !== undefined && ipProto(frame.bytes, at) === PROTO_OSPF) speakers.add(ipSrc(frame.bytes, at))
  }
  const list = [...speakers]
  return new Set(list.flatMap((a) => list.map((b) => pairKey(a, b))))
}

function pairKey(a: Ip4, b: Ip4): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}
