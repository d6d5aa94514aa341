import { SEC } from '../../../base/ids.ts'
import { MAX_AGE } from '../../../wire/ospf-lsa.ts'
import { keyOf } from './lsdb.ts'
import type { Run } from './run.ts'
import type { Lsa, SpfReason } from './types.ts'

/** LSAs wait this long at MaxAge before they are removed (OSPF_LSA_MAXAGE_REMOVE_DELAY_DEFAULT). */
export const MAXAGE_DELAY = 60 * SEC
/** How often the database is searched for LSAs that have become that old (OSPF_LSA_MAXAGE_CHECK_INTERVAL). */
const WALK = 30 * SEC

/** Put an LSA that has reached MaxAge on the list of those to remove (ospf_lsa_maxage). */
export function addMaxAge(run: Run, lsa: Lsa): void {
  const key = keyOf(lsa)
  const list = run.o.maxAge
  if (!list.keys.includes(key)) list.keys.push(key)
  if (list.at === 0) list.at = run.now + MAXAGE_DELAY
}

/** An LSA was installed: the walk has to come by when it is too old. */
export function expectAging(run: Run, lsa: Lsa): void {
  const old = lsa.at + (MAX_AGE - lsa.age0) * SEC
  const { startedAt } = run.o
  const tick = startedAt + Math.ceil((old - startedAt) / WALK) * WALK
  const at = Math.max(tick, run.now + 1)
  if (run.o.walkAt === 0 || at < run.o.walkAt) run.o.walkAt = at
}

/** ospf_spf_calculate_schedule: at once after a quiet time, else later and later up to the longest hold time. */
export function scheduleSpf(run: Run, reason: SpfReason): void {
  const { spf, conf } = run.o
  if (!spf.reasons.includes(reason)) spf.reasons.push(reason)
  if (spf.at !== 0) return
  const { delayMs, holdMs, maxMs } = conf.throttle
  const elapsedMs = spf.lastAt < 0 ? Infinity : Math.floor((run.now - spf.lastAt) / 1e6)
  const hold = Math.min(holdMs * spf.multiplier, maxMs)
  let wait = delayMs
  if (elapsedMs < hold) {
    if (hold < maxMs) spf.multiplier += 1
    wait = Math.max(hold - elapsedMs, delayMs)
  } else {
    spf.multiplier = 1
  }
  // A timer of no length runs after the events at hand; 0 stands for "off".
  spf.at = Math.max(1, run.now + wait * 1e6)
}
