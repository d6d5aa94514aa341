import fc from 'fast-check'
import { expect, test } from 'vitest'
import a4 from '../../testing/fixtures/ospf-a4.json' with { type: 'json' }
import { type Bytes, bytesOfHex } from '../base/bytes.ts'
import type { Ip4 } from '../base/ids.ts'
import { dissect } from './dissect.ts'
import { emitIpv4 } from './ipv4.ts'

/** An OSPF packet in an IP packet, as a tunnel device would carry it. */
function inIp(ospf: Bytes): Bytes {
  const packet = new Uint8Array(20 + ospf.length)
  packet.set(ospf, 20)
  const [src, dst] = [0xac10fd81 as Ip4, 0xe0000005 as Ip4]
  emitIpv4({ src, dst, proto: 89, ttl: 1, tos: 0xc0, id: 1, totalLength: packet.length }, packet, 0)
  return packet
}

test.each(Object.entries(a4.wire))('a real %s: every field where tshark sees it', (kind, hex) => {
  const layer = dissect(inIp(bytesOfHex(hex)), 'ip').find((one) => one.proto === 'ospf')
  const seen = layer?.fields
    .filter((field) => !/auth\.data|reserved/.test(field.name))
    .map((field) => `${field.name} ${field.at - 20} ${field.length}`)
  expect(seen).toEqual(a4.fields[kind as keyof typeof a4.fields])
  expect(layer?.fields.filter((field) => field.note)).toEqual([])
  expect(layer?.length).toBe(hex.length / 2)
})

test('a wrong checksum and a cut packet are shown as such', () => {
  const bytes = bytesOfHex(a4.wire.lsu)
  bytes[60] = 0x55
  const notes = (b: Bytes): string[] =>
    dissect(inIp(b), 'ip').flatMap((layer) =>
      layer.fields.flatMap((field) => (field.note ? [`${field.name}: ${field.note}`] : [])),
    )
  expect(notes(bytes)).toEqual(['ospf.checksum: bad checksum'])
  expect(notes(bytesOfHex(a4.wire.lsu).subarray(0, 100))).toContain('ospf.packet_length: bad length')
})

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(a4.wire)),
      fc.array(fc.tuple(fc.nat(147), fc.nat(255)), { maxLength: 5 }),
      fc.nat(148),
      (hex, changes, length) => {
        const bytes = bytesOfHex(hex)
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
        const packet = inIp(bytes.subarray(0, Math.max(1, length)))
        for (const layer of dissect(packet, 'ip')) {
          expect(layer.at + layer.length).toBeLessThanOrEqual(packet.length)
        }
      },
    ),
    { numRuns: 2000 },
  )
})
