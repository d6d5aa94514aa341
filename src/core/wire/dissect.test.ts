import fc from 'fast-check'
import { expect, test } from 'vitest'
import framesJson from '../../testing/fixtures/frames.json' with { type: 'json' }
import type { FramesFixture } from '../../testing/frames-fixture.ts'
import { type Bytes, bytesOfHex } from '../base/bytes.ts'
import { dissect, findField, type Layer } from './dissect.ts'
import { formatFrame } from './format.ts'

const { frames } = framesJson as unknown as FramesFixture
const ethernetFrames = frames.filter((frame) => !frame.raw).map((frame) => bytesOfHex(frame.hex))
const frameLike = (line: RegExp): Bytes =>
  bytesOfHex(frames.find((frame) => !frame.raw && line.test(frame.line))?.hex ?? '')

const titles = (b: Bytes): string[] => dissect(b).map((layer) => '  '.repeat(layer.depth) + layer.title)

/** Each layer lies in the frame, layers follow each other, fields lie in their layer. */
function expectSound(layers: readonly Layer[], b: Bytes): void {
  let at = 0
  for (const layer of layers) {
    expect(layer.at).toBe(at)
    at += layer.length
    for (const field of layer.fields) {
      expect(field.at).toBeGreaterThanOrEqual(layer.at)
      expect(field.at + field.length).toBeLessThanOrEqual(b.length)
    }
  }
  expect(at).toBeLessThanOrEqual(b.length)
}

test('random bytes never make it throw, and every layer lies in the frame', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(0x0800, 0x0806, 0x86dd), (b, type) => {
      b[12] = type >>> 8
      b[13] = type & 0xff
      expectSound(dissect(b), b)
      expect(formatFrame(b)).not.toBe('')
    }),
    { numRuns: 10_000, seed: 1 },
  )
})

test('real frames with bytes changed or cut off never make it throw', () => {
  const change = fc.tuple(fc.nat(200), fc.nat(255))
  fc.assert(
    fc.property(
      fc.constantFrom(...ethernetFrames),
      fc.array(change, { maxLength: 4 }),
      fc.nat(200),
      (frame, changes, length) => {
        const b = frame.slice(0, length)
        for (const [at, value] of changes) if (at < b.length) b[at] = value
        expectSound(dissect(b), b)
        expect(formatFrame(b)).not.toBe('')
      },
    ),
    { numRuns: 10_000, seed: 2 },
  )
})

test('every byte of a good frame belongs to a field', () => {
  for (const b of ethernetFrames) {
    const covered = new Set<number>()
    for (const { fields } of dissect(b))
      for (const { at, length } of fields) for (let i = 0; i < length; i++) covered.add(at + i)
    expect([...b.keys()].filter((i) => !covered.has(i))).toEqual([])
  }
})

test('layers of packets in packets', () => {
  expect(titles(frameLike(/Flags \[P.\].* GET/))).toEqual(['Ethernet II', 'IPv4', 'TCP', 'HTTP'])
  expect(titles(frameLike(/: IP .*Flags \[S\]/))).toEqual(['Ethernet II', 'IPv4', '  IPv4', '  TCP'])
  expect(titles(frameLike(/ICMP time exceeded/))).toEqual([
    'Ethernet II',
    'IPv4',
    'ICMP time exceeded',
    '  IPv4',
    '  UDP',
    '  Data',
  ])
  expect(titles(frameLike(/is-at/))).toEqual(['Ethernet II', 'ARP reply'])
  expect(titles(frameLike(/Hello/))).toEqual(['Ethernet II', 'IPv4', 'OSPF Hello'])
})

test('the outer and the inner packet can be told apart', () => {
  const layers = dissect(frameLike(/: IP .*Flags \[S\]/))
  expect(findField(layers, 'ip.proto')?.text).toBe('IPIP (4)')
  expect(findField(layers, 'ip.proto', 'inner')?.text).toBe('TCP (6)')
})

test('a bad checksum is noted on the field it is in', () => {
  const b = frameLike(/Flags \[S\]/)
  const notes = (c: Bytes): string[] =>
    dissect(c)
      .flatMap((layer) => layer.fields)
      .filter((field) => field.note !== undefined)
      .map((field) => `${field.name}: ${field.note ?? ''}`)
  expect(notes(b)).toEqual([])
  const otherTtl = b.slice()
  otherTtl[22] = 1
  expect(notes(otherTtl)).toEqual(['ip.checksum: bad checksum'])
  const otherPort = b.slice()
  otherPort[35] = 1
  expect(notes(otherPort)).toEqual(['tcp.checksum: bad checksum'])
})

test('a packet that is cut off is shown as far as it goes', () => {
  const b = frameLike(/Flags \[S\]/)
  const cut = dissect(b.slice(0, 40))
  expect(cut.map((layer) => layer.proto)).toEqual(['eth', 'ip', 'tcp'])
  expect(findField(cut, 'ip.len')).toMatchObject({ note: 'truncated' })
  expect(findField(cut, 'tcp.seq_raw')).toMatchObject({ at: 38, length: 2, note: 'truncated' })
  expect(findField(cut, 'tcp.ack_raw')).toBeUndefined()
  expect(dissect(b.slice(0, 3)).map((layer) => layer.fields.map((field) => field.note))).toEqual([
    ['truncated'],
  ])
  expect(dissect(new Uint8Array(0))).toEqual([])
})

test('bytes after the packet are padding, not payload', () => {
  const padded = new Uint8Array(60)
  padded.set(frameLike(/who-has/))
  expect(titles(padded)).toEqual(['Ethernet II', 'ARP request', 'Data'])
})
