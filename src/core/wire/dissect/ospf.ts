import { type Bytes, read16, read32 } from '../../base/bytes.ts'
import { LSA } from '../ospf-lsa.ts'
import { OSPF, OSPF_DD, OSPF_HELLO, OSPF_LSR, ospfChecksumOk } from '../ospf.ts'
import {
  addIp,
  addNumber,
  closeLayer,
  type Dissected,
  hex,
  noteField,
  openLayer,
  type Part,
  type Reader,
} from './layer.ts'

/** OSPFv2 (RFC 2328 A.3, A.4) under tshark's names. LSAs of other types than router, network and external: header alone. */

/** In tshark's and tcpdump's words. */
export const OSPF_TYPES = ['', 'Hello', 'Database Description', 'LS-Request', 'LS-Update', 'LS-Ack'] as const

const LSA_TYPES: Record<number, string> = {
  1: 'Router-LSA',
  2: 'Network-LSA',
  3: 'Summary-LSA (IP network)',
  4: 'Summary-LSA (ASBR)',
  5: 'AS-External-LSA (ASBR)',
  7: 'NSSA AS-External-LSA',
}

const LINK_TYPES: Record<number, string> = {
  1: 'Point-to-point connection to another router',
  2: 'Connection to a transit network',
  3: 'Connection to a stub network',
  4: 'Virtual link',
}

export function dissectOspf(b: Bytes, part: Part): Dissected {
  const at = part.at
  const type = b[at + OSPF.type.at] ?? 0
  const r = openLayer(b, part, `OSPF ${OSPF_TYPES[type] ?? ''}`.trim())
  addNumber(r, 'ospf.version', at + OSPF.version.at, 1)
  addNumber(r, 'ospf.msg', at + OSPF.type.at, 1, (n) => `${OSPF_TYPES[n] ?? 'unknown'} (${n})`)
  addNumber(r, 'ospf.packet_length', at + OSPF.length.at, 2)
  addIp(r, 'ospf.srcrouter', at + OSPF.router.at)
  addIp(r, 'ospf.area_id', at + OSPF.area.at)
  addNumber(r, 'ospf.checksum', at + OSPF.checksum.at, 2, hex(4))
  addNumber(r, 'ospf.auth.type', at + OSPF.authType.at, 2)
  addNumber(r, 'ospf.auth.data', at + OSPF.auth1.at, 4, hex(8))
  addNumber(r, 'ospf.auth.data', at + OSPF.auth2.at, 4, hex(8))
  const stated = at + read16(b, at + OSPF.length.at)
  const stop = Math.min(stated, r.end)
  if (stated > r.end || stated < at + OSPF.size) noteField(r, 'ospf.packet_length', 'bad length')
  else if (read16(b, at + OSPF.authType.at) === 0 && !ospfChecksumOk(b, at, stop)) {
    noteField(r, 'ospf.checksum', 'bad checksum')
  }
  const body = BODIES[type]
  const end = body && stop >= at + OSPF.size ? body(r, at + OSPF.size, stop) : at + OSPF.size
  return { layer: closeLayer(r, end - at), next: [{ ...part, proto: 'data', at: end }] }
}

/** Adds the fields of a body b[at, end) and returns where they end. */
const BODIES: Record<number, ((r: Reader, at: number, end: number) => number) | undefined> = {
  1: addHello,
  2: addDbDesc,
  3: addRequest,
  4: addUpdate,
  5: addHeaders,
}

function addHello(r: Reader, at: number, end: number): number {
  addIp(r, 'ospf.hello.network_mask', at + OSPF_HELLO.mask.at)
  addNumber(r, 'ospf.hello.hello_interval', at + OSPF_HELLO.interval.at, 2)
  addNumber(r, 'ospf.v2.options', at + OSPF_HELLO.options.at, 1, optionWords)
  addNumber(r, 'ospf.hello.router_priority', at + OSPF_HELLO.priority.at, 1)
  addNumber(r, 'ospf.hello.router_dead_interval', at + OSPF_HELLO.dead.at, 4)
  addIp(r, 'ospf.hello.designated_router', at + OSPF_HELLO.dr.at)
  addIp(r, 'ospf.hello.backup_designated_router', at + OSPF_HELLO.bdr.at)
  let p = at + OSPF_HELLO.size
  for (; p + 4 <= end; p += 4) addIp(r, 'ospf.hello.active_neighbor', p)
  return p
}

function addDbDesc(r: Reader, at: number, end: number): number {
  addNumber(r, 'ospf.db.interface_mtu', at + OSPF_DD.mtu.at, 2)
  addNumber(r, 'ospf.v2.options', at + OSPF_DD.options.at, 1, optionWords)
  addNumber(r, 'ospf.dbd', at + OSPF_DD.flags.at, 1, (n) =>
    words(n, [
      [4, '(I) Init'],
      [2, '(M) More'],
      [1, '(MS) Master'],
    ]),
  )
  addNumber(r, 'ospf.db.dd_sequence', at + OSPF_DD.seq.at, 4)
  return addHeaders(r, at + OSPF_DD.size, end)
}

