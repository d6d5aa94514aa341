import { ETH, ethDst, ethSrc } from '../../core/wire/ethernet.ts'
import { type Bytes } from '../../core/base/bytes.ts'
import { type HostId, MAC_ZERO, type Nanos } from '../../core/base/ids.ts'
import type { FilterFrame } from '../../core/wire/display-filter/frame.ts'
import { createStreamReader } from '../../core/wire/display-filter/streams.ts'
import type { Capture as FileCapture } from '../../core/wire/pcapng.ts'
import type { TraceRecord } from '../../engine/engine.ts'
import type { RunData } from '../session/run-data.ts'

/** Where frames are caught: on every link once, at all interfaces of a host, at one interface. */
export type CapturePoint =
  { at: 'all' } | { at: 'host'; host: HostId } | { at: 'port'; host: HostId; dev: string }

/** A frame of a capture; `record` is its note in the run, -1 in an imported file. */
export interface CapturedFrame extends FilterFrame {
  record: number
  at: Nanos
  host: HostId
  dev: string
  way: 'in' | 'out' | undefined
}

type Seen = Extract<TraceRecord, { kind: 'flight' | 'rx' | 'tx' }>

/**
 * The frames of a run as they were seen at one point, numbered from 1 as in a capture file. Grows with the run: `extend`
 * takes in what is new. Frames of boot are left out.
 */
export class LiveCapture {
  readonly frames: CapturedFrame[] = []
  private readonly run: RunData
  private readonly point: CapturePoint
  private readonly read = createStreamReader()
  private seen = 0

  constructor(run: RunData, point: CapturePoint) {
    this.run = run
    this.point = point
  }

  extend(): void {
    const { records, bootRecord } = this.run
    for (this.seen = Math.max(this.seen, bootRecord + 1); this.seen < records.length; this.seen++) {
      const record = records[this.seen]
      if (record !== undefined && isSeenAt(this.point, record)) this.add(record)
    }
  }

  private add(record: Seen): void {
    const bytes = this.run.frames[record.frame]?.bytes
    if (bytes === undefined) return
    const raw = record.kind !== 'flight' && record.dev !== 'lo' && hasNoLink(bytes)
    const shown = raw ? bytes.subarray(ETH.size) : bytes
    const at = record.kind === 'flight' ? record.t0 : record.at
    const way =
      record.kind === 'flight' ? undefined : record.kind === 'rx' ? ('in' as const) : ('out' as const)
    const first = this.frames[0]?.at ?? at
    const last = this.frames.at(-1)?.at ?? at
    // an interface that forwards sees a packet twice, coming and going: that is not a packet sent twice
    const place = `${record.host}:${record.dev} ${way ?? ''}`
    this.frames.push({
      record: record.i,
      number: this.frames.length + 1,
      at,
      sinceFirst: at - first,
      sinceLast: at - last,
      bytes: shown,
      raw,
      host: record.host,
      dev: record.dev,
      way,
      point: `${record.host}:${record.dev}`,
      from: record.kind === 'rx' ? [] : [record.host],
      to: record.kind === 'flight' ? record.to.map((end) => end.host) : way === 'in' ? [record.host] : [],
      lost: record.kind === 'flight' && record.lost !== undefined,
      tcp: this.read(shown, raw, at, place),
    })
  }
}

function isSeenAt(point: CapturePoint, record: TraceRecord): record is Seen {
  if (point.at === 'all') return record.kind === 'flight'
  if ((record.kind !== 'rx' && record.kind !== 'tx') || record.host !== point.host) return false
  return point.at === 'host' || record.dev === point.dev
}

function hasNoLink(b: Bytes): boolean {
  return ethSrc(b) === MAC_ZERO && ethDst(b) === MAC_ZERO
}

/** The packets of a file, as rows. Hosts of the lab play no part in it. */
export function framesOfFile({ interfaces, packets }: FileCapture): CapturedFrame[] {
  const read = createStreamReader()
  const first = packets[0]?.at ?? 0
  let last = first
  return packets.map(({ iface, at, bytes, way }, i) => {
    const { name = '', raw = false } = interfaces[iface] ?? {}
    const sinceLast = at - last
    last = at
    return {
      ...{ record: -1, number: i + 1, at, sinceFirst: at - first, sinceLast, bytes, raw, way },
      ...{ host: '', dev: name, point: name, from: [], to: [], lost: false },
      tcp: read(bytes, raw, at, `${iface} ${way ?? ''}`),
    }
  })
}

/** A capture of the run as a file for packet analysers: an interface of the file for each interface of the lab. */
export function fileOfFrames(
  frames: readonly CapturedFrame[],
  lostText: (record: number) => string,
): FileCapture {
  const numbers = new Map<string, number>()
  const interfaces: FileCapture['interfaces'] = []
  const packets = frames.map((frame) => {
    let iface = numbers.get(frame.point)
    if (iface === undefined) {
      iface = interfaces.length
      numbers.set(frame.point, iface)
      interfaces.push({ name: frame.point, description: `${frame.dev} of ${frame.host}`, raw: frame.raw })
    }
    const { at, bytes, way } = frame
    const comment = frame.lost ? { comment: lostText(frame.record) } : {}
    return { iface, at, bytes, ...(way === undefined ? {} : { way }), ...comment }
  })
  return { interfaces, packets }
}

/** What passes a filter, kept up to date while the capture grows. */
export class Filtered {
  readonly rows: number[] = []
  private readonly frames: readonly CapturedFrame[]
  private readonly test: (frame: CapturedFrame) => boolean
  private seen = 0

  constructor(frames: readonly CapturedFrame[], test: (frame: CapturedFrame) => boolean) {
    this.frames = frames
    this.test = test
  }

  extend(): void {
    for (; this.seen < this.frames.length; this.seen++) {
      const frame = this.frames[this.seen]
      if (frame !== undefined && this.test(frame)) this.rows.push(this.seen)
    }
  }
}
