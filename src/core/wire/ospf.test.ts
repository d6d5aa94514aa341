import fc from 'fast-check'
import { expect, test } from 'vitest'
import a4 from '../../testing/fixtures/ospf-a4.json' with { type: 'json' }
import { type Bytes, bytesOfHex, hexOf, write16 } from '../base/bytes.ts'
import { checksum16 } from '../base/checksum.ts'
import type { Ip4 } from '../base/ids.ts'
import {
  emitExternalBody,
  emitLsa,
  emitNetworkBody,
  emitRouterBody,
  lsaChecksumOk,
  readExternalLsa,
  readLsaHeader,
  readNetworkLsa,
  readRouterLsa,
} from './ospf-lsa.ts'
import { emitOspf, type OspfBody, parseOspf } from './ospf.ts'

const u8 = fc.nat(0xff)
const u16 = fc.nat(0xffff)
const u32 = fc.nat(0xffffffff)
const ip4 = u32.map((n) => n as Ip4)

const lsaId = { id: ip4, adv: ip4, options: u8, seq: u32 }
const link = fc.record({ type: fc.integer({ min: 1, max: 4 }), id: ip4, data: ip4, metric: u16 })
const router = fc.record({ flags: u8, links: fc.array(link, { maxLength: 12 }) })
const network = fc.record({ mask: u32, routers: fc.array(ip4, { minLength: 1, maxLength: 12 }) })
const external = fc.record({
  mask: u32,
  metricType: fc.constantFrom(1, 2),
  metric: fc.nat(0xffffff),
  forward: ip4,
  tag: u32,
})

const routerLsa = fc
  .record({ ...lsaId, body: router })
  .map(({ body, ...id }) => emitLsa({ ...id, type: 1 }, emitRouterBody(body)))
const networkLsa = fc
  .record({ ...lsaId, body: network })
  .map(({ body, ...id }) => emitLsa({ ...id, type: 2 }, emitNetworkBody(body)))
const anyLsa = fc.oneof(routerLsa, networkLsa)
const header = anyLsa.map((bytes) => readLsaHeader(bytes))

const body: fc.Arbitrary<OspfBody> = fc.oneof(
  fc.record({
    kind: fc.constant('hello' as const),
    mask: u32,
    interval: u16,
    options: u8,
    priority: u8,
    dead: u32,
    dr: ip4,
    bdr: ip4,
    neighbors: fc.array(ip4, { maxLength: 20 }),
  }),
  fc.record({
    kind: fc.constant('dd' as const),
    mtu: u16,
    options: u8,
    flags: u8,
    seq: u32,
    headers: fc.array(header, { maxLength: 8 }),
  }),
  fc.record({
    kind: fc.constant('lsr' as const),
    keys: fc.array(fc.record({ type: u32, id: ip4, adv: ip4 }), { maxLength: 8 }),
  }),
  fc.record({ kind: fc.constant('lsu' as const), lsas: fc.array(anyLsa, { minLength: 1, maxLength: 8 }) }),
  fc.record({ kind: fc.constant('lsack' as const), headers: fc.array(header, { maxLength: 8 }) }),
)

const TYPE = { hello: 1, dd: 2, lsr: 3, lsu: 4, lsack: 5 } as const

test('what is emitted is parsed as it was, at any place in a buffer', () => {
  fc.assert(
    fc.property(body, ip4, ip4, fc.nat(40), (content, id, area, at) => {
      const bytes = emitOspf({ type: TYPE[content.kind], router: id, area }, content)
      const buffer = new Uint8Array(at + bytes.length + 7).fill(0xa5)
      buffer.set(bytes, at)
      const parsed = parseOspf(buffer, at, at + bytes.length)
      expect(parsed).toEqual({
        ok: true,
        value: { header: { type: TYPE[content.kind], router: id, area }, body: content },
      })
    }),
  )
})

