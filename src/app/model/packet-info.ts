import { read16, type Bytes } from '../../core/base/bytes.ts'
import { formatIp4, formatMac } from '../../core/base/ids.ts'
import { ARP_REQUEST, parseArp } from '../../core/wire/arp.ts'
import { ETH, ETH_P_ARP, ETH_P_IP, ethType } from '../../core/wire/ethernet.ts'
import {
  ipDst,
  ipHeaderLength,
  ipProto,
  ipSrc,
  ipTotalLength,
  ipTtl,
  IPV4,
  PROTO_IPIP,
  PROTO_TCP,
  PROTO_UDP,
} from '../../core/wire/ipv4.ts'
import { TCP, tcpHeaderLength } from '../../core/wire/tcp.ts'

/** What lists and filters need to know of a frame. */
export interface PacketInfo {
  proto: 'arp' | 'tcp' | 'udp' | 'icmp' | 'ip' | 'eth'
  ips: readonly string[]
  ports: readonly number[]
  ttl: number | undefined
  /** Bytes that TCP carries. */
  payload: number
  /** The list's last column, in protocol words. */
  text: string
}

export function infoOf(b: Bytes): PacketInfo {
  if (ethType(b) === ETH_P_ARP) return arpInfo(b)
  const none = { ips: [], ports: [], ttl: undefined, payload: 0 }
  if (ethType(b) !== ETH_P_IP || b.length < ETH.size + IPV4.size)
    return { ...none, proto: 'eth', text: `ethertype 0x${ethType(b).toString(16).padStart(4, '0')}` }
  const at = ETH.size
  const proto = ipProto(b, at)
  const ips = [formatIp4(ipSrc(b, at)), formatIp4(ipDst(b, at))]
  const base = { ips, ttl: ipTtl(b, at), ports: [], payload: 0 }
  const l4 = at + ipHeaderLength(b, at)
  if (proto === PROTO_IPIP && b.length >= l4 + IPV4.size) return tunnelInfo(b, l4, base)
  if (proto === PROTO_TCP) return { ...base, ...tcpInfo(b, l4, at + ipTotalLength(b, at)) }
  if (proto === PROTO_UDP) {
    const ports = [read16(b, l4), read16(b, l4 + 2)]
    return { ...base, proto: 'udp', ports, text: ports.join(' → ') }
  }
  return { ...base, proto: proto === 1 ? 'icmp' : 'ip', text: ips.join(' → ') }
}

/** Protocol and ports are those of the packet inside; it is found by the addresses of both. */
function tunnelInfo(b: Bytes, at: number, outer: Pick<PacketInfo, 'ips' | 'ttl'>): PacketInfo {
  const inside = infoOf(withoutOuter(b, at))
  return { ...inside, ips: [...outer.ips, ...inside.ips], ttl: outer.ttl, text: `IPIP  ${inside.text}` }
}

function withoutOuter(b: Bytes, at: number): Bytes {
  const inner = new Uint8Array(ETH.size + b.length - at)
  inner.set(b.subarray(0, ETH.size))
  inner.set(b.subarray(at), ETH.size)
  return inner
}

function arpInfo(b: Bytes): PacketInfo {
  const arp = parseArp(b, ETH.size)
  const none = { proto: 'arp' as const, ports: [], ttl: undefined, payload: 0 }
  if (!arp.ok) return { ...none, ips: [], text: 'ARP' }
  const { op, spa, tpa, sha } = arp.value
  const ips = [formatIp4(spa), formatIp4(tpa)]
  const asks = op === ARP_REQUEST
  const text = asks
    ? `Who has ${formatIp4(tpa)}? Tell ${formatIp4(spa)}`
    : `${formatIp4(spa)} is at ${formatMac(sha)}`
  return { ...none, ips, text }
}

function tcpInfo(
  b: Bytes,
  at: number,
  end: number,
): Pick<PacketInfo, 'proto' | 'ports' | 'payload' | 'text'> {
  const ports = [read16(b, at + TCP.sport.at), read16(b, at + TCP.dport.at)]
  const payload = Math.max(0, Math.min(b.length, end) - at - tcpHeaderLength(b, at))
  return { proto: 'tcp', ports, payload, text: `${ports.join(' → ')}${payload > 0 ? `  ${payload} B` : ''}` }
}