function addRequest(r: Reader, at: number, end: number): number {
  let p = at
  for (; p + OSPF_LSR.size <= end; p += OSPF_LSR.size) {
    addNumber(r, 'ospf.lsa', p + OSPF_LSR.type.at, 4, lsaType)
    addIp(r, 'ospf.link_state_id', p + OSPF_LSR.id.at)
    addIp(r, 'ospf.advrouter', p + OSPF_LSR.adv.at)
  }
  return p
}

function addUpdate(r: Reader, at: number, end: number): number {
  addNumber(r, 'ospf.ls.number_of_lsas', at, 4)
  let p = at + 4
  for (let left = read32(r.b, at); left > 0 && p + LSA.size <= end; left--) {
    addHeader(r, p)
    const length = read16(r.b, p + LSA.length.at)
    const stop = Math.min(end, p + length)
    if (length < LSA.size || p + length > end) noteField(r, 'ospf.lsa.length', 'bad length')
    LSA_BODIES[r.b[p + LSA.type.at] ?? 0]?.(r, p + LSA.size, stop)
    p = Math.max(stop, p + LSA.size)
  }
  return p
}

function addHeaders(r: Reader, at: number, end: number): number {
  let p = at
  for (; p + LSA.size <= end; p += LSA.size) addHeader(r, p)
  return p
}

function addHeader(r: Reader, at: number): void {
  addNumber(r, 'ospf.lsa.age', at + LSA.age.at, 2, (n) => `${n & 0x7fff} s`)
  addNumber(r, 'ospf.v2.options', at + LSA.options.at, 1, optionWords)
  addNumber(r, 'ospf.lsa', at + LSA.type.at, 1, lsaType)
  addIp(r, 'ospf.lsa.id', at + LSA.id.at)
  addIp(r, 'ospf.advrouter', at + LSA.adv.at)
  addNumber(r, 'ospf.lsa.seqnum', at + LSA.seq.at, 4, hex(8))
  addNumber(r, 'ospf.lsa.chksum', at + LSA.checksum.at, 2, hex(4))
  addNumber(r, 'ospf.lsa.length', at + LSA.length.at, 2)
}

const LSA_BODIES: Record<number, ((r: Reader, at: number, end: number) => void) | undefined> = {
  1: addRouter,
  2: addNetwork,
  5: addExternal,
}

function addRouter(r: Reader, at: number, end: number): void {
  addNumber(r, 'ospf.v2.router.lsa.flags', at, 1, (n) =>
    words(n, [
      [4, '(V) Virtual link endpoint'],
      [2, '(E) AS boundary router'],
      [1, '(B) Area border router'],
    ]),
  )
  // A byte without meaning, which tshark leaves out.
  addNumber(r, 'ospf.v2.router.lsa.reserved', at + 1, 1, hex(2))
  addNumber(r, 'ospf.lsa.number_of_links', at + 2, 2)
  for (let p = at + 4; p + 12 <= end; p += 12 + 4 * (r.b[p + 9] ?? 0)) {
    addIp(r, 'ospf.lsa.router.linkid', p)
    addIp(r, 'ospf.lsa.router.linkdata', p + 4)
    addNumber(
      r,
      'ospf.lsa.router.linktype',
      p + 8,
      1,
      (n) => `${n} - ${LINK_TYPES[n] ?? 'Unknown link type'}`,
    )
    addNumber(r, 'ospf.lsa.router.nummetrics', p + 9, 1, (n) => `${n} - TOS`)
    addNumber(r, 'ospf.lsa.router.metric0', p + 10, 2)
  }
}

function addNetwork(r: Reader, at: number, end: number): void {
  addIp(r, 'ospf.lsa.network.netmask', at)
  for (let p = at + 4; p + 4 <= end; p += 4) addIp(r, 'ospf.lsa.network.attchrtr', p)
}

function addExternal(r: Reader, at: number, end: number): void {
  if (end < at + 16) return
  addIp(r, 'ospf.lsa.asext.netmask', at)
  addNumber(r, 'ospf.lsa.asext.metric', at + 4, 4, (n) => `${n & 0xffffff}, type ${n >>> 31 === 1 ? 2 : 1}`)
  addIp(r, 'ospf.lsa.asext.fwdaddr', at + 8)
  addNumber(r, 'ospf.lsa.asext.extrttag', at + 12, 4)
}

function lsaType(n: number): string {
  return `${LSA_TYPES[n] ?? 'Unknown'} (${n})`
}

function optionWords(n: number): string {
  return words(n, [
    [0x80, 'DN'],
    [0x40, 'O'],
    [0x20, '(DC) Demand Circuits'],
    [0x10, '(L) LLS Data block'],
    [0x08, '(N) NSSA'],
    [0x04, '(MC) Multicast'],
    [0x02, '(E) External Routing'],
    [0x01, '(MT) Multi-Topology Routing'],
  ])
}

/** '0x07, (I) Init, (M) More, (MS) Master'. */
function words(value: number, bits: readonly (readonly [number, string])[]): string {
  const set = bits.filter(([bit]) => (value & bit) !== 0).map(([, word]) => word)
  return [hex(2)(value), ...set].join(', ')
}
