import { type Bytes, layout, read16, read32, write16, write32 } from '../base/bytes.ts'
import { checksum16, sum16 } from '../base/checksum.ts'
import type { Ip4 } from '../base/ids.ts'
import { bad, ok, type Result } from '../base/result.ts'
import { LSA, type LsaHeader, readLsaHeader } from './ospf-lsa.ts'

/**
 * OSPFv2 packets (RFC 2328 A.3), without authentication, and without the link-local block (RFC 5613): FRR sends none. A packet
 * is examined as a whole, as ospf_packet_examin does, so that what is handed on can be read without further checks.
 */
export const OSPF = layout({
  version: 1,
  type: 1,
  length: 2,
  router: 4,
  area: 4,
  checksum: 2,
  authType: 2,
  auth1: 4,
  auth2: 4,
})
export const OSPF_HELLO = layout({ mask: 4, interval: 2, options: 1, priority: 1, dead: 4, dr: 4, bdr: 4 })
export const OSPF_DD = layout({ mtu: 2, options: 1, flags: 1, seq: 4 })
/** One entry of a link state request. */
export const OSPF_LSR = layout({ type: 4, id: 4, adv: 4 })

const MSG_HELLO = 1
const MSG_DD = 2
const MSG_LS_REQ = 3
const MSG_LS_UPD = 4

export const ALL_SPF_ROUTERS = 0xe0000005 as Ip4
export const ALL_D_ROUTERS = 0xe0000006 as Ip4

/** Options: E-bit, external LSAs are taken (RFC 2328 A.2); the MT-bit must be 0. */
export const OPT_E = 0x02
export const OPT_MT = 0x01

/** Bits of a database description. */
export const DD_MS = 1
export const DD_M = 2
export const DD_I = 4

/** Bytes of body that must be there. */
const MIN_BODY = [0, OSPF_HELLO.size, OSPF_DD.size, 0, 4, 0] as const

export interface OspfHeader {
  type: number
  router: Ip4
  area: Ip4
}

export interface Hello {
  mask: number
  /** Seconds. */
  interval: number
  options: number
  priority: number
  /** Seconds. */
  dead: number
  dr: Ip4
  bdr: Ip4
  neighbors: Ip4[]
}

export interface DbDesc {
  mtu: number
  options: number
  flags: number
  seq: number
  headers: LsaHeader[]
}

export interface LsaKey {
  type: number
  id: Ip4
  adv: Ip4
}

export type OspfBody =
  | ({ kind: 'hello' } & Hello)
  | ({ kind: 'dd' } & DbDesc)
  | { kind: 'lsr'; keys: LsaKey[] }
  /** Each LSA is a view into the packet. */
  | { kind: 'lsu'; lsas: Bytes[] }
  | { kind: 'lsack'; headers: LsaHeader[] }

type OspfError = 'short' | 'version' | 'length' | 'type' | 'body' | 'lsa' | 'auth' | 'checksum'

/** The OSPF packet b[at, end). Bytes behind the length it states are left alone (ospf_packet_examin, ospf_check_auth). */
export function parseOspf(
  b: Bytes,
  at: number,
  end: number,
): Result<{ header: OspfHeader; body: OspfBody }, OspfError> {
  const stop = Math.min(end, b.length)
  if (stop - at < OSPF.size) return bad('short')
  if (b[at] !== 2) return bad('version')
  const type = b[at + OSPF.type.at] ?? 0
  const length = read16(b, at + OSPF.length.at)
  if (at + length > stop) return bad('length')
  const least = MIN_BODY[type]
  if (type === 0 || least === undefined) return bad('type')
  if (length < OSPF.size + least) return bad('length')
  const body = parseBody(b, type, at + OSPF.size, at + length)
  if (!body.ok) return body
  if (read16(b, at + OSPF.authType.at) !== 0) return bad('auth')
  if (!ospfChecksumOk(b, at, at + length)) return bad('checksum')
  const router = read32(b, at + OSPF.router.at) as Ip4
  return ok({ header: { type, router, area: read32(b, at + OSPF.area.at) as Ip4 }, body: body.value })
}

