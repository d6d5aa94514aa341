import type { TraceRecord } from '../../engine/engine.ts'
import type { StepSize } from '../prefs/read-prefs.ts'
import { isQuiet } from '../control/traffic.ts'
import type { RunData } from '../session/run-data.ts'

/** Drops that tell nothing: a flooded frame reaches hosts that it is not for, and what asks all means some. */
const QUIET_DROPS: readonly string[] = ['OTHERHOST', 'ARP_NOT_MINE', 'MCAST_NOT_JOINED']

export function isQuietDrop(record: TraceRecord): boolean {
  return record.kind === 'drop' && QUIET_DROPS.includes(record.why)
}

/**
 * Where the playhead stands when stepping. `event`: every note that is shown. `hop`: a frame stands ready at its link, a
 * packet was lost, or a person has typed something. `exchange`: a question and its answer, see `isTurn`.
 */
export interface Stops {
  event: number[]
  hop: number[]
  exchange: number[]
  /** Per TCP or echo flow: who opened it, and whether the other side spoke last. For `exchange`. */
  turns: Map<string, { opener: string; answered: boolean }>
  /** Records looked at so far. */
  seen: number
}

export function emptyStops(): Stops {
  return { event: [], hop: [], exchange: [], turns: new Map(), seen: 0 }
}

/** Bring the stops up to date with the run; what was there stays. */
export function extendStops(
  stops: Stops,
  run: RunData,
  flowOf: (frame: number) => FlowEnds | undefined,
): void {
  for (; stops.seen < run.records.length; stops.seen++) {
    const record = run.records[stops.seen]
    if (record === undefined || stops.seen <= run.bootRecord) continue
    if (isQuiet(run, stops.seen)) continue
    if (isShown(record)) stops.event.push(record.i)
    if (!isHopStop(record)) continue
    stops.hop.push(record.i)
    if (record.kind !== 'flight' || isTurn(stops, run, record, flowOf)) stops.exchange.push(record.i)
  }
}

/** The two ends of the conversation a frame belongs to, `from` being its sender. */
export interface FlowEnds {
  key: string
  from: string
}

/** A note that only repeats the next one (handing to the device) is not shown as a step. */
function isShown(record: TraceRecord): boolean {
  return record.kind !== 'tx' && record.kind !== 'stdout' && !isQuietDrop(record)
}

function isHopStop(record: TraceRecord): boolean {
  if (record.kind === 'drop') return !isQuietDrop(record)
  if (isTurningPoint(record)) return true
  return (
    record.kind === 'flight' ||
    record.kind === 'command' ||
    record.kind === 'limit' ||
    record.kind === 'cable'
  )
}

/** What routing and health come to: worth standing still at, however quiet the packets that led there. */
export function isTurningPoint(record: TraceRecord): boolean {
  if (record.kind === 'ospf.neighbor') return record.to === 'Full' || record.from === 'Full'
  if (record.kind === 'host') return true
  return (
    record.kind === 'health' || record.kind === 'quorum' || record.kind === 'vrrp' || record.kind === 'rib'
  )
}

/** The opener of a flow speaks after the other side has spoken (or for the first time): a new exchange begins. */
function isTurn(
  stops: Stops,
  run: RunData,
  record: Extract<TraceRecord, { kind: 'flight' }>,
  flowOf: (frame: number) => FlowEnds | undefined,
): boolean {
  if ((run.frames[record.frame]?.parent ?? 0) !== 0) return false
  const ends = flowOf(record.frame)
  if (ends === undefined) return false
  const turn = stops.turns.get(ends.key)
  if (turn === undefined) {
    stops.turns.set(ends.key, { opener: ends.from, answered: false })
    return true
  }
  const again = turn.answered && ends.from === turn.opener
  turn.answered = ends.from !== turn.opener
  return again
}

/** First stop after `k`, or the end of the run. */
export function nextStop(stops: Stops, size: StepSize, k: number, end: number): number {
  const list = stops[size]
  return list[firstAfter(list, k)] ?? end
}

/** Last stop before `k`, or the beginning. */
export function previousStop(stops: Stops, size: StepSize, k: number, begin: number): number {
  const list = stops[size]
  return list[firstAfter(list, k - 1) - 1] ?? begin
}

/** Index of the first element greater than `k` in an ascending list. */
export function firstAfter(list: readonly number[], k: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const mid = (low + high) >>> 1
    if ((list[mid] ?? 0) <= k) low = mid + 1
    else high = mid
  }
  return low
}
