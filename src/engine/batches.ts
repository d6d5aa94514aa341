import type { Frame, TraceRecord } from '../core/sim/trace.ts'
import type { TraceBatch } from './engine.ts'

/**
 * What is new, and where it goes on: after a `reset` the first `keepRecords` records and `keepFrames` frames of branch
 * `keepOf`, which the receiver has, stay. So a fork of a long run does not send it again.
 */
export interface TraceDelta extends TraceBatch {
  keepOf: number
  keepRecords: number
  keepFrames: number
}

type Listener = (batch: TraceBatch) => void

/** The receiving end: puts deltas together to batches that are whole after a reset, and hands them to listeners. */
export interface TraceHub {
  take: (delta: TraceDelta) => void
  /** A listener that comes late first gets all there is. Returns how to leave. */
  onTrace: (listener: Listener) => () => void
}

export function createTraceHub(): TraceHub {
  const branches = new Map<number, { records: TraceRecord[]; frames: Frame[] }>()
  const listeners = new Set<Listener>()
  let last: TraceBatch | undefined

  const take = (delta: TraceDelta): void => {
    const { keepOf, keepRecords, keepFrames, ...batch } = delta
    const had = branches.get(keepOf) ?? { records: [], frames: [] }
    if (batch.reset) {
      if (keepRecords === 0) branches.clear()
      branches.set(batch.branch, {
        records: had.records.slice(0, keepRecords),
        frames: had.frames.slice(0, keepFrames),
      })
    }
    const all = branches.get(batch.branch) ?? had
    append(all.records, batch.records)
    append(all.frames, batch.frames)
    last = batch
    const whole = batch.reset ? wholeOf(batch) : batch
    for (const listener of listeners) listener(whole)
  }
  const wholeOf = (batch: TraceBatch): TraceBatch => {
    const all = branches.get(batch.branch)
    return { ...batch, reset: true, records: all?.records.slice() ?? [], frames: all?.frames.slice() ?? [] }
  }
  const onTrace = (listener: Listener): (() => void) => {
    listeners.add(listener)
    if (last !== undefined) listener(wholeOf(last))
    return () => {
      listeners.delete(listener)
    }
  }
  return { take, onTrace }
}

/** One by one: a batch may be longer than the arguments of a call may be. */
function append<T>(list: T[], more: readonly T[]): void {
  for (const one of more) list.push(one)
}
