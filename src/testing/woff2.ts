import { brotliDecompressSync } from 'node:zlib'

/**
 * Which characters a WOFF2 file can draw, read from the file itself (WOFF2 recommendation, sections 4 and 5; OpenType
 * `cmap` formats 4 and 12). Only what is needed to look up characters: glyphs are not read.
 */
export function charactersOf(file: Uint8Array): Set<number> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (view.getUint32(0) !== 0x774f4632) throw new Error('not a WOFF2 file')
  const compressedBytes = view.getUint32(20)
  const tables = readDirectory(view)
  const data = brotliDecompressSync(file.subarray(tables.end, tables.end + compressedBytes))
  return readCmap(new DataView(data.buffer, data.byteOffset + tables.cmapAt, data.byteLength - tables.cmapAt))
}

/** Index of `cmap` in the list of known tags (section 4.1), and those of the two tables with a transformed form. */
const CMAP = 0
const GLYF = 10
const LOCA = 11

/** Tables follow each other in the decompressed data without padding, in the order of the directory. */
function readDirectory(view: DataView): { end: number; cmapAt: number } {
  const count = view.getUint16(12)
  const cursor = { at: 48 }
  let cmapAt = -1
  let offset = 0
  for (let i = 0; i < count; i += 1) {
    const flags = view.getUint8(cursor.at)
    cursor.at += 1
    const tag = flags & 0x3f
    const version = flags >> 6
    if (tag === 0x3f) cursor.at += 4
    const original = readBase128(view, cursor)
    const isTransformed = tag === GLYF || tag === LOCA ? version !== 3 : version !== 0
    if (tag === CMAP) cmapAt = offset
    offset += isTransformed ? readBase128(view, cursor) : original
  }
  if (cmapAt < 0) throw new Error('the font has no cmap')
  return { end: cursor.at, cmapAt }
}

function readBase128(view: DataView, cursor: { at: number }): number {
  let value = 0
  for (;;) {
    const byte = view.getUint8(cursor.at)
    cursor.at += 1
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return value
  }
}

function readCmap(cmap: DataView): Set<number> {
  const found = new Set<number>()
  for (let i = 0; i < cmap.getUint16(2); i += 1) {
    const at = cmap.getUint32(4 + i * 8 + 4)
    const format = cmap.getUint16(at)
    if (format === 4) readFormat4(cmap, at, found)
    if (format === 12) readFormat12(cmap, at, found)
  }
  return found
}

function readFormat4(cmap: DataView, at: number, found: Set<number>): void {
  const twice = cmap.getUint16(at + 6)
  for (let i = 0; i < twice; i += 2) {
    const end = cmap.getUint16(at + 14 + i)
    const start = cmap.getUint16(at + 16 + twice + i)
    const delta = cmap.getUint16(at + 16 + twice * 2 + i)
    const rangeAt = at + 16 + twice * 3 + i
    const range = cmap.getUint16(rangeAt)
    for (let char = start; char <= end && char !== 0xffff; char += 1) {
      const glyph = range === 0 ? char + delta : cmap.getUint16(rangeAt + range + (char - start) * 2)
      if ((glyph & 0xffff) !== 0) found.add(char)
    }
  }
}

function readFormat12(cmap: DataView, at: number, found: Set<number>): void {
  for (let i = 0; i < cmap.getUint32(at + 12); i += 1) {
    const group = at + 16 + i * 12
    for (let char = cmap.getUint32(group); char <= cmap.getUint32(group + 4); char += 1) found.add(char)
  }
}
