import { type Bytes, read16, read32 } from '../../base/bytes.ts'
import { ETH, ethDst, ethSrc, ethType } from '../ethernet.ts'
import { IPV4, ipDst, ipHeaderLength, ipProto, ipSrc, PROTO_TCP, PROTO_UDP } from '../ipv4.ts'

/** What a filter looks at: a frame, and where its layers begin. Bytes behind the end read as absent. */
export interface Packet {
  b: Bytes
  /** Offset of the link header; -1 on a device that has none (a tunnel). */
  link: number
  /** EtherType. */
  type: number
  /** Offset behind the link header. */
  net: number
}

export type Test = (p: Packet) => boolean
/** A number of the packet; undefined: there are no such bytes, and every test of it fails. */
export type Value = (p: Packet) => number | undefined

export const ETH_IP = 0x0800
export const ETH_ARP = 0x0806
const TYPES_WITH_PORTS: readonly number[] = [PROTO_TCP, PROTO_UDP, 132]

/** `raw`: the bytes begin with the IP header. */
export function packetOf(b: Bytes, raw: boolean): Packet {
  return raw
    ? { b, link: -1, type: ETH_IP, net: 0 }
    : { b, link: 0, type: b.length < ETH.size ? -1 : ethType(b), net: ETH.size }
}

export function isIp({ b, type, net }: Packet): boolean {
  return type === ETH_IP && b.length >= net + IPV4.size
}

export function isArp({ b, type, net }: Packet): boolean {
  return type === ETH_ARP && b.length >= net + 28
}

export function isProto(p: Packet, proto: number): boolean {
  return isIp(p) && ipProto(p.b, p.net) === proto
}

/** Addresses of IP, or sender and target of ARP. */
export function addresses(p: Packet): [src: number, dst: number] | undefined {
  if (isIp(p)) return [ipSrc(p.b, p.net), ipDst(p.b, p.net)]
  if (isArp(p)) return [read32(p.b, p.net + 14), read32(p.b, p.net + 24)]
  return undefined
}

/** Ports of the first fragment of what has ports; `proto` 0 = any of these. */
export function ports(p: Packet, proto: number): [src: number, dst: number] | undefined {
  if (!isIp(p) || (read16(p.b, p.net + 6) & 0x1fff) !== 0) return undefined
  const found = ipProto(p.b, p.net)
  if (proto === 0 ? !TYPES_WITH_PORTS.includes(found) : found !== proto) return undefined
  const at = transport(p)
  return p.b.length < at + 4 ? undefined : [read16(p.b, at), read16(p.b, at + 2)]
}

export function transport({ b, net }: Packet): number {
  return net + ipHeaderLength(b, net)
}

export function macs({ b, link }: Packet): [src: number, dst: number] | undefined {
  return link < 0 || b.length < ETH.size ? undefined : [ethSrc(b), ethDst(b)]
}

/** `PROTO[at:size]`: 1, 2 or 4 bytes behind the beginning of a layer. */
export function bytesOf(base: (p: Packet) => number | undefined, at: Value, size: number): Value {
  return (p) => {
    const from = base(p)
    const offset = at(p)
    if (from === undefined || offset === undefined) return undefined
    const start = from + offset
    if (start < 0 || start + size > p.b.length) return undefined
    if (size === 1) return p.b[start]
    return size === 2 ? read16(p.b, start) : read32(p.b, start)
  }
}
