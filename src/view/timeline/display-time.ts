import type { Nanos } from '../../core/base/ids.ts'

/**
 * Presentation time: simulated nanoseconds to display milliseconds, a pure function of the run. A hop of microseconds
 * takes 480 ms, steps inside a host (which take no simulated time) 140 ms each, and idle time shrinks to a short pause.
 * Flights that overlap share their time: every one of them lasts at least its 480 ms.
 * All at speed 1; a player that runs faster divides.
 */
export const HOP_MS = 480
export const HOOK_MS = 140
/** Idle longer than this is marked as a break on the axis. */
export const BREAK_NS: Nanos = 5_000_000
const IDLE_MAX_MS = 320
const IDLE_UNIT_NS: Nanos = 100_000
const IDLE_STEP_MS = 40

/** Something worth time on the screen. `until === at`: a step that takes no simulated time. In order of `id`, `at` rises. */
export interface Beat {
  /** The caller's number, e.g. of the trace record; rises. */
  id: number
  at: Nanos
  until: Nanos
  ms: number
}

export interface DisplayTime {
  /** Whole length, ms. */
  lengthMs: number
  startNs: Nanos
  endNs: Nanos
  /** Display time of a simulated instant: after the steps shown at that instant, or before them. */
  displayOf: (at: Nanos, side?: 'before' | 'after') => number
  /** Simulated time at a display time, whole ns. */
  simOf: (ms: number) => Nanos
  /** From when to when a beat is shown. Undefined for an unknown id. */
  spanOf: (id: number) => readonly [fromMs: number, toMs: number] | undefined
  /** Last beat that has begun at this display time, -1 before the first. */
  beatAt: (ms: number) => number
  /** Idle stretches that were shortened. */
  breaks: readonly { atMs: number; untilMs: number; skippedNs: Nanos }[]
}

interface Piece {
  ms0: number
  ms1: number
  ns0: Nanos
  ns1: Nanos
}

interface Step {
  id: number
  ms0: number
  ms1: number
}

/** `endNs`: the run goes on idle until then. */
export function buildDisplayTime(beats: readonly Beat[], startNs: Nanos, endNs: Nanos): DisplayTime {
  const { pieces, steps, breaks } = layPieces(beats, startNs, endNs)
  const lengthMs = pieces[pieces.length - 1]?.ms1 ?? 0
  const displayOf = (at: Nanos, side: 'before' | 'after' = 'after'): number => displayIn(pieces, at, side)
  const spans = new Map<number, readonly [number, number]>()
  for (const step of steps) spans.set(step.id, [step.ms0, step.ms1])
  for (const beat of beats) {
    if (beat.until > beat.at)
      spans.set(beat.id, [displayOf(beat.at, 'after'), displayOf(beat.until, 'before')])
  }
  const begun = [...spans]
    .map(([id, span]) => ({ id, ms: span[0] }))
    .sort((a, b) => a.ms - b.ms || a.id - b.id)
  return {
    lengthMs,
    startNs,
    endNs,
    displayOf,
    simOf: (ms) => simIn(pieces, ms),
    spanOf: (id) => spans.get(id),
    beatAt: (ms) => begun[lastAtMost(begun, (b) => b.ms, ms)]?.id ?? -1,
    breaks,
  }
}

/** Display length of idle simulated time: nothing for nothing, then growing slowly to a short pause. */
export function idleMs(gapNs: Nanos): number {
  return Math.min(IDLE_MAX_MS, IDLE_STEP_MS * Math.log2(1 + gapNs / IDLE_UNIT_NS))
}

/** Cut the run at every instant where something begins, ends or is shown, and give each stretch its display length. */
function layPieces(
  beats: readonly Beat[],
  startNs: Nanos,
  endNs: Nanos,
): { pieces: Piece[]; steps: Step[]; breaks: { atMs: number; untilMs: number; skippedNs: Nanos }[] } {
  const cuts = [...new Set([startNs, endNs, ...beats.flatMap((b) => [b.at, b.until])])]
    .filter((at) => at >= startNs)
    .sort((a, b) => a - b)
  const hops = beats.filter((b) => b.until > b.at).sort((a, b) => a.at - b.at || a.id - b.id)
  const instants = beats.filter((b) => b.until === b.at).sort((a, b) => a.at - b.at || a.id - b.id)
  const pieces: Piece[] = []
  const steps: Step[] = []
  const breaks: { atMs: number; untilMs: number; skippedNs: Nanos }[] = []
  let ms = 0
  let nextStep = 0
  let nextHop = 0
  let open: Beat[] = []
  cuts.forEach((ns0, i) => {
    const first = ms
    for (let step = instants[nextStep]; step && step.at <= ns0; step = instants[++nextStep]) {
      if (step.at < startNs) continue
      steps.push({ id: step.id, ms0: ms, ms1: ms + step.ms })
      ms += step.ms
    }
    if (ms > first || pieces.length === 0) pieces.push({ ms0: first, ms1: ms, ns0, ns1: ns0 })
    const ns1 = cuts[i + 1]
    if (ns1 === undefined) return
    for (let hop = hops[nextHop]; hop && hop.at <= ns0; hop = hops[++nextHop]) open.push(hop)
    open = open.filter((hop) => hop.until > ns0)
    const rate = Math.max(0, ...open.map((hop) => hop.ms / (hop.until - hop.at)))
    const length = rate > 0 ? rate * (ns1 - ns0) : idleMs(ns1 - ns0)
    if (rate === 0 && ns1 - ns0 > BREAK_NS)
      breaks.push({ atMs: ms, untilMs: ms + length, skippedNs: ns1 - ns0 })
    pieces.push({ ms0: ms, ms1: ms + length, ns0, ns1 })
    ms += length
  })
  return { pieces, steps, breaks }
}

function displayIn(pieces: readonly Piece[], at: Nanos, side: 'before' | 'after'): number {
  if (side === 'after') {
    const piece = pieces[lastAtMost(pieces, (p) => p.ns0, at)]
    return piece ? within(at, piece.ns0, piece.ns1, piece.ms0, piece.ms1, 1) : 0
  }
  const first = pieces[lastAtMost(pieces, (p) => p.ns1, at - 0.5) + 1]
  if (!first) return pieces[pieces.length - 1]?.ms1 ?? 0
  return within(at, first.ns0, first.ns1, first.ms0, first.ms1, 0)
}

function simIn(pieces: readonly Piece[], ms: number): Nanos {
  const piece =
    pieces[
      Math.max(
        0,
        lastAtMost(pieces, (p) => p.ms0, ms),
      )
    ]
  return piece ? Math.round(within(ms, piece.ms0, piece.ms1, piece.ns0, piece.ns1, 1)) : 0
}

/** Linear between two points, clamped; for an empty stretch its begin (`side` 0) or end (1). */
function within(
  value: number,
  from: number,
  to: number,
  outFrom: number,
  outTo: number,
  side: 0 | 1,
): number {
  if (to === from) return value < from || side === 0 ? outFrom : outTo
  const p = Math.min(1, Math.max(0, (value - from) / (to - from)))
  return outFrom + p * (outTo - outFrom)
}

/** Index of the last item whose key is at most `limit`; keys rise. -1 when there is none. */
export function lastAtMost<T>(items: readonly T[], key: (item: T) => number, limit: number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = items[middle]
    if (item !== undefined && key(item) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}
