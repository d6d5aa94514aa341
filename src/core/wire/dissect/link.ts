import type { Bytes } from '../../base/bytes.ts'
import { ARP, ARP_REPLY, ARP_REQUEST } from '../arp.ts'
import { ETH, ETH_P_ARP, ETH_P_IP, ethType } from '../ethernet.ts'
import {
  addIp,
  addMac,
  addNumber,
  closeLayer,
  type Dissected,
  hex,
  type LayerProto,
  openLayer,
  type Part,
} from './layer.ts'

/** Names of EtherTypes that may be seen; others are shown as a number. */
const ETHER_TYPES: Record<number, string> = {
  [ETH_P_IP]: 'IPv4',
  [ETH_P_ARP]: 'ARP',
  0x86dd: 'IPv6',
  0x8100: 'VLAN',
}

export function dissectEthernet(b: Bytes, part: Part): Dissected {
  const r = openLayer(b, part, 'Ethernet II')
  addMac(r, 'eth.dst', part.at + ETH.dst.at)
  addMac(r, 'eth.src', part.at + ETH.src.at)
  addNumber(r, 'eth.type', part.at + ETH.type.at, 2, (type) => named(ETHER_TYPES[type], hex(4)(type)))
  const whole = r.end >= part.at + ETH.size
  const type = whole ? ethType(b) : 0
  const proto: LayerProto = type === ETH_P_IP ? 'ip' : type === ETH_P_ARP ? 'arp' : 'data'
  const next: Part = { proto, at: part.at + ETH.size, end: part.end, depth: part.depth, ipAt: -1 }
  return { layer: closeLayer(r, ETH.size), next: [next] }
}

const ARP_OPS: Record<number, string> = { [ARP_REQUEST]: 'request', [ARP_REPLY]: 'reply' }

export function dissectArp(b: Bytes, part: Part): Dissected {
  const at = part.at
  const op = (b[at + ARP.op.at] ?? 0) * 256 + (b[at + ARP.op.at + 1] ?? 0)
  const r = openLayer(b, part, `ARP ${ARP_OPS[op] ?? ''}`.trim())
  addNumber(r, 'arp.hw.type', at + ARP.htype.at, 2, (type) =>
    named(type === 1 ? 'Ethernet' : undefined, String(type)),
  )
  addNumber(r, 'arp.proto.type', at + ARP.ptype.at, 2, (type) => named(ETHER_TYPES[type], hex(4)(type)))
  addNumber(r, 'arp.hw.size', at + ARP.hlen.at, 1)
  addNumber(r, 'arp.proto.size', at + ARP.plen.at, 1)
  addNumber(r, 'arp.opcode', at + ARP.op.at, 2, (value) => named(ARP_OPS[value], String(value)))
  if (b[at + ARP.hlen.at] === 6 && b[at + ARP.plen.at] === 4) {
    addMac(r, 'arp.src.hw_mac', at + ARP.sha.at)
    addIp(r, 'arp.src.proto_ipv4', at + ARP.spa.at)
    addMac(r, 'arp.dst.hw_mac', at + ARP.tha.at)
    addIp(r, 'arp.dst.proto_ipv4', at + ARP.tpa.at)
  }
  const next: Part = { ...part, proto: 'data', at: at + ARP.size }
  return { layer: closeLayer(r, ARP.size), next: [next] }
}

/** 'IPv4 (0x0800)', or the bare number. */
function named(name: string | undefined, number: string): string {
  return name === undefined ? number : `${name} (${number})`
}
