import type { HostId } from '../../core/base/ids.ts'
import type { RunData } from '../session/run-data.ts'
import { firstAfter } from './stops.ts'

/** Where connections were taken on by load balancers and requests answered by servers: note numbers by host. */
export interface Tally {
  lb: Map<HostId, number[]>
  server: Map<HostId, number[]>
  seen: number
}

export function emptyTally(): Tally {
  return { lb: new Map(), server: new Map(), seen: 0 }
}

export function extendTally(tally: Tally, run: RunData): void {
  for (; tally.seen < run.records.length; tally.seen++) {
    const record = run.records[tally.seen]
    if (record === undefined || tally.seen <= run.bootRecord) continue
    if (record.kind === 'ipvs.pick') push(tally.lb, record.host, record.i)
    else if (record.kind === 'request' && record.role === 'server' && !record.check)
      push(tally.server, record.host, record.i)
  }
}

/** How many of these have happened when note `k` has. */
export function countAt(notes: readonly number[] | undefined, k: number): number {
  return notes === undefined ? 0 : firstAfter(notes, k)
}

function push(map: Map<HostId, number[]>, host: HostId, k: number): void {
  const list = map.get(host)
  if (list === undefined) map.set(host, [k])
  else list.push(k)
}

/** Shares between which 95 of 100 fair draws of `n` lie (normal approximation of the binomial). */
export function bandOf(share: number, n: number): readonly [number, number] {
  const spread = n === 0 ? 1 : 1.96 * Math.sqrt((share * (1 - share)) / n)
  return [Math.max(0, share - spread), Math.min(1, share + spread)]
}
