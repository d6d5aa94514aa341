import type { HostId } from '../base/ids.ts'
import type { Note } from '../kernel/note.ts'
import type { Trace, TraceRecord } from './trace.ts'

/** A value that a field of a note must have: exactly, one of several, or, for records, in the fields given. */
export type Match =
  string | number | boolean | readonly (string | number)[] | { readonly [field: string]: Match }

/**
 * Which notes are meant, as data: `{ on: 'ipvs.pick', host: 'LB1', where: { dport: 8080 } }`. In `where`, a list stands
 * for "one of these" unless the note's own field is a list, which must then be equal.
 */
export interface Cue {
  on: Note['kind']
  host?: HostId | readonly HostId[]
  where?: { readonly [field: string]: Match }
}

/** How often such notes must be there. Without a number: at least once. */
export interface TraceCheck {
  trace: Cue
  atLeast?: number
  atMost?: number
  exactly?: number
}

export interface CheckResult {
  pass: boolean
  count: number
  /** Numbers of the first matching records, as evidence; at most 100. */
  found: number[]
}

export function matchesCue(record: TraceRecord, cue: Cue): boolean {
  if (record.kind !== cue.on) return false
  if (cue.host !== undefined && !matches(record.host, cue.host)) return false
  return cue.where === undefined || matches(record, cue.where)
}

function matches(value: unknown, want: Match): boolean {
  if (isList(want)) {
    if (!Array.isArray(value)) return want.some((one) => one === value)
    return value.length === want.length && want.every((one, i) => one === value[i])
  }
  if (typeof want !== 'object') return value === want
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map<string, unknown>(Object.entries(value))
  return Object.entries(want).every(([name, one]) => matches(fields.get(name), one))
}

function isList(match: Match): match is readonly (string | number)[] {
  return Array.isArray(match)
}

/** Judge records [from, to) of a trace. */
export function checkTrace(
  trace: Trace,
  check: TraceCheck,
  from = 0,
  to = trace.records.length,
): CheckResult {
  const found: number[] = []
  let count = 0
  for (let i = from; i < to; i++) {
    const record = trace.records[i]
    if (record === undefined || !matchesCue(record, check.trace)) continue
    if (count++ < 100) found.push(record.i)
  }
  const { exactly, atMost } = check
  const atLeast = check.atLeast ?? (exactly === undefined && atMost === undefined ? 1 : 0)
  const pass =
    count >= atLeast &&
    (atMost === undefined || count <= atMost) &&
    (exactly === undefined || count === exactly)
  return { pass, count, found }
}
