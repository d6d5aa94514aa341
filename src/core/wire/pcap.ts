import { type Bytes, read32 } from '../base/bytes.ts'
import { type Nanos, SEC } from '../base/ids.ts'
import { bad, ok, type Result } from '../base/result.ts'

/**
 * Classic capture files (draft-ietf-opsawg-pcap) of Ethernet devices and of tunnel devices, whose packets begin with the IP
 * header. Written as nanoseconds, little endian; read in both byte orders with micro- or nanoseconds. No pcapng.
 */
const MAGIC_MICRO = 0xa1b2c3d4
const MAGIC_NANO = 0xa1b23c4d
const LINKTYPE_ETHERNET = 1
const LINKTYPE_RAW = 101
/** DLT_RAW as libpcap wrote it before it had a number of its own on every system. */
const LINKTYPE_RAW_OLD = 12
const FILE_HEADER = 24
const RECORD_HEADER = 16
/** Bytes of one frame; the limit of tcpdump. */
const SNAPLEN = 262144

export interface PcapRecord {
  /** Nanoseconds: since the run began when written, since the first whole second of the file when read. */
  at: Nanos
  bytes: Bytes
  /** True: no Ethernet header, the bytes begin with the IP header. */
  raw?: boolean
}

export type PcapError = 'pcap.short' | 'pcap.magic' | 'pcap.linktype' | 'pcap.record'

/**
 * A capture file. `epochNs` is added to every time, so that a run may be given a date. Records keep their order. A file
 * has one link type: that of its first record.
 */
export function pcapFile(records: readonly PcapRecord[], epochNs: Nanos = 0): Bytes {
  const size = records.reduce((sum, record) => sum + RECORD_HEADER + record.bytes.length, FILE_HEADER)
  const out = new Uint8Array(size)
  const view = new DataView(out.buffer)
  view.setUint32(0, MAGIC_NANO, true)
  view.setUint16(4, 2, true)
  view.setUint16(6, 4, true)
  view.setUint32(16, SNAPLEN, true)
  view.setUint32(20, records[0]?.raw === true ? LINKTYPE_RAW : LINKTYPE_ETHERNET, true)
  // Whole seconds and nanoseconds are added apart: an epoch of today in ns is beyond 2^53.
  const epochSeconds = Math.floor(epochNs / SEC)
  const epochRest = epochNs - epochSeconds * SEC
  let at = FILE_HEADER
  for (const { at: time, bytes } of records) {
    const ns = time + epochRest
    view.setUint32(at, epochSeconds + Math.floor(ns / SEC), true)
    view.setUint32(at + 4, ns % SEC, true)
    view.setUint32(at + 8, bytes.length, true)
    view.setUint32(at + 12, bytes.length, true)
    out.set(bytes, at + RECORD_HEADER)
    at += RECORD_HEADER + bytes.length
  }
  return out
}

/**
 * Frames of a capture file, times relative to the first whole second of the file (a date in nanoseconds would not be
 * exact in a double). A last record that is cut off is an error, as is any link type but Ethernet and raw IP.
 */
export function parsePcap(file: Bytes): Result<PcapRecord[], PcapError> {
  if (file.length < FILE_HEADER) return bad('pcap.short')
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const little = [MAGIC_MICRO, MAGIC_NANO].includes(view.getUint32(0, true))
  const magic = little ? view.getUint32(0, true) : read32(file, 0)
  if (magic !== MAGIC_MICRO && magic !== MAGIC_NANO) return bad('pcap.magic')
  const linktype = view.getUint32(20, little) & 0xffff
  const raw = linktype === LINKTYPE_RAW || linktype === LINKTYPE_RAW_OLD
  if (!raw && linktype !== LINKTYPE_ETHERNET) return bad('pcap.linktype')
  const nsPerTick = magic === MAGIC_NANO ? 1 : 1000
  const records: PcapRecord[] = []
  let base: number | undefined
  for (let at = FILE_HEADER; at < file.length;) {
    if (at + RECORD_HEADER > file.length) return bad('pcap.record')
    const seconds = view.getUint32(at, little)
    const length = view.getUint32(at + 8, little)
    const start = at + RECORD_HEADER
    if (length > SNAPLEN || start + length > file.length) return bad('pcap.record')
    base ??= seconds
    const time = (seconds - base) * SEC + view.getUint32(at + 4, little) * nsPerTick
    const bytes = file.slice(start, start + length)
    records.push(raw ? { at: time, bytes, raw } : { at: time, bytes })
    at = start + length
  }
  return ok(records)
}
