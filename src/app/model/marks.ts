import type { TraceRecord } from '../../engine/engine.ts'
import type { MarkKind, ScrubberMark } from '../../view/timeline/scrubber-model.ts'
import { isQuiet } from '../control/traffic.ts'
import type { RunClock } from '../session/clock.ts'
import type { RunData } from '../session/run-data.ts'
import { isTurningPoint } from './stops.ts'
import { isJump } from './jumps.ts'

/** Two marks nearer than this, px, are shown as the weightier one; in a crowded run they stand farther apart. */
const MIN_GAP_PX = 10
const CROWDED_GAP_PX = 28
/** Marks that a track holds before it is called crowded, per px. */
const CROWDED = 1 / 16
const WEIGHT: Record<MarkKind, number> = { quiet: -1, event: 0, arp: 1, rewrite: 2, drop: 3 }

/** Marks of the track, thinned so that they can be told apart at `width` px. */
export function marksOf(run: RunData, clock: RunClock, width: number): ScrubberMark[] {
  const marks = thinned(run, clock, width, MIN_GAP_PX)
  return marks.length > width * CROWDED ? thinned(run, clock, width, CROWDED_GAP_PX) : marks
}

function thinned(run: RunData, clock: RunClock, width: number, gapPx: number): ScrubberMark[] {
  const marks: ScrubberMark[] = []
  const gapMs = (gapPx * clock.lengthMs) / Math.max(width, 1)
  for (let k = run.bootRecord + 1; k < run.records.length; k++) {
    const record = run.records[k]
    const kind = record && (isQuiet(run, k) ? quietMark(record) : markOf(run, record))
    if (kind === undefined) continue
    const mark = { atMs: clock.at(k), kind }
    const last = marks.at(-1)
    if (last === undefined || mark.atMs - last.atMs >= gapMs) marks.push(mark)
    else if (WEIGHT[kind] > WEIGHT[last.kind]) marks[marks.length - 1] = { atMs: last.atMs, kind }
  }
  return marks
}

/** Chatter that is passed over: one thin mark per packet. */
function quietMark(record: TraceRecord): MarkKind | undefined {
  return record.kind === 'flight' ? 'quiet' : undefined
}

function markOf(run: RunData, record: TraceRecord): MarkKind | undefined {
  if (isJump(run, record, 'drop')) return 'drop'
  if (isJump(run, record, 'rewrite')) return 'rewrite'
  if (record.kind === 'arp.request') return 'arp'
  if (isTurningPoint(record)) return 'event'
  return record.kind === 'command' || record.kind === 'proc.start' ? 'event' : undefined
}
