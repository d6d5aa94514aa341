import type { TraceRecord } from '../../engine/engine.ts'
import { isQuiet } from '../control/traffic.ts'
import type { RunData } from '../session/run-data.ts'
import { beforeOf } from './flags.ts'
import { isQuietDrop } from './stops.ts'

export const JUMPS = ['drop', 'rewrite', 'decision'] as const
export type Jump = (typeof JUMPS)[number]

const DECISIONS: readonly string[] = ['ecmp', 'ipvs.pick', 'arp.ignored', 'arp.reply']

/** The next note of that sort after `k`; undefined when there is none. */
export function nextJump(run: RunData, jump: Jump, k: number): number | undefined {
  for (let i = Math.max(k, run.bootRecord) + 1; i < run.records.length; i++) {
    const record = run.records[i]
    if (record !== undefined && !isQuiet(run, i) && isJump(run, record, jump)) return i
  }
  return undefined
}

export function isJump(run: RunData, record: TraceRecord, jump: Jump): boolean {
  if (jump === 'drop') return record.kind === 'drop' && !isQuietDrop(record)
  if (jump === 'decision') return DECISIONS.includes(record.kind)
  return record.kind === 'flight' && beforeOf(run, record.frame) !== undefined
}
