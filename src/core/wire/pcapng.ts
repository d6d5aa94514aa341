import { type Bytes, bytesOfText, concatBytes } from '../base/bytes.ts'
import { type Nanos, SEC } from '../base/ids.ts'

/**
 * Capture files of the next generation (draft-ietf-opsawg-pcapng): several interfaces with names and descriptions in one
 * file, times in nanoseconds. Written little endian; read in both byte orders and any resolution
 * (see pcapng-read.ts).
 */
export interface CaptureInterface {
  name: string
  description: string
  /** Packets begin with the IP header: a tunnel device. */
  raw: boolean
}

export interface CapturePacket {
  /** Index of its interface. */
  iface: number
  /** Nanoseconds: since the run began when written, since the first whole second of the file when read. */
  at: Nanos
  bytes: Bytes
  way?: 'in' | 'out'
  comment?: string
}

export interface Capture {
  interfaces: CaptureInterface[]
  packets: CapturePacket[]
}

export const PCAPNG = {
  section: 0x0a0d0d0a,
  iface: 1,
  simple: 3,
  packet: 6,
  magic: 0x1a2b3c4d,
  ethernet: 1,
  raw: 101,
  snaplen: 262144,
} as const

/** Numbers of options, by the block they stand in. */
export const OPTION = {
  comment: 1,
  application: 4,
  name: 2,
  description: 3,
  resolution: 9,
  offset: 14,
  flags: 2,
} as const
const NANO = 9

/**
 * A capture file. `epochSeconds` is added to every time, so that a run may be given a date. Packets keep their order;
 * each must name an interface of the list.
 */
export function pcapngFile(capture: Capture, application: string, epochSeconds = 0): Bytes {
  const head = block(PCAPNG.section, [u32(PCAPNG.magic), u16(1), u16(0), u32(0xffffffff), u32(0xffffffff), options([[OPTION.application, bytesOfText(application)]])]) // prettier-ignore
  const interfaces = capture.interfaces.map(({ name, description, raw }) =>
    block(PCAPNG.iface, [
      u16(raw ? PCAPNG.raw : PCAPNG.ethernet),
      u16(0),
      u32(PCAPNG.snaplen),
      options([
        [OPTION.name, utf8(name)],
        [OPTION.description, utf8(description)],
        [OPTION.resolution, Uint8Array.of(NANO)],
      ]),
    ]),
  )
  const packets = capture.packets.map((packet) => packetBlock(packet, epochSeconds))
  return concatBytes([head, ...interfaces, ...packets])
}

function packetBlock({ iface, at, bytes, way, comment }: CapturePacket, epochSeconds: number): Bytes {
  const [high, low] = ticksOf(at, epochSeconds)
  const more: [number, Bytes][] = []
  if (way !== undefined) more.push([OPTION.flags, u32(way === 'in' ? 1 : 2)])
  if (comment !== undefined) more.push([OPTION.comment, utf8(comment)])
  const size = u32(bytes.length)
  return block(PCAPNG.packet, [u32(iface), u32(high), u32(low), size, size, padded(bytes), options(more)])
}

/** Nanoseconds since 1970 as two halves of 64 bits: a date in nanoseconds is beyond a double's 2^53. */
function ticksOf(at: Nanos, epochSeconds: number): readonly [high: number, low: number] {
  const seconds = epochSeconds + Math.floor(at / SEC)
  const ticks = BigInt(seconds) * BigInt(SEC) + BigInt(at % SEC)
  return [Number(ticks >> 32n), Number(ticks & 0xffffffffn)]
}

function block(type: number, body: readonly Bytes[]): Bytes {
  const inside = concatBytes(body)
  const total = u32(12 + inside.length)
  return concatBytes([u32(type), total, inside, total])
}

function options(list: readonly (readonly [code: number, value: Bytes])[]): Bytes {
  if (list.length === 0) return new Uint8Array(0)
  const each = list.flatMap(([code, value]) => [u16(code), u16(value.length), padded(value)])
  return concatBytes([...each, u32(0)])
}

function padded(bytes: Bytes): Bytes {
  const out = new Uint8Array(Math.ceil(bytes.length / 4) * 4)
  out.set(bytes)
  return out
}

function u16(value: number): Bytes {
  return Uint8Array.of(value & 255, value >>> 8)
}

function u32(value: number): Bytes {
  return Uint8Array.of(value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24)
}

/** UTF-8; half of a surrogate pair becomes a question mark. */
function utf8(text: string): Bytes {
  const whole = text.replace(/\p{Surrogate}/gu, '?')
  const escaped = encodeURIComponent(whole)
  return bytesOfText(escaped.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))))
}
