import { type Bytes, textOfBytes } from '../base/bytes.ts'
import { SEC } from '../base/ids.ts'
import { bad, ok, type Result } from '../base/result.ts'
import { parsePcap, type PcapError } from './pcap.ts'
import { type Capture, type CaptureInterface, type CapturePacket, OPTION, PCAPNG } from './pcapng.ts'

/** Why a file cannot be read, and at which byte of it. */
export interface CaptureFault {
  code: 'short' | 'magic' | 'block' | 'version' | 'linktype' | 'interface' | 'packet' | 'many'
  at: number
}

/** DLT_RAW in the numbers of several systems, and LINKTYPE_IPV4. */
const RAW_TYPES: readonly number[] = [PCAPNG.raw, 12, 14, 228]
const PACKETS_MAX = 1_000_000

/**
 * Packets of a capture file, classic or of the next generation. Blocks that hold no packets (name resolution, statistics,
 * secrets, custom) are passed over; any link type but Ethernet and raw IP is a fault, as is a file that is cut off.
 */
export function parseCapture(file: Bytes): Result<Capture, CaptureFault> {
  if (file.length < 4) return bad({ code: 'short', at: file.length })
  const first = new DataView(file.buffer, file.byteOffset, file.byteLength).getUint32(0, true)
  if (first !== PCAPNG.section) return classic(file)
  try {
    const reader = new Reader(file)
    reader.all()
    return ok(reader.capture())
  } catch (error) {
    if (error instanceof Fault) return bad(error.fault)
    throw error
  }
}

const CLASSIC_FAULTS: Readonly<Record<PcapError, CaptureFault['code']>> = {
  'pcap.short': 'short',
  'pcap.magic': 'magic',
  'pcap.linktype': 'linktype',
  'pcap.record': 'packet',
}

function classic(file: Bytes): Result<Capture, CaptureFault> {
  const parsed = parsePcap(file)
  if (!parsed.ok)
    return bad({ code: CLASSIC_FAULTS[parsed.error], at: parsed.error === 'pcap.linktype' ? 20 : 0 })
  const raw = parsed.value[0]?.raw === true
  const packets = parsed.value.map(({ at, bytes }): CapturePacket => ({ iface: 0, at, bytes }))
  return ok({ interfaces: [{ name: '', description: '', raw }], packets })
}

class Fault extends Error {
  readonly fault: CaptureFault

  constructor(code: CaptureFault['code'], at: number) {
    super(code)
    this.fault = { code, at }
  }
}

interface Described extends CaptureInterface {
  ticksPerSecond: bigint
  offset: bigint
  snaplen: number
}

/** Walks the blocks of a file. Interface numbers begin anew in each section. */
class Reader {
  private readonly file: Bytes
  private readonly view: DataView
  private little = true
  private readonly interfaces: Described[] = []
  private section = 0
  private base: bigint | undefined
  private readonly packets: CapturePacket[] = []

  constructor(file: Bytes) {
    this.file = file
    this.view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  }

  capture(): Capture {
    const interfaces = this.interfaces.map(({ name, description, raw }) => ({ name, description, raw }))
    return { interfaces, packets: this.packets }
  }

  all(): void {
    for (let at = 0; at < this.file.length;) {
      if (at + 12 > this.file.length) throw new Fault('block', at)
      const type = this.u32(at)
      if (type === PCAPNG.section) this.sectionHead(at)
      const length = this.u32(at + 4)
      const end = at + length
      if (length < 12 || length % 4 !== 0 || end > this.file.length || this.u32(end - 4) !== length)
        throw new Fault('block', at)
      if (type === PCAPNG.iface) this.interfaceBlock(at, end - 4)
      else if (type === PCAPNG.packet) this.packetBlock(at, end - 4)
      else if (type === PCAPNG.simple) this.simpleBlock(at, end - 4)
      at = end
    }
  }

  /** The byte order of what follows is told by the magic, not by the length before it. */
  private sectionHead(at: number): void {
    if (at + 28 > this.file.length) throw new Fault('short', at)
    this.little = this.view.getUint32(at + 8, true) === PCAPNG.magic
    if (this.u32(at + 8) !== PCAPNG.magic) throw new Fault('magic', at + 8)
    if (this.u16(at + 12) !== 1) throw new Fault('version', at + 12)
    this.section = this.interfaces.length
  }

