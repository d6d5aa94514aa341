import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOfHex, type Bytes, hexOf } from '../base/bytes.ts'
import { SEC } from '../base/ids.ts'
import { parsePcap, pcapFile, type PcapRecord } from './pcap.ts'

const records: fc.Arbitrary<PcapRecord[]> = fc.array(
  fc.record({ at: fc.nat(2 ** 31 - 1).map((n) => n * 1000 + 7), bytes: fc.uint8Array({ maxLength: 200 }) }),
  { maxLength: 20 },
)

/** A file as another program may write it: byte order and clock as given. */
function fileBy(little: boolean, magic: number, linktype: number, frames: [number, number, Bytes][]): Bytes {
  const out = new Uint8Array(24 + frames.reduce((sum, [, , b]) => sum + 16 + b.length, 0))
  const view = new DataView(out.buffer)
  view.setUint32(0, magic, little)
  view.setUint16(4, 2, little)
  view.setUint16(6, 4, little)
  view.setUint32(16, 65535, little)
  view.setUint32(20, linktype, little)
  let at = 24
  for (const [seconds, ticks, b] of frames) {
    for (const [i, value] of [seconds, ticks, b.length, b.length].entries())
      view.setUint32(at + 4 * i, value, little)
    out.set(b, at + 16)
    at += 16 + b.length
  }
  return out
}

test('the first bytes of a file, as the format wants them', () => {
  const file = pcapFile([{ at: 1_500_000_001, bytes: bytesOfHex('cafe') }])
  expect(hexOf(file)).toBe(
    '4d3cb2a1' +
      '02000400' +
      '00000000' +
      '00000000' +
      '00000400' +
      '01000000' + //
      '01000000' +
      '0165cd1d' +
      '02000000' +
      '02000000' +
      'cafe',
  )
})

test('what is written is read again, times relative to the first whole second', () => {
  fc.assert(
    fc.property(records, fc.nat(2_000_000_000), (list, epochSeconds) => {
      const parsed = parsePcap(pcapFile(list, epochSeconds * SEC))
      const base = Math.floor((list[0]?.at ?? 0) / SEC) * SEC
      expect(parsed).toEqual({ ok: true, value: list.map(({ at, bytes }) => ({ at: at - base, bytes })) })
    }),
  )
})

test('both byte orders, micro- and nanoseconds', () => {
  const frames: [number, number, Bytes][] = [
    [1_700_000_000, 250, bytesOfHex('0102')],
    [1_700_000_002, 3, bytesOfHex('03')],
  ]
  for (const little of [true, false]) {
    const nano = parsePcap(fileBy(little, 0xa1b23c4d, 1, frames))
    expect(nano.ok && nano.value.map(({ at }) => at)).toEqual([250, 2 * SEC + 3])
    const micro = parsePcap(fileBy(little, 0xa1b2c3d4, 1, frames))
    expect(micro.ok && micro.value.map(({ at }) => at)).toEqual([250_000, 2 * SEC + 3000])
    expect(micro.ok && micro.value.map(({ bytes }) => hexOf(bytes))).toEqual(['0102', '03'])
  }
})

test('a tunnel device has no Ethernet header, and says so', () => {
  const parsed = parsePcap(fileBy(true, 0xa1b2c3d4, 101, [[0, 0, bytesOfHex('45')]]))
  expect(parsed.ok && parsed.value).toEqual([{ at: 0, bytes: bytesOfHex('45'), raw: true }])
  expect(parsed.ok && parsePcap(pcapFile(parsed.value))).toEqual(parsed)
})

test('files that cannot be read', () => {
  const good = pcapFile([{ at: 0, bytes: bytesOfHex('010203') }])
  expect(parsePcap(good.subarray(0, 23))).toEqual({ ok: false, error: 'pcap.short' })
  expect(parsePcap(bytesOfHex('0a0d0d0a'.repeat(9)))).toEqual({ ok: false, error: 'pcap.magic' })
  expect(parsePcap(fileBy(true, 0xa1b2c3d4, 113, []))).toEqual({ ok: false, error: 'pcap.linktype' })
  for (let n = 25; n < good.length; n++)
    expect(parsePcap(good.subarray(0, n))).toEqual({ ok: false, error: 'pcap.record' })
})
