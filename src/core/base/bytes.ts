/** Bytes and named header layouts. One table of offsets serves parse, emit and the byte inspector. */

export type Bytes = Uint8Array

/** Where one header field lives: `at` bytes from the start of the header, `size` bytes long (1, 2, 4 or 6). */
export interface Field {
  readonly at: number
  readonly size: number
}

export type Layout<K extends string> = { readonly [name in K]: Field } & { readonly size: number }

/** Build a layout from field sizes in wire order: `layout({ htype: 2, ptype: 2 })`. */
export function layout<K extends string>(sizes: Record<K, number>): Layout<K> {
  const fields: Record<string, Field | number> = {}
  let at = 0
  for (const [name, size] of Object.entries<number>(sizes)) {
    fields[name] = { at, size }
    at += size
  }
  fields['size'] = at
  return fields as Layout<K>
}

/** Read a big-endian unsigned field of the header that starts at `base`. Bytes beyond the end read as 0. */
export function readBe(b: Bytes, field: Field, base = 0): number {
  let value = 0
  const end = base + field.at + field.size
  for (let i = base + field.at; i < end; i++) value = value * 256 + (b[i] ?? 0)
  return value
}

/** Write a big-endian unsigned field of the header that starts at `base`. */
export function writeBe(b: Bytes, field: Field, value: number, base = 0): void {
  let rest = value
  for (let i = base + field.at + field.size - 1; i >= base + field.at; i--) {
    b[i] = rest & 0xff
    rest = Math.floor(rest / 256)
  }
}

export function read8(b: Bytes, at: number): number {
  return b[at] ?? 0
}

export function read16(b: Bytes, at: number): number {
  return ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0)
}

export function read32(b: Bytes, at: number): number {
  return (((b[at] ?? 0) << 24) | ((b[at + 1] ?? 0) << 16) | ((b[at + 2] ?? 0) << 8) | (b[at + 3] ?? 0)) >>> 0
}

export function read48(b: Bytes, at: number): number {
  return read16(b, at) * 0x100000000 + read32(b, at + 2)
}

export function write16(b: Bytes, at: number, value: number): void {
  b[at] = (value >>> 8) & 0xff
  b[at + 1] = value & 0xff
}

export function write32(b: Bytes, at: number, value: number): void {
  b[at] = (value >>> 24) & 0xff
  b[at + 1] = (value >>> 16) & 0xff
  b[at + 2] = (value >>> 8) & 0xff
  b[at + 3] = value & 0xff
}

export function write48(b: Bytes, at: number, value: number): void {
  write16(b, at, Math.floor(value / 0x100000000))
  write32(b, at + 2, value >>> 0)
}

export function concatBytes(parts: readonly Bytes[]): Bytes {
  let length = 0
  for (const part of parts) length += part.length
  const out = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** ASCII (Latin-1) text to bytes; HTTP and log lines need no more. */
export function bytesOfText(text: string): Bytes {
  const out = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i) & 0xff
  return out
}

export function textOfBytes(b: Bytes): string {
  let text = ''
  for (const byte of b) text += String.fromCharCode(byte)
  return text
}

/** Lower-case hex without separators. */
export function hexOf(b: Bytes): string {
  let text = ''
  for (const byte of b) text += (byte < 16 ? '0' : '') + byte.toString(16)
  return text
}

/** Inverse of `hexOf`; white space is skipped. */
export function bytesOfHex(hex: string): Bytes {
  const clean = hex.replace(/\s+/g, '')
  const out = new Uint8Array(clean.length >>> 1)
  for (let i = 0; i < out.length; i++) out[i] = parseInt(clean.slice(2 * i, 2 * i + 2), 16)
  return out
}
