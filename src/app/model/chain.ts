import type { FrameId, HostId } from '../../core/base/ids.ts'
import type { TraceRecord } from '../../engine/engine.ts'

type Records = readonly TraceRecord[]

/** Longest chain that is followed back; a run has longer ones (each segment of a transfer causes the next). */
const MAX_CHAIN = 2000

/** Numbers of the notes that led to note `k`, oldest first, `k` last. */
export function chainOf(records: Records, k: number, limit = MAX_CHAIN): number[] {
  const chain: number[] = []
  for (let i = k; i >= 0 && chain.length < limit; i = records[i]?.cause ?? -1) chain.push(i)
  return chain.reverse()
}

/** The frame a note speaks of: its own, or the one on the way to it. */
export function frameAt(records: Records, k: number): FrameId | undefined {
  for (let i = k, n = 0; i >= 0 && n < MAX_CHAIN; n++) {
    const record = records[i]
    if (record === undefined) return undefined
    const frame = frameOfNote(record)
    if (frame !== undefined && frame > 0) return frame
    i = record.cause
  }
  return undefined
}

export function frameOfNote(record: TraceRecord): FrameId | undefined {
  return record.kind === 'flight' || record.kind === 'rx' || record.kind === 'tx' || record.kind === 'drop'
    ? record.frame
    : undefined
}

/** A stretch of a chain that happened on one host, from the frame's coming in (or a program's start) to its leaving. */
export interface Stay {
  host: HostId
  notes: number[]
}

/** The chain of `k` cut where the packet goes from host to host. A flight ends a stay. */
export function staysOf(records: Records, k: number, limit = MAX_CHAIN): Stay[] {
  const stays: Stay[] = []
  let open: Stay | undefined
  for (const i of chainOf(records, k, limit)) {
    const record = records[i]
    if (record === undefined) continue
    if (open?.host !== record.host || record.kind === 'rx') {
      open = { host: record.host, notes: [] }
      stays.push(open)
    }
    open.notes.push(i)
  }
  return stays
}

/** The flight that brought the packet to the host where note `k` was made; undefined for what was born there. */
export function flightBefore(records: Records, k: number): number | undefined {
  const host = records[k]?.host
  for (let i = records[k]?.cause ?? -1, n = 0; i >= 0 && n < MAX_CHAIN; n++) {
    const record = records[i]
    if (record === undefined) return undefined
    if (record.kind === 'flight' && record.host !== host) return i
    if (record.kind === 'proc.start' || record.kind === 'command') return undefined
    i = record.cause
  }
  return undefined
}
