import type { HostId } from '../../core/base/ids.ts'
import { ALL_TRAFFIC, type Traffic, trafficOf } from '../control/traffic.ts'
import type { BranchInfo, Frame, TraceBatch, TraceRecord } from '../../engine/engine.ts'

/**
 * The run as it came from the engine: append-only arrays outside React. Whoever shows them subscribes to the store's
 * revision number and reads here. A record stands at the index that is its number.
 */
export interface RunData {
  records: TraceRecord[]
  /** By id; ids begin at 1. */
  frames: (Frame | undefined)[]
  /** Record of the flight of a frame, by frame id: where it was put on its link. */
  flightOf: (number | undefined)[]
  /** What each record is about, by its number. */
  traffic: Traffic[]
  /** What is stepped to and drawn. */
  shown: ReadonlySet<Traffic>
  branch: number
  branches: readonly BranchInfo[]
  now: number
  events: number
  bootEvents: number
  /** Number of the last record of boot, -1 if there is none: where a run begins to be shown. */
  bootRecord: number
  /** Lines that run in terminals, with what they have printed so far. */
  typed: readonly OpenLine[]
}

export interface OpenLine {
  host: HostId
  line: string
  output: string
}

export function emptyRun(): RunData {
  return {
    records: [],
    frames: [],
    flightOf: [],
    traffic: [],
    shown: ALL_TRAFFIC,
    branch: 0,
    branches: [],
    now: 0,
    events: 0,
    bootEvents: 0,
    bootRecord: -1,
    typed: [],
  }
}

/** Take in what the engine has sent. */
export function takeBatch(run: RunData, batch: TraceBatch): void {
  if (batch.reset) Object.assign(run, emptyRun(), { typed: run.typed, shown: run.shown })
  run.branch = batch.branch
  run.branches = batch.branches
  run.now = batch.now
  run.events = batch.events
  run.bootEvents = batch.bootEvents
  for (const frame of batch.frames) run.frames[frame.id] = frame
  for (const record of batch.records) {
    run.records.push(record)
    const bytes = record.kind === 'flight' ? run.frames[record.frame]?.bytes : undefined
    run.traffic.push(trafficOf(record, bytes, run.traffic[record.cause]))
    if (record.kind === 'flight') run.flightOf[record.frame] ??= record.i
  }
  run.bootRecord = lastBootRecord(run)
  run.typed = batch.typed.map(({ host, line, from, text }) => {
    const had =
      from === 0 ? '' : run.typed.find((other) => other.host === host && other.line === line)?.output
    return { host, line, output: (had ?? '').slice(0, from) + text }
  })
}

function lastBootRecord(run: RunData): number {
  let low = 0
  let high = run.records.length
  while (low < high) {
    const mid = (low + high) >>> 1
    if ((run.records[mid]?.event ?? 0) <= run.bootEvents) low = mid + 1
    else high = mid
  }
  return low - 1
}
