import type { TraceRecord } from '../../core/sim/trace.ts'
import { HOOK_MS, HOP_MS, type Beat } from './display-time.ts'

/** Steps inside a host that deserve a moment of their own, ms at speed 1 (look: hook to hook, rewrite, table row). */
const STEP_MS: Readonly<Partial<Record<TraceRecord['kind'], number>>> = {
  hook: HOOK_MS,
  ecmp: 240,
  'ipvs.pick': 240,
  'ipvs.xmit': 240,
  'arp.ignored': 160,
  neigh: 160,
  drop: 240,
}

/** The beats of a run: flights and the steps above, numbered like the trace. Records before `fromNs` (boot) are left out. */
export function beatsOfTrace(records: readonly TraceRecord[], fromNs = 0): Beat[] {
  const beats: Beat[] = []
  for (const record of records) {
    if (record.at < fromNs) continue
    if (record.kind === 'flight') {
      beats.push({ id: record.i, at: record.t0, until: record.t1, ms: HOP_MS })
    } else {
      const ms = STEP_MS[record.kind]
      if (ms !== undefined) beats.push({ id: record.i, at: record.at, until: record.at, ms })
    }
  }
  return beats
}
