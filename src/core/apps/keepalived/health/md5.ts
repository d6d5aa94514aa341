import type { Bytes } from '../../../base/bytes.ts'

/** RFC 1321, for the `digest` of a url. */
const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21] as const
const SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 0x100000000) >>> 0)

/** 32 hexadecimal digits. */
export function md5Hex(data: Bytes): string {
  const words = padded(data)
  const sum = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let at = 0; at < words.length; at += 16) {
    let [a = 0, b = 0, c = 0, d = 0] = sum
    for (let i = 0; i < 64; i++) {
      const round = i >>> 4
      const f = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round] ?? 0
      const g = [i, 5 * i + 1, 3 * i + 5, 7 * i][round] ?? 0
      const mixed = (a + f + (SINES[i] ?? 0) + (words[at + (g & 15)] ?? 0)) | 0
      const shift = SHIFTS[round * 4 + (i & 3)] ?? 0
      ;[a, d, c, b] = [d, c, b, (b + ((mixed << shift) | (mixed >>> (32 - shift)))) | 0]
    }
    ;[a, b, c, d].forEach((value, i) => (sum[i] = ((sum[i] ?? 0) + value) | 0))
  }
  return sum
    .map((word) => [0, 8, 16, 24].map((s) => ((word >>> s) & 255).toString(16).padStart(2, '0')).join(''))
    .join('')
}

/** Little-endian words with the one bit, zeros and the length in bits behind the data. */
function padded(data: Bytes): number[] {
  const count = (((data.length + 8) >>> 6) + 1) * 16
  const words = new Array<number>(count).fill(0)
  for (let i = 0; i < data.length; i++)
    words[i >> 2] = (words[i >> 2] ?? 0) | ((data[i] ?? 0) << ((i & 3) * 8))
  words[data.length >> 2] = (words[data.length >> 2] ?? 0) | (0x80 << ((data.length & 3) * 8))
  words[count - 2] = data.length << 3
  words[count - 1] = Math.floor(data.length / 0x20000000)
  return words
}
