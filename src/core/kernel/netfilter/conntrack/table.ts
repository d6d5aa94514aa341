import type { Nanos } from '../../../base/ids.ts'
import type { Host } from '../../host.ts'
import { FIRST_SWEEP } from '../state.ts'
import { tupleKey } from './tuple.ts'
import {
  type CtEntry,
  type Direction,
  IPS_CONFIRMED,
  IPS_DYING,
  ORIGINAL,
  REPLY,
  type Tuple,
} from './types.ts'

/** The table of connections (nf_conntrack_core.c). No timers: an entry whose time is over is dropped by who finds it. */

/** Connection and direction of a tuple that was seen; expired ones are removed and not found. */
export function findTuple(
  host: Host,
  tuple: Tuple,
  now: Nanos,
): { entry: CtEntry; dir: Direction } | undefined {
  const { ct } = host
  const key = tupleKey(tuple)
  const forth = ct.entries[key]
  if (forth && isLive(host, forth, now)) return { entry: forth, dir: ORIGINAL }
  const origin = ct.replies[key]
  const back = origin === undefined ? undefined : ct.entries[origin]
  return back && isLive(host, back, now) ? { entry: back, dir: REPLY } : undefined
}

function isLive(host: Host, entry: CtEntry, now: Nanos): boolean {
  if (entry.expiresAt > now) return true
  removeEntry(host, entry)
  return false
}

/** Both directions become known (nf_conntrack_confirm). False: one of them is taken by another connection. */
export function insertEntry(host: Host, entry: CtEntry, now: Nanos): boolean {
  const { ct } = host
  if (findTuple(host, entry.original, now) || findTuple(host, entry.reply, now)) return false
  if (ct.count >= ct.sweepAt) sweep(host, now)
  const key = tupleKey(entry.original)
  ct.entries[key] = entry
  ct.replies[tupleKey(entry.reply)] = key
  ct.count += 1
  entry.status |= IPS_CONFIRMED
  return true
}

export function removeEntry(host: Host, entry: CtEntry): void {
  const { ct } = host
  const key = tupleKey(entry.original)
  entry.status |= IPS_DYING
  if (ct.entries[key] !== entry) return
  Reflect.deleteProperty(ct.entries, key)
  Reflect.deleteProperty(ct.replies, tupleKey(entry.reply))
  ct.count -= 1
}

function sweep(host: Host, now: Nanos): void {
  for (const entry of Object.values(host.ct.entries)) if (entry.expiresAt <= now) removeEntry(host, entry)
  host.ct.sweepAt = Math.max(FIRST_SWEEP, 2 * host.ct.count)
}
