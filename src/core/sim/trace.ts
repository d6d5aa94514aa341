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
