import { type Bytes, layout, read16, read32, read48, write16, write32, write48 } from '../base/bytes.ts'
import type { Ip4, Mac } from '../base/ids.ts'
import { bad, ok, type Result } from '../base/result.ts'
import { emitEthernet, ETH, ETH_P_ARP, ETH_P_IP } from './ethernet.ts'

/** RFC 826. One table names every offset: parse, emit and the byte inspector all read it. */
export const ARP = layout({ htype: 2, ptype: 2, hlen: 1, plen: 1, op: 2, sha: 6, spa: 4, tha: 6, tpa: 4 })
export const ARP_REQUEST = 1
export const ARP_REPLY = 2

export interface Arp {
  op: number
  sha: Mac
  spa: Ip4
  tha: Mac
  tpa: Ip4
}

/** ARP for IPv4 over Ethernet, starting at `at`. Errors: 'arp.short', 'arp.family' (other hardware or protocol). */
export function parseArp(b: Bytes, at: number): Result<Arp, 'arp.short' | 'arp.family'> {
  if (b.length < at + ARP.size) return bad('arp.short')
  const isEthernet = read16(b, at + ARP.htype.at) === 1 && b[at + ARP.hlen.at] === 6
  const isIpv4 = read16(b, at + ARP.ptype.at) === ETH_P_IP && b[at + ARP.plen.at] === 4
  if (!isEthernet || !isIpv4) return bad('arp.family')
  return ok({
    op: read16(b, at + ARP.op.at),
    sha: read48(b, at + ARP.sha.at) as Mac,
    spa: read32(b, at + ARP.spa.at) as Ip4,
    tha: read48(b, at + ARP.tha.at) as Mac,
    tpa: read32(b, at + ARP.tpa.at) as Ip4,
  })
}

/** `into` holds 28 bytes from `at` on and may be dirty: every byte of the message is written. */
export function emitArp(arp: Arp, into: Bytes, at: number): void {
  write16(into, at + ARP.htype.at, 1)
  write16(into, at + ARP.ptype.at, ETH_P_IP)
  into[at + ARP.hlen.at] = 6
  into[at + ARP.plen.at] = 4
  write16(into, at + ARP.op.at, arp.op)
  write48(into, at + ARP.sha.at, arp.sha)
  write32(into, at + ARP.spa.at, arp.spa)
  write48(into, at + ARP.tha.at, arp.tha)
  write32(into, at + ARP.tpa.at, arp.tpa)
}

/** A whole ARP frame of 42 bytes: Linux hands no padding to the driver, and a virtual link adds none (golden A1). */
export function arpFrame(eth: { dst: Mac; src: Mac }, arp: Arp): Bytes {
  const frame = new Uint8Array(ETH.size + ARP.size)
  emitEthernet({ dst: eth.dst, src: eth.src, type: ETH_P_ARP }, frame)
  emitArp(arp, frame, ETH.size)
  return frame
}