/** Covers the packet without the authentication data (RFC 2328 D.4.1). */
export function ospfChecksumOk(b: Bytes, at: number, end: number): boolean {
  return sum16(b, at + OSPF.size, end, sum16(b, at, at + OSPF.auth1.at)) === 0xffff
}

/** A whole packet, checksum included. */
export function emitOspf(header: OspfHeader, body: OspfBody): Bytes {
  const content = emitBody(body)
  const b = new Uint8Array(OSPF.size + content.length)
  b[0] = 2
  b[OSPF.type.at] = header.type
  write16(b, OSPF.length.at, b.length)
  write32(b, OSPF.router.at, header.router)
  write32(b, OSPF.area.at, header.area)
  b.set(content, OSPF.size)
  write16(b, OSPF.checksum.at, checksum16(b, 0, b.length))
  return b
}

function parseBody(b: Bytes, type: number, at: number, end: number): Result<OspfBody, OspfError> {
  if (type === MSG_HELLO) return parseHello(b, at, end)
  if (type === MSG_DD) return parseDbDesc(b, at, end)
  if (type === MSG_LS_REQ) return parseRequest(b, at, end)
  if (type === MSG_LS_UPD) return parseUpdate(b, at, end)
  const headers = readHeaders(b, at, end)
  return headers ? ok({ kind: 'lsack', headers }) : bad('lsa')
}

function parseHello(b: Bytes, at: number, end: number): Result<OspfBody, OspfError> {
  const rest = end - at - OSPF_HELLO.size
  if (rest % 4 !== 0) return bad('body')
  const neighbors: Ip4[] = []
  for (let p = at + OSPF_HELLO.size; p < end; p += 4) neighbors.push(read32(b, p) as Ip4)
  return ok({
    kind: 'hello',
    mask: read32(b, at),
    interval: read16(b, at + OSPF_HELLO.interval.at),
    options: b[at + OSPF_HELLO.options.at] ?? 0,
    priority: b[at + OSPF_HELLO.priority.at] ?? 0,
    dead: read32(b, at + OSPF_HELLO.dead.at),
    dr: read32(b, at + OSPF_HELLO.dr.at) as Ip4,
    bdr: read32(b, at + OSPF_HELLO.bdr.at) as Ip4,
    neighbors,
  })
}

function parseDbDesc(b: Bytes, at: number, end: number): Result<OspfBody, OspfError> {
  const headers = readHeaders(b, at + OSPF_DD.size, end)
  if (!headers) return bad('lsa')
  return ok({
    kind: 'dd',
    mtu: read16(b, at),
    options: b[at + OSPF_DD.options.at] ?? 0,
    flags: b[at + OSPF_DD.flags.at] ?? 0,
    seq: read32(b, at + OSPF_DD.seq.at),
    headers,
  })
}

function parseRequest(b: Bytes, at: number, end: number): Result<OspfBody, OspfError> {
  if ((end - at) % OSPF_LSR.size !== 0) return bad('body')
  const keys: LsaKey[] = []
  for (let p = at; p < end; p += OSPF_LSR.size) {
    keys.push({ type: read32(b, p), id: read32(b, p + 4) as Ip4, adv: read32(b, p + 8) as Ip4 })
  }
  return ok({ kind: 'lsr', keys })
}

/** The number of LSAs stated must be the number there, except that 0 is let pass (ospf_lsaseq_examin). */
function parseUpdate(b: Bytes, at: number, end: number): Result<OspfBody, OspfError> {
  const lsas: Bytes[] = []
  for (let p = at + 4; p < end;) {
    const length = end - p < LSA.size ? 0 : read16(b, p + LSA.length.at)
    if (length < LSA.size || length > end - p || !lsaBodyOk(b, p, length, false)) return bad('lsa')
    lsas.push(b.subarray(p, p + length))
    p += length
  }
  const stated = read32(b, at)
  if (stated !== 0 && stated !== lsas.length) return bad('body')
  return ok({ kind: 'lsu', lsas: stated === 0 ? [] : lsas })
}

