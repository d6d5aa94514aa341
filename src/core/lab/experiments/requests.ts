import type { Nanos } from '../../base/ids.ts'
import type { Trace } from '../../sim/trace.ts'
import type { Load } from './load.ts'
import type { Losses } from './types.ts'

/** What the clients of the load saw, by curl's exit status and what it prints. */
export interface Seen {
  begun: number
  good: number
  slow: number
  losses: Losses
  /** Start of every request on a connection of its own that was lost, and of every one that was not; ascending. */
  lostNs: Nanos[]
  goodNs: Nanos[]
  longGood: number
  longLost: number
}

/** A SYN is sent again after a second. */
const SLOW_NS: Nanos = 0.9e9
const WHY: Readonly<Record<number, keyof Losses>> = { 7: 'refused', 28: 'timeout', 52: 'reset', 56: 'reset' }

export function seenBy(load: Load, trace: Trace, from: number): Seen {
  const seen: Seen = {
    ...{ begun: load.short.size, good: 0, slow: 0, lostNs: [], goodNs: [], longGood: 0, longLost: 0 },
    losses: { timeout: 0, refused: 0, reset: 0, other: 0 },
  }
  const { records } = trace
  for (let i = from; i < records.length; i++) {
    const record = records[i]
    if (record?.host !== load.client) continue
    if (record.kind === 'proc.exit') countExit(seen, load.short.get(record.pid), record.at, record.status)
    else if (record.kind === 'stdout' && load.long.has(record.pid)) {
      // -w '%{http_code}\n'; the bodies are empty
      if (record.text === '200\n') seen.longGood++
      else seen.longLost++
    }
  }
  seen.lostNs.sort((a, b) => a - b)
  seen.goodNs.sort((a, b) => a - b)
  return seen
}

function countExit(seen: Seen, begunNs: Nanos | undefined, atNs: Nanos, status: number): void {
  if (begunNs === undefined) return
  if (status === 0) {
    seen.good++
    seen.goodNs.push(begunNs)
    if (atNs - begunNs > SLOW_NS) seen.slow++
  } else {
    seen.losses[WHY[status] ?? 'other']++
    seen.lostNs.push(begunNs)
  }
}
