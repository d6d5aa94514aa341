import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOfHex, read16, write16 } from './bytes.ts'
import { checksum16, pseudoSum, sum16, updateChecksum16 } from './checksum.ts'

test('the example of RFC 1071 section 3', () => {
  expect(sum16(bytesOfHex('0001 f203 f4f5 f6f7'), 0, 8)).toBe(0xddf2)
  expect(checksum16(bytesOfHex('0001 f203 f4f5 f6f7'), 0, 8)).toBe(0x220d)
})

test('an odd last byte counts as if a zero followed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 99 }), (b) => {
      const padded = new Uint8Array(b.length + (b.length % 2))
      padded.set(b)
      expect(sum16(b, 0, b.length)).toBe(sum16(padded, 0, padded.length))
    }),
  )
})

test('a message with its checksum in place sums to all ones', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 1500 }), (b) => {
      write16(b, 2, 0)
      write16(b, 2, checksum16(b, 0, b.length))
      expect(sum16(b, 0, b.length)).toBe(0xffff)
    }),
  )
})

test('the incremental update (RFC 1624) gives what a full sum gives', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 20, maxLength: 60 }), fc.nat(8), fc.nat(0xffff), (b, word, is) => {
      b[0] = 0x45 // as in every IP header: the sum is never that of all zeros
      write16(b, 10, 0)
      write16(b, 10, checksum16(b, 0, b.length))
      const at = word === 5 ? 2 : word * 2
      if (at === 0) return
      const updated = updateChecksum16(read16(b, 10), read16(b, at), is)
      write16(b, at, is)
      write16(b, 10, 0)
      expect(updated).toBe(checksum16(b, 0, b.length))
    }),
  )
})

test('the pseudo header counts both addresses, the protocol and the length', () => {
  const header = bytesOfHex('ac10fd87 ac10fd64 0006 0028')
  expect(checksum16(new Uint8Array(0), 0, 0, pseudoSum(0xac10fd87, 0xac10fd64, 6, 40))).toBe(
    checksum16(header, 0, header.length),
  )
})