test('an LSA keeps its body, and any change of a byte but the age shows in its checksum', () => {
  fc.assert(
    fc.property(anyLsa, fc.nat(), fc.integer({ min: 1, max: 254 }), (bytes, place, change) => {
      expect(lsaChecksumOk(bytes)).toBe(true)
      const aged = bytes.slice()
      write16(aged, 0, 1234)
      expect(lsaChecksumOk(aged)).toBe(true)
      const broken = bytes.slice()
      const at = 2 + (place % (bytes.length - 2))
      broken[at] = ((broken[at] ?? 0) + change) & 0xff
      // 0 and 255 are the same number to a Fletcher checksum.
      fc.pre((bytes[at] ?? 0) % 255 !== (broken[at] ?? 0) % 255)
      expect(lsaChecksumOk(broken)).toBe(false)
    }),
  )
  fc.assert(
    fc.property(router, network, external, (r, n, e) => {
      const id = { id: 1 as Ip4, adv: 2 as Ip4, options: 2, seq: 0x80000001 }
      expect(readRouterLsa(emitLsa({ ...id, type: 1 }, emitRouterBody(r)))).toEqual(r)
      expect(readNetworkLsa(emitLsa({ ...id, type: 2 }, emitNetworkBody(n)))).toEqual(n)
      expect(readExternalLsa(emitLsa({ ...id, type: 5 }, emitExternalBody(e)))).toEqual(e)
    }),
  )
})

test.each(Object.entries(a4.wire))('a real %s is read and written back byte for byte', (kind, hex) => {
  const bytes = bytesOfHex(hex)
  const parsed = parseOspf(bytes, 0, bytes.length)
  if (!parsed.ok) throw new Error(parsed.error)
  expect(parsed.value.body.kind).toBe(kind)
  expect(hexOf(emitOspf(parsed.value.header, parsed.value.body))).toBe(hex)
  if (parsed.value.body.kind !== 'lsu') return
  for (const lsa of parsed.value.body.lsas) {
    expect(lsaChecksumOk(lsa)).toBe(true)
    const { type, id, adv, options, seq, checksum } = readLsaHeader(lsa)
    const content = type === 1 ? emitRouterBody(readRouterLsa(lsa)) : emitNetworkBody(readNetworkLsa(lsa))
    expect(readLsaHeader(emitLsa({ type, id, adv, options, seq }, content)).checksum).toBe(checksum)
  }
})

test.each([
  ['short', (b: Bytes) => b.subarray(0, 23)],
  ['version', (b: Bytes) => set(b, 0, 3)],
  ['type', (b: Bytes) => set(b, 1, 6)],
  ['length', (b: Bytes) => set(b, 3, 0xff)],
  ['body', (b: Bytes) => set(b, 3, 0x32)],
  ['auth', (b: Bytes) => set(b, 15, 1)],
  ['checksum', (b: Bytes) => set(b, 30, 0x77)],
] as const)('a Hello with a wrong %s is refused for that', (why, spoil) => {
  const spoilt = spoil(bytesOfHex(a4.wire.hello))
  expect(parseOspf(spoilt, 0, spoilt.length)).toEqual({ ok: false, error: why })
})

function set(b: Bytes, at: number, value: number): Bytes {
  b[at] = value
  return b
}

test('a router LSA whose links do not add up is refused', () => {
  const bytes = bytesOfHex(a4.wire.lsu)
  bytes[24 + 4 + 20 + 3] = 3
  write16(bytes, 12, 0)
  write16(bytes, 12, checksum16(bytes, 0, bytes.length))
  expect(parseOspf(bytes, 0, bytes.length)).toEqual({ ok: false, error: 'lsa' })
})

test('random bytes never throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(5), (bytes, type) => {
      const b = Uint8Array.from(bytes)
      if (b.length > 3) {
        b[0] = 2
        b[1] = type
        write16(b, 2, b.length)
      }
      expect(typeof parseOspf(b, 0, b.length).ok).toBe('boolean')
    }),
    { numRuns: 5000 },
  )
})
