import type { Bytes } from '../base/bytes.ts'
import { type DevName, type HostId, MAC_ZERO } from '../base/ids.ts'
import { ETH, ethDst, ethSrc } from '../wire/ethernet.ts'
import type { PcapRecord } from '../wire/pcap.ts'
import type { Trace } from '../sim/trace.ts'

/** What `tcpdump -i DEV` on a host would have written: every frame it sent or took from the wire, foreign ones included. */
export function captureOf(
  trace: Trace,
  host: HostId,
  dev: DevName,
  fromRecord = 0,
  toRecord = trace.records.length,
): PcapRecord[] {
  const records: PcapRecord[] = []
  for (let i = fromRecord; i < toRecord; i++) {
    const record = trace.records[i]
    if (record === undefined || (record.kind !== 'rx' && record.kind !== 'tx')) continue
    if (record.host !== host || record.dev !== dev) continue
    const frame = trace.frames[record.frame - 1]
    if (frame === undefined) continue
    // a tunnel has no link layer; lo has one, of zeros
    if (dev !== 'lo' && hasNoLink(frame.bytes))
      records.push({ at: record.at, bytes: frame.bytes.subarray(ETH.size), raw: true })
    else records.push({ at: record.at, bytes: frame.bytes })
  }
  return records
}

function hasNoLink(b: Bytes): boolean {
  return ethSrc(b) === MAC_ZERO && ethDst(b) === MAC_ZERO
}

/** The same on the switch of a segment, which sees each frame once. */
export function captureOfSegment(
  trace: Trace,
  segment: string,
  fromRecord = 0,
  toRecord = trace.records.length,
): PcapRecord[] {
  const records: PcapRecord[] = []
  for (let i = fromRecord; i < toRecord; i++) {
    const record = trace.records[i]
    if (record?.kind !== 'flight' || record.segment !== segment) continue
    const frame = trace.frames[record.frame - 1]
    if (frame !== undefined) records.push({ at: record.t0, bytes: frame.bytes })
  }
  return records
}
