import type { Bytes } from '../core/base/bytes.ts'
import type { DevName, HostId } from '../core/base/ids.ts'
import { captureOf, captureOfSegment } from '../core/lab/capture.ts'
import type { Timeline } from '../core/sim/timeline.ts'
import { pcapFile } from '../core/wire/pcap.ts'

/** A capture file of what came after event `fromEvent`: of one interface, or of all links in order of time. */
export function writeCapture(
  { trace, world }: Timeline,
  fromEvent: number,
  point?: { host: HostId; dev: DevName },
): Bytes {
  const found = trace.records.findIndex((record) => record.event > fromEvent)
  const from = found < 0 ? trace.records.length : found
  if (point) return pcapFile(captureOf(trace, point.host, point.dev, from))
  const all = Object.keys(world.segments).flatMap((segment) => captureOfSegment(trace, segment, from))
  return pcapFile(all.sort((a, b) => a.at - b.at))
}