  private interfaceBlock(at: number, end: number): void {
    if (at + 16 > end) throw new Fault('interface', at)
    const type = this.u16(at + 8)
    const raw = RAW_TYPES.includes(type)
    if (!raw && type !== PCAPNG.ethernet) throw new Fault('linktype', at + 8)
    const options = this.options(at + 16, end)
    const resolution = options.get(OPTION.resolution)?.[0] ?? 6
    const power = BigInt(resolution & 127)
    const offset = options.get(OPTION.offset)
    this.interfaces.push({
      name: textOf(options.get(OPTION.name)),
      description: textOf(options.get(OPTION.description)),
      raw,
      ticksPerSecond: resolution & 128 ? 2n ** power : 10n ** power,
      offset: offset?.length === 8 ? this.viewOf(offset).getBigInt64(0, this.little) : 0n,
      snaplen: this.u32(at + 12),
    })
  }

  private packetBlock(at: number, end: number): void {
    if (at + 28 > end) throw new Fault('packet', at)
    const ticks = (BigInt(this.u32(at + 12)) << 32n) | BigInt(this.u32(at + 16))
    const length = this.u32(at + 20)
    const start = at + 28
    if (start + length > end) throw new Fault('packet', at + 20)
    const options = this.options(start + Math.ceil(length / 4) * 4, end)
    const flags = options.get(OPTION.flags)
    const way = flags?.length === 4 ? WAYS[this.viewOf(flags).getUint32(0, this.little) & 3] : undefined
    const comment = options.get(OPTION.comment)
    this.add(at, this.u32(at + 8), ticks, this.file.slice(start, start + length), {
      ...(way === undefined ? {} : { way }),
      ...(comment === undefined ? {} : { comment: textOf(comment) }),
    })
  }

  /** No time stamp: it counts as the time of the packet before. */
  private simpleBlock(at: number, end: number): void {
    if (at + 12 > end) throw new Fault('packet', at)
    const iface = this.interfaces[this.section]
    if (iface === undefined) throw new Fault('interface', at)
    const snaplen = iface.snaplen === 0 ? Infinity : iface.snaplen
    const length = Math.min(this.u32(at + 8), snaplen)
    if (at + 12 + length > end) throw new Fault('packet', at + 8)
    const before = this.packets.at(-1)?.at ?? 0
    const bytes = this.file.slice(at + 12, at + 12 + length)
    this.packets.push({ iface: this.section, at: before, bytes })
  }

  private add(
    at: number,
    number: number,
    ticks: bigint,
    bytes: Bytes,
    more: Pick<CapturePacket, 'way' | 'comment'>,
  ): void {
    const index = this.section + number
    const iface = this.interfaces[index]
    if (iface === undefined) throw new Fault('interface', at + 8)
    if (this.packets.length >= PACKETS_MAX) throw new Fault('many', at)
    const perSecond = iface.ticksPerSecond
    const seconds = ticks / perSecond + iface.offset
    const rest = Number(((ticks % perSecond) * BigInt(SEC)) / perSecond)
    this.base ??= seconds
    this.packets.push({ iface: index, at: Number(seconds - this.base) * SEC + rest, bytes, ...more })
  }

  /** The first value of each option; a list that is cut off ends there. */
  private options(from: number, end: number): Map<number, Bytes> {
    const found = new Map<number, Bytes>()
    for (let at = from; at + 4 <= end;) {
      const code = this.u16(at)
      const length = this.u16(at + 2)
      if (code === 0 || at + 4 + length > end) break
      if (!found.has(code)) found.set(code, this.file.subarray(at + 4, at + 4 + length))
      at += 4 + Math.ceil(length / 4) * 4
    }
    return found
  }

  private viewOf(bytes: Bytes): DataView {
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  private u16(at: number): number {
    return this.view.getUint16(at, this.little)
  }

  private u32(at: number): number {
    return this.view.getUint32(at, this.little)
  }
}

const WAYS: readonly ('in' | 'out' | undefined)[] = [undefined, 'in', 'out', undefined]

/** UTF-8, or Latin-1 where it is none. */
function textOf(bytes: Bytes | undefined): string {
  const text = textOfBytes(bytes ?? new Uint8Array(0)).replace(/\0+$/, '')
  try {
    return decodeURIComponent(
      text.replace(/[^]/g, (c) => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`),
    )
  } catch {
    return text
  }
}
