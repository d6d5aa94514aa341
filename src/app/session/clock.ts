import { isQuiet } from '../control/traffic.ts'
import { beatsOfTrace } from '../../view/timeline/beats.ts'
import { buildDisplayTime, type DisplayTime } from '../../view/timeline/display-time.ts'
import type { RunData } from './run-data.ts'

/** Display time of a run, note by note. */
export interface RunClock {
  /** When note `k` has happened on the screen: a frame stands at its link, a step inside a host is done. Rises with k. */
  at: (k: number) => number
  /** Last note that has happened at a display time, -1 before the first. */
  kAt: (ms: number) => number
  span: (k: number) => readonly [number, number] | undefined
  lengthMs: number
}

/** Boot takes no display time: its notes all stand at 0. Nor does quiet chatter: the time between is idle. */
export function clockOf(run: RunData): RunClock {
  const startNs = run.records[run.bootRecord]?.at ?? 0
  const time = buildDisplayTime(
    beatsOfTrace(run.records.filter(({ i }) => i > run.bootRecord && !isQuiet(run, i))),
    startNs,
    Math.max(run.now, startNs),
  )
  const at = new Float64Array(run.records.length)
  let last = 0
  for (let k = run.bootRecord + 1; k < at.length; k++) {
    last = Math.max(last, standOf(run, k, time))
    at[k] = last
  }
  return {
    at: (k) => (k < 0 ? 0 : (at[Math.min(k, at.length - 1)] ?? 0)),
    kAt: (ms) => lastAtMost(at, ms),
    span: time.spanOf,
    lengthMs: Math.max(time.lengthMs, last),
  }
}

function standOf(run: RunData, k: number, time: DisplayTime): number {
  const record = run.records[k]
  if (record === undefined) return 0
  const span = time.spanOf(k)
  if (span === undefined) return time.displayOf(record.at, 'before')
  return record.kind === 'flight' ? span[0] : span[1]
}

function lastAtMost(at: Float64Array, ms: number): number {
  let low = 0
  let high = at.length
  while (low < high) {
    const mid = (low + high) >>> 1
    if ((at[mid] ?? 0) <= ms + 1e-6) low = mid + 1
    else high = mid
  }
  return low - 1
}
