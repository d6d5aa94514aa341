import { BREAK_NS, type Beat, buildDisplayTime } from '../timeline/display-time.ts'
import type { LadderChange, LadderFrame, LadderInput, LadderLayout, LadderPhase } from './model.ts'

const TOP_PX = 26
const END_PX = 24
const TIME_PX = 92
const NOTE_PX = 300
/** Room for the first column's states, left of it, and for the last one's, right of it. */
export const STATE_PX = 112
/** A flag in full with its TTL, and arrow on both sides. */
const FULL_GAP = 232
const LEAST_GAP = 128
const MOST_GAP = 320
/** Idle time takes at most a tenth of what it takes on the stage. */
const FOLD = 10
/** Share of a row's height that a frame sinks while it travels alone. */
const SLANT = 0.42

/** Where everything stands, in px. Pure; a row for each frame, in order. */
export function layoutLadder(input: LadderInput): LadderLayout {
  const { frames, changes, pitch } = input
  const across = layAcross(input.columns, input.width)
  const down = input.timed ? timedRows(frames, pitch) : equalRows(frames, pitch)
  const last = down.rows.at(-1)
  const height = (last === undefined ? TOP_PX : Math.max(last.y0, last.y1)) + pitch / 2 + END_PX
  const places = new Map(frames.map((frame, i) => [frame.id, i]))
  const changeY = changes.map((change) => yOfChange(change, frames, down.rows, places, pitch))
  return {
    ...across,
    ...down,
    height,
    pitch,
    changeY,
    bars: barsOf(input, changeY, height - END_PX / 2),
    knots: knotsOf(frames, down.rows, pitch),
  }
}

function layAcross(count: number, width: number) {
  const gaps = Math.max(1, count - 1)
  const fixed = TIME_PX + 2 * STATE_PX
  const withNotes = (width - fixed - NOTE_PX) / gaps
  const noted = withNotes >= LEAST_GAP
  const gap = Math.min(MOST_GAP, Math.max(LEAST_GAP, noted ? withNotes : (width - fixed) / gaps))
  const first = TIME_PX + STATE_PX
  const columnX = Array.from({ length: count }, (_, i) => Math.round(first + i * gap))
  const right = (columnX.at(-1) ?? first) + STATE_PX
  return {
    width: Math.max(width, right + (noted ? 160 : 0)),
    columnX,
    timeX: TIME_PX,
    noteX: noted ? right + 8 : undefined,
    full: gap >= FULL_GAP,
  }
}

type Down = Pick<LadderLayout, 'rows' | 'breaks'>

function equalRows(frames: readonly LadderFrame[], pitch: number): Down {
  const rows = frames.map((_, i) => ({ y0: TOP_PX + i * pitch, y1: TOP_PX + i * pitch }))
  const breaks = frames.flatMap((frame, i) => {
    const skippedNs = frame.at - (frames[i - 1]?.until ?? frame.at)
    return skippedNs > BREAK_NS ? [{ y: TOP_PX + (i - 0.5) * pitch, skippedNs }] : []
  })
  return { rows, breaks }
}

/** Presentation time in px: each frame has room for its flag, then sinks while it travels; idle time is folded. */
function timedRows(frames: readonly LadderFrame[], pitch: number): Down {
  const [stand, slant] = [pitch * (1 - SLANT) * FOLD, pitch * SLANT * FOLD]
  const beats = frames.flatMap((frame, i): Beat[] => [
    { id: 2 * i, at: frame.at, until: frame.at, ms: stand },
    { id: 2 * i + 1, at: frame.at, until: Math.max(frame.until, frame.at + 1), ms: slant },
  ])
  const startNs = frames[0]?.at ?? 0
  const endNs = frames.reduce((end, frame) => Math.max(end, frame.until, frame.at + 1), startNs)
  const time = buildDisplayTime(beats, startNs, endNs)
  const px = (ms: number): number => TOP_PX - (pitch * (1 - SLANT)) / 2 + ms / FOLD
  const rows = frames.map((_, i) => {
    const stands = time.spanOf(2 * i) ?? [0, 0]
    const travels = time.spanOf(2 * i + 1) ?? stands
    const y0 = px((stands[0] + stands[1]) / 2)
    return { y0, y1: Math.max(y0, px(travels[1])) }
  })
  const breaks = time.breaks.map(({ atMs, untilMs, skippedNs }) => ({
    y: px((atMs + untilMs) / 2),
    skippedNs,
  }))
  return { rows, breaks }
}

/** Beside the frame that it belongs to, else between the frames before and after it in time. */
function yOfChange(
  change: LadderChange,
  frames: readonly LadderFrame[],
  rows: Down['rows'],
  places: ReadonlyMap<number, number>,
  pitch: number,
): number {
  const own = change.frame === undefined ? undefined : rows[places.get(change.frame.id) ?? -1]
  if (own !== undefined) return change.frame?.end === 'arrives' ? own.y1 : own.y0
  const before = lastBefore(frames, change.id)
  const row = rows[before]
  return row === undefined ? TOP_PX - pitch / 2 : Math.max(row.y0, row.y1) + pitch / 2
}

/** Place of the last frame with a smaller number, -1 when there is none. */
export function lastBefore(frames: readonly LadderFrame[], id: number): number {
  let low = 0
  let high = frames.length
  while (low < high) {
    const mid = (low + high) >>> 1
    if ((frames[mid]?.id ?? 0) < id) low = mid + 1
    else high = mid
  }
  return low - 1
}

/** What each column's bar shows from top to bottom. */
function barsOf(input: LadderInput, changeY: readonly number[], bottom: number): LadderLayout['bars'] {
  return Array.from({ length: input.columns }, (_, column) => {
    const bars: { y0: number; y1: number; phase: LadderPhase }[] = [{ y0: 0, y1: bottom, phase: 'none' }]
    input.changes.forEach((change, i) => {
      const last = bars.at(-1)
      if (change.column !== column || change.phase === undefined || last === undefined) return
      const y = Math.max(last.y0, changeY[i] ?? 0)
      if (change.phase === last.phase) return
      last.y1 = y
      bars.push({ y0: y, y1: bottom, phase: change.phase })
    })
    return bars.filter((bar) => bar.y1 > bar.y0)
  })
}

function knotsOf(frames: readonly LadderFrame[], rows: Down['rows'], pitch: number): LadderLayout['knots'] {
  const knots = frames.flatMap((frame, i): [number, number][] => {
    const { y0, y1 } = rows[i] ?? { y0: 0, y1: 0 }
    return [
      [frame.span[0], y0],
      [frame.span[1], Math.max(y1, y0 + pitch * SLANT)],
    ]
  })
  knots.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  let most = 0
  for (const knot of knots) knot[1] = most = Math.max(most, knot[1])
  return knots
}

/** Height of a display time: between the two knots around it. */
export function yOfTime(knots: LadderLayout['knots'], ms: number): number {
  let low = 0
  let high = knots.length
  while (low < high) {
    const mid = (low + high) >>> 1
    if ((knots[mid]?.[0] ?? 0) <= ms) low = mid + 1
    else high = mid
  }
  const before = knots[low - 1]
  const after = knots[low]
  if (before === undefined) return Math.max(0, (after?.[1] ?? TOP_PX) - TOP_PX / 2)
  if (after === undefined) return before[1]
  return before[1] + ((after[1] - before[1]) * (ms - before[0])) / (after[0] - before[0])
}
