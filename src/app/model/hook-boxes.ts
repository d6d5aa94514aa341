import type { HookBox } from '../../view/stage/model.ts'
import type { RunData } from '../session/run-data.ts'
import { staysOf } from './chain.ts'

const BOXES = [
  ['PREROUTING', 'PRE'],
  ['LOCAL_IN', 'IN'],
  ['FORWARD', 'FWD'],
  ['LOCAL_OUT', 'OUT'],
  ['POSTROUTING', 'POST'],
] as const

/** The five hooks as the packet has met them on this host up to note `k`; undefined when it has met none. */
export function hookBoxes(run: RunData, k: number): HookBox[] | undefined {
  const notes = staysOf(run.records, k, 80).at(-1)?.notes ?? []
  const met = notes.flatMap((i) => {
    const record = run.records[i]
    return record?.kind === 'hook' ? [record.point] : []
  })
  const last = met.at(-1)
  if (last === undefined) return undefined
  return BOXES.map(([point, name]) => ({
    name,
    state: point === last ? 'now' : met.includes(point) ? 'done' : 'skip',
  }))
}
