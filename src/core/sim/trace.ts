import type { Bytes } from '../base/bytes.ts'
import type { FrameId, HostId, Nanos } from '../base/ids.ts'
import type { Note } from '../kernel/note.ts'

/** A frame as it was on the wire. `bytes` are never mutated. `parent`: the same packet before forwarding, NAT or encapsulation. */
export interface Frame {
  id: FrameId
  bytes: Bytes
  parent: FrameId
  /** Event in which it was born. */
  event: number
}

/** A note with its place in the run. `cause` = number of the note that led to it, -1 = none. Records are numbered from 0. */
export type TraceRecord = { i: number; at: Nanos; host: HostId; event: number; cause: number } & Note

/** What was seen of a run: record `i` is at index `i`, frame `id` at index `id - 1`. Append-only. */
export interface Trace {
  records: TraceRecord[]
  frames: Frame[]
}

export function createTrace(): Trace {
  return { records: [], frames: [] }
}

/** The chain of notes that led to record `i`, the first cause first. */
export function causesOf(trace: Trace, i: number): TraceRecord[] {
  const chain: TraceRecord[] = []
  let record = trace.records[i]
  while (record !== undefined) {
    chain.push(record)
    record = record.cause >= 0 && record.cause < record.i ? trace.records[record.cause] : undefined
  }
  return chain.reverse()
}
