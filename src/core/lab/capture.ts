import type { DevName, HostId } from '../base/ids.ts'
import type { PcapRecord } from '../wire/pcap.ts'
import type { Trace } from '../sim/trace.ts'

/** What `tcpdump -i DEV` on a host would have written: every frame it sent or took from the wire, foreign ones included. */
export function captureOf(trace: Trace, host: HostId, dev: DevName, fromRecord = 0): PcapRecord[] {
  const records: PcapRecord[] = []
  for (let i = fromRecord; i < trace.records.length; i++) {
    const record = trace.records[i]
    if (record === undefined || (record.kind !== 'rx' && record.kind !== 'tx')) continue
    if (record.host !== host || record.dev !== dev) continue
    const frame = trace.frames[record.frame - 1]
    if (frame !== undefined) records.push({ at: record.at, bytes: frame.bytes })
  }
  return records
}

/** The same on the switch of a segment, which sees each frame once. */
export function captureOfSegment(trace: Trace, segment: string, fromRecord = 0): PcapRecord[] {
  const records: PcapRecord[] = []
  for (let i = fromRecord; i < trace.records.length; i++) {
    const record = trace.records[i]
    if (record?.kind !== 'flight' || record.segment !== segment) continue
    const frame = trace.frames[record.frame - 1]
    if (frame !== undefined) records.push({ at: record.t0, bytes: frame.bytes })
  }
  return records
}
