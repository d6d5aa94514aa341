import type { Ip4 } from '../../base/ids.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { TimeWait } from './types.ts'

/**
 * The table of connections in TIME_WAIT. There may be thousands, and copies of a host are made often: so the records are
 * immutable, a copy is two flat arrays, and one timer serves all of them.
 */
const KEY = 'tcp:tw'

export function findTimeWait(
  host: Host,
  key: number,
  laddr: Ip4,
  lport: number,
  raddr: Ip4,
  rport: number,
): TimeWait | undefined {
  const { twSlots } = host.tcp
  const slot = twSlots[key % twSlots.length]
  if (!slot) return undefined
  for (const tw of slot) {
    if (tw.laddr === laddr && tw.lport === lport && tw.raddr === raddr && tw.rport === rport) return tw
  }
  return undefined
}

/** Enter a record; the list stays sorted by the time at which the records end. */
export function addTimeWait(host: Host, tw: TimeWait, ctx: Ctx): void {
  const { timeWaits, twSlots } = host.tcp
  const slot = tw.key % twSlots.length
  twSlots[slot] = [...(twSlots[slot] ?? []), tw]
  let at = timeWaits.length
  while (at > 0 && (timeWaits[at - 1]?.expiresNs ?? 0) > tw.expiresNs) at--
  if (at === timeWaits.length) timeWaits.push(tw)
  else timeWaits.splice(at, 0, tw)
  if (at === 0) ctx.setTimer(host, KEY, tw.expiresNs)
}

export function removeTimeWait(host: Host, tw: TimeWait, ctx: Ctx): void {
  const { timeWaits, twSlots } = host.tcp
  const index = tw.key % twSlots.length
  const slot = (twSlots[index] ?? []).filter((other) => other.id !== tw.id)
  twSlots[index] = slot.length > 0 ? slot : null
  const at = timeWaits.findIndex((other) => other.id === tw.id)
  if (at === 0) timeWaits.shift()
  else if (at > 0) timeWaits.splice(at, 1)
  // A timer set for a record that is gone fires for nothing; only the last one takes it along.
  if (timeWaits.length === 0) ctx.clearTimer(host, KEY)
}

/** The record with some fields changed, in its place; with a new end it moves to the place that belongs to it. */
export function replaceTimeWait(host: Host, tw: TimeWait, change: Partial<TimeWait>, ctx: Ctx): TimeWait {
  const next = { ...tw, ...change }
  removeTimeWait(host, tw, ctx)
  addTimeWait(host, next, ctx)
  return next
}

/** Hand out the records whose time is over, then set the timer for the next one. */
export function twTimer(host: Host, end: (tw: TimeWait) => void, ctx: Ctx): void {
  const { timeWaits } = host.tcp
  let first = timeWaits[0]
  while (first && first.expiresNs <= ctx.now) {
    end(first)
    first = timeWaits[0]
  }
  if (first) ctx.setTimer(host, KEY, first.expiresNs)
}
