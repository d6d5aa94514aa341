import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bytesOfHex,
  bytesOfText,
  concatBytes,
  hexOf,
  layout,
  read16,
  read32,
  read48,
  readBe,
  textOfBytes,
  write16,
  write32,
  write48,
  writeBe,
} from './bytes.ts'

const HEADER = layout({ one: 1, two: 2, four: 4, six: 6 })

test('a layout places its fields one after the other', () => {
  expect(HEADER).toEqual({
    one: { at: 0, size: 1 },
    two: { at: 1, size: 2 },
    four: { at: 3, size: 4 },
    six: { at: 7, size: 6 },
    size: 13,
  })
})

test('what is written is read again, by field and by width, and neighbours stay as they are', () => {
  fc.assert(
    fc.property(fc.nat(0xffff), fc.nat(0xffffffff), fc.maxSafeNat(), fc.nat(9), (two, four, big, base) => {
      const six = big % 2 ** 48
      const b = new Uint8Array(30).fill(0xa5)
      const c = b.slice()
      writeBe(b, HEADER.two, two, base)
      writeBe(b, HEADER.four, four, base)
      writeBe(b, HEADER.six, six, base)
      write16(c, base + 1, two)
      write32(c, base + 3, four)
      write48(c, base + 7, six)
      expect(hexOf(b)).toBe(hexOf(c))
      expect([read16(b, base + 1), read32(b, base + 3), read48(b, base + 7)]).toEqual([two, four, six])
      expect(readBe(b, HEADER.six, base)).toBe(six)
      expect([b[base], b[base + 13]]).toEqual([0xa5, 0xa5])
    }),
  )
})

test('bytes that are not there read as zero', () => {
  const b = bytesOfHex('0102')
  expect([read16(b, 1), read32(b, 0), read48(b, 1), readBe(b, HEADER.four)]).toEqual([
    0x0200,
    0x01020000,
    2 ** 41,
    0,
  ])
})

test('hex and text', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 99 }), (b) => hexOf(bytesOfHex(hexOf(b))) === hexOf(b)))
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 99 }), (b) => hexOf(bytesOfText(textOfBytes(b))) === hexOf(b)),
  )
  expect(hexOf(concatBytes([bytesOfText('ab'), new Uint8Array(0), bytesOfHex('0a ff')]))).toBe('61620aff')
})
