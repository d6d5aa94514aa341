import { type Bytes, read16, read32, read48 } from '../../base/bytes.ts'
import { formatIp4, formatMac, type Ip4, type Mac } from '../../base/ids.ts'

export type LayerProto = 'eth' | 'arp' | 'ip' | 'icmp' | 'tcp' | 'udp' | 'ospf' | 'vrrp' | 'http' | 'data'

/** What is wrong with a field, or why it says little. A closed set, so that people can be told in their own language. */
export type DNote = 'bad checksum' | 'bad length' | 'truncated' | 'malformed' | 'not checked'

/** One field of a frame. `at` is its offset in the frame; fields smaller than a byte share it. */
export interface DField {
  /** tshark's name where it has one. */
  name: string
  at: number
  /** Bytes. */
  length: number
  /** Addresses are numbers, as in `Ip4` and `Mac`. */
  value: number | string
  text: string
  note?: DNote
}

/** One header (or a body). `depth` counts the packets around it: inside IPIP or quoted by an ICMP error it is 1. */
export interface Layer {
  proto: LayerProto
  at: number
  length: number
  depth: number
  title: string
  fields: DField[]
}

/** A stretch of bytes to be read as `proto`. `ipAt`: the IP header whose pseudo header counts; -1 = none, or not whole. */
export interface Part {
  proto: LayerProto
  at: number
  end: number
  depth: number
  ipAt: number
}

/** A layer and what follows from it. */
export interface Dissected {
  layer: Layer
  next: Part[]
}

/** Collects the fields of one layer; a field that is not there in full is shown as far as it goes. */
export interface Reader {
  b: Bytes
  end: number
  layer: Layer
}

export function openLayer(b: Bytes, part: Part, title: string): Reader {
  const end = Math.min(part.end, b.length)
  const layer: Layer = { proto: part.proto, at: part.at, length: 0, depth: part.depth, title, fields: [] }
  return { b, end, layer }
}

/** Set the layer's length in bytes, cut to what is there. */
export function closeLayer(r: Reader, length: number): Layer {
  r.layer.length = Math.max(0, Math.min(length, r.end - r.layer.at))
  return r.layer
}

/** An unsigned field of 1, 2, 4 or 6 bytes at `at`. `text` formats its value; decimal otherwise. */
export function addNumber(
  r: Reader,
  name: string,
  at: number,
  size: number,
  text: (value: number) => string = String,
): void {
  const there = Math.min(size, r.end - at)
  if (there <= 0) return
  const value = readNumber(r.b, at, there)
  const field: DField = { name, at, length: there, value, text: text(value) }
  if (there < size) field.note = 'truncated'
  r.layer.fields.push(field)
}

export function addMac(r: Reader, name: string, at: number): void {
  addNumber(r, name, at, 6, (value) => formatMac(value as Mac))
}

export function addIp(r: Reader, name: string, at: number): void {
  addNumber(r, name, at, 4, (value) => formatIp4(value as Ip4))
}

/** A field whose value was worked out by the caller; cut off at the end, left out when it starts beyond it. */
export function addField(r: Reader, field: DField): void {
  const there = r.end - field.at
  if (there <= 0) return
  r.layer.fields.push(there < field.length ? { ...field, length: there, note: 'truncated' } : field)
}

/** Mark the field of that name; the first note stays. */
export function noteField(r: Reader, name: string, note: DNote): void {
  for (const field of r.layer.fields) if (field.name === name) field.note ??= note
}

export function hex(digits: number): (value: number) => string {
  return (value) => `0x${value.toString(16).padStart(digits, '0')}`
}

function readNumber(b: Bytes, at: number, size: number): number {
  if (size === 1) return b[at] ?? 0
  if (size === 2) return read16(b, at)
  if (size === 4) return read32(b, at)
  if (size === 6) return read48(b, at)
  let value = 0
  for (let i = 0; i < size; i++) value = value * 256 + (b[at + i] ?? 0)
  return value
}