function readHeaders(b: Bytes, at: number, end: number): LsaHeader[] | undefined {
  const headers: LsaHeader[] = []
  for (let p = at; p < end; p += LSA.size) {
    if (end - p < LSA.size) return undefined
    const length = read16(b, p + LSA.length.at)
    if (length < LSA.size || !lsaBodyOk(b, p, length, true)) return undefined
    headers.push(readLsaHeader(b, p))
  }
  return headers
}

/** Shortest body by LSA type: router, network, summary, ASBR summary, external, (group), NSSA. */
const MIN_LSA_BODY = [0, 4, 8, 8, 8, 16, 0, 16]

/** ospf_lsa_examin: an LSA of a known type whose length fits its contents. With `headerOnly` the contents are not there. */
function lsaBodyOk(b: Bytes, at: number, length: number, headerOnly: boolean): boolean {
  const type = b[at + LSA.type.at] ?? 0
  const body = length - LSA.size
  if (body < (MIN_LSA_BODY[type] ?? 0)) return false
  if (type === 1) return (body - 4) % 4 === 0 && (headerOnly || linksOk(b, at + LSA.size, body))
  if (type === 5 || type === 7) return (body - 16) % 12 === 0
  if (type === 2 || type === 3 || type === 4 || (type >= 9 && type <= 11)) return length % 4 === 0
  return false
}

function linksOk(b: Bytes, at: number, body: number): boolean {
  let left = body - 4
  let counted = 0
  for (let p = at + 4; left >= 12; counted++) {
    const size = 12 + 4 * (b[p + 9] ?? 0)
    if (size > left) return false
    p += size
    left -= size
  }
  return counted === read16(b, at + 2)
}

function emitBody(body: OspfBody): Bytes {
  if (body.kind === 'hello') return emitHello(body)
  if (body.kind === 'dd') return emitDbDesc(body)
  if (body.kind === 'lsack') return emitHeaders(body.headers, 0)
  if (body.kind === 'lsr') {
    const b = new Uint8Array(body.keys.length * OSPF_LSR.size)
    body.keys.forEach((key, i) => {
      write32(b, i * 12, key.type)
      write32(b, i * 12 + 4, key.id)
      write32(b, i * 12 + 8, key.adv)
    })
    return b
  }
  const b = new Uint8Array(body.lsas.reduce((sum, lsa) => sum + lsa.length, 4))
  write32(b, 0, body.lsas.length)
  let at = 4
  for (const lsa of body.lsas) {
    b.set(lsa, at)
    at += lsa.length
  }
  return b
}

function emitHello(hello: Hello): Bytes {
  const b = new Uint8Array(OSPF_HELLO.size + 4 * hello.neighbors.length)
  write32(b, 0, hello.mask)
  write16(b, OSPF_HELLO.interval.at, hello.interval)
  b[OSPF_HELLO.options.at] = hello.options
  b[OSPF_HELLO.priority.at] = hello.priority
  write32(b, OSPF_HELLO.dead.at, hello.dead)
  write32(b, OSPF_HELLO.dr.at, hello.dr)
  write32(b, OSPF_HELLO.bdr.at, hello.bdr)
  hello.neighbors.forEach((id, i) => write32(b, OSPF_HELLO.size + 4 * i, id))
  return b
}

function emitDbDesc(dd: DbDesc): Bytes {
  const b = emitHeaders(dd.headers, OSPF_DD.size)
  write16(b, 0, dd.mtu)
  b[OSPF_DD.options.at] = dd.options
  b[OSPF_DD.flags.at] = dd.flags
  write32(b, OSPF_DD.seq.at, dd.seq)
  return b
}

function emitHeaders(headers: readonly LsaHeader[], offset: number): Bytes {
  const b = new Uint8Array(offset + headers.length * LSA.size)
  headers.forEach((header, i) => {
    const at = offset + i * LSA.size
    write16(b, at, header.age)
    b[at + LSA.options.at] = header.options
    b[at + LSA.type.at] = header.type
    write32(b, at + LSA.id.at, header.id)
    write32(b, at + LSA.adv.at, header.adv)
    write32(b, at + LSA.seq.at, header.seq)
    write16(b, at + LSA.checksum.at, header.checksum)
    write16(b, at + LSA.length.at, header.length)
  })
  return b
}
