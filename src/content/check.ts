import { matchesCue } from '../core/sim/checks.ts'
import type { TraceRecord } from '../core/sim/trace.ts'
import type { Check, Cue, RunFacts } from './lesson.ts'

/** What the notes of a run add up to. Pure: the same notes give the same facts. */
export function factsOf(records: readonly TraceRecord[]): RunFacts {
  const byLb: Record<string, number> = {}
  const byServer: Record<string, number> = {}
  const decisions: RunFacts['decisions'][number][] = []
  let answered = 0
  for (const record of records) {
    if (record.kind === 'ipvs.pick') byLb[record.host] = (byLb[record.host] ?? 0) + 1
    else if (record.kind === 'request' && record.check === true) continue
    else if (record.kind === 'request' && record.role === 'server')
      byServer[record.host] = (byServer[record.host] ?? 0) + 1
    else if (record.kind === 'request') answered += 1
    else if (record.kind === 'ecmp') {
      const gateway = record.gateways[record.pick]
      if (gateway !== undefined) decisions.push({ gateway, hash: record.hash, policy: record.policy })
    }
  }
  return { records, byLb, byServer, answered, decisions }
}

/** Whether a check on the notes holds. `sh` checks need a host and are run by the engine: `output` is what it printed. */
export function holds(check: Check, facts: RunFacts, output = ''): boolean {
  if (check.kind === 'sh') return output.includes(check.includes)
  if (check.kind === 'facts') return check.holds(facts)
  let count = 0
  for (const record of facts.records) if (matchesCue(record, check.cue)) count += 1
  return count >= (check.min ?? 1) && count <= (check.max ?? Infinity)
}

/** The first note from number `from` on that the cue speaks of. */
export function firstMatch(records: readonly TraceRecord[], cue: Cue, from: number): TraceRecord | undefined {
  for (let i = from; i < records.length; i++) {
    const record = records[i]
    if (record !== undefined && matchesCue(record, cue)) return record
  }
  return undefined
}
