import { type Bytes, layout, read16, read32, write16, write32 } from '../base/bytes.ts'
import type { Ip4 } from '../base/ids.ts'

/** Link state advertisements (RFC 2328 A.4): header, router, network and AS-external LSAs. Metrics of other TOS are skipped. */
export const LSA = layout({ age: 2, options: 1, type: 1, id: 4, adv: 4, seq: 4, checksum: 2, length: 2 })

export const LSA_ROUTER = 1
export const LSA_NETWORK = 2
export const LSA_EXTERNAL = 5

/** Links of a router LSA. */
export const LINK_P2P = 1
export const LINK_TRANSIT = 2
export const LINK_STUB = 3

/** Sequence numbers are signed 32-bit numbers on the wire, kept as they stand in a trace: 0x80000001 comes first. */
export const SEQ_INITIAL = 0x80000001
export const SEQ_MAX = 0x7fffffff
export const MAX_AGE = 3600

export interface LsaHeader extends LsaId {
  /** Seconds, 0..3600. */
  age: number
  options: number
  seq: number
  checksum: number
  /** Bytes with the header. */
  length: number
}

interface LsaId {
  type: number
  id: Ip4
  adv: Ip4
}

export interface RouterLink {
  type: number
  id: Ip4
  data: Ip4
  metric: number
}

interface RouterLsa {
  /** Bits: 1 = border, 2 = external (boundary), 4 = virtual link end. */
  flags: number
  links: RouterLink[]
}

interface NetworkLsa {
  mask: number
  routers: Ip4[]
}

interface ExternalLsa {
  mask: number
  /** 1 or 2. */
  metricType: number
  metric: number
  forward: Ip4
  tag: number
}

export function readLsaHeader(b: Bytes, at = 0): LsaHeader {
  return {
    age: read16(b, at),
    options: b[at + LSA.options.at] ?? 0,
    type: b[at + LSA.type.at] ?? 0,
    id: read32(b, at + LSA.id.at) as Ip4,
    adv: read32(b, at + LSA.adv.at) as Ip4,
    seq: read32(b, at + LSA.seq.at),
    checksum: read16(b, at + LSA.checksum.at),
    length: read16(b, at + LSA.length.at),
  }
}

/** The body of a router LSA that parseOspf has let pass. */
export function readRouterLsa(b: Bytes): RouterLsa {
  const links: RouterLink[] = []
  for (let p = LSA.size + 4; p + 12 <= b.length; p += 12 + 4 * (b[p + 9] ?? 0)) {
    links.push({
      type: b[p + 8] ?? 0,
      id: read32(b, p) as Ip4,
      data: read32(b, p + 4) as Ip4,
      metric: read16(b, p + 10),
    })
  }
  return { flags: b[LSA.size] ?? 0, links }
}

export function readNetworkLsa(b: Bytes): NetworkLsa {
  const routers: Ip4[] = []
  for (let p = LSA.size + 4; p + 4 <= b.length; p += 4) routers.push(read32(b, p) as Ip4)
  return { mask: read32(b, LSA.size), routers }
}

export function readExternalLsa(b: Bytes): ExternalLsa {
  const word = read32(b, LSA.size + 4)
  return {
    mask: read32(b, LSA.size),
    metricType: word >>> 31 === 1 ? 2 : 1,
    metric: word & 0xffffff,
    forward: read32(b, LSA.size + 8) as Ip4,
    tag: read32(b, LSA.size + 12),
  }
}

export function emitRouterBody(lsa: RouterLsa): Bytes {
  const b = new Uint8Array(4 + 12 * lsa.links.length)
  b[0] = lsa.flags
  write16(b, 2, lsa.links.length)
  lsa.links.forEach((link, i) => {
    const at = 4 + 12 * i
    write32(b, at, link.id)
    write32(b, at + 4, link.data)
    b[at + 8] = link.type
    write16(b, at + 10, link.metric)
  })
  return b
}

export function emitNetworkBody(lsa: NetworkLsa): Bytes {
  const b = new Uint8Array(4 + 4 * lsa.routers.length)
  write32(b, 0, lsa.mask)
  lsa.routers.forEach((router, i) => write32(b, 4 + 4 * i, router))
  return b
}

export function emitExternalBody(lsa: ExternalLsa): Bytes {
  const b = new Uint8Array(16)
  write32(b, 0, lsa.mask)
  write32(b, 4, ((lsa.metricType === 2 ? 0x80000000 : 0) | (lsa.metric & 0xffffff)) >>> 0)
  write32(b, 8, lsa.forward)
  write32(b, 12, lsa.tag)
  return b
}

/** A whole LSA of age 0 around a body, with its Fletcher checksum. */
export function emitLsa(header: LsaId & { options: number; seq: number }, body: Bytes): Bytes {
  const b = new Uint8Array(LSA.size + body.length)
  b[LSA.options.at] = header.options
  b[LSA.type.at] = header.type
  write32(b, LSA.id.at, header.id)
  write32(b, LSA.adv.at, header.adv)
  write32(b, LSA.seq.at, header.seq)
  write16(b, LSA.length.at, b.length)
  b.set(body, LSA.size)
  write16(b, LSA.checksum.at, fletcher(b, LSA.checksum.at))
  return b
}

/** Without the age, which changes on the way (RFC 2328 12.1.7). */
export function lsaChecksumOk(b: Bytes): boolean {
  const { c0, c1 } = sums(b, -1)
  return c0 === 0 && c1 === 0
}

/** Checksum of RFC 1008 / ISO 8473 over an LSA without its age; the field at `field` counts as 0. */
function fletcher(b: Bytes, field: number): number {
  const { c0, c1 } = sums(b, field)
  const behind = b.length - field - 1
  let x = (behind * c0 - c1) % 255
  if (x <= 0) x += 255
  let y = 510 - c0 - x
  if (y > 255) y -= 255
  return (x << 8) | y
}

function sums(b: Bytes, skip: number): { c0: number; c1: number } {
  let c0 = 0
  let c1 = 0
  for (let i = 2; i < b.length; i++) {
    if (i !== skip && i !== skip + 1) c0 += b[i] ?? 0
    c0 %= 255
    c1 = (c1 + c0) % 255
  }
  return { c0, c1 }
}
