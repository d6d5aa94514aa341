import { type Bytes, layout, read16, read48, write16, write48 } from '../base/bytes.ts'
import type { Mac } from '../base/ids.ts'
import { bad, ok, type Result } from '../base/result.ts'

/** Ethernet II (IEEE 802.3, 3.1.1 with a type field). No VLAN tag, no 802.3 length frames, no FCS: as a capture sees it. */
export const ETH = layout({ dst: 6, src: 6, type: 2 })

/** EtherTypes, named as in linux/if_ether.h. */
export const ETH_P_IP = 0x0800
export const ETH_P_ARP = 0x0806

export interface Ethernet {
  dst: Mac
  src: Mac
  type: number
}

/** Error 'eth.short' for less than 14 bytes. */
export function parseEthernet(b: Bytes): Result<Ethernet, 'eth.short'> {
  if (b.length < ETH.size) return bad('eth.short')
  return ok({ dst: ethDst(b), src: ethSrc(b), type: ethType(b) })
}

/** Write the 14 bytes at the start of `into`, which may be dirty. */
export function emitEthernet(eth: Ethernet, into: Bytes): void {
  write48(into, ETH.dst.at, eth.dst)
  write48(into, ETH.src.at, eth.src)
  write16(into, ETH.type.at, eth.type)
}

export function ethDst(b: Bytes): Mac {
  return read48(b, ETH.dst.at) as Mac
}

export function ethSrc(b: Bytes): Mac {
  return read48(b, ETH.src.at) as Mac
}

export function ethType(b: Bytes): number {
  return read16(b, ETH.type.at)
}
