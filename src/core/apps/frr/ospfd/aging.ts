import { SEC } from '../../../base/ids.ts'
import { findLsa, isMaxAge, keyOf, removeLsa } from './lsdb.ts'
import { forget } from './install.ts'
import { addMaxAge, expectAging, MAXAGE_DELAY, scheduleSpf } from './max-age.ts'
import { refreshLsa } from './originate.ts'
import { isExchanging } from './receive-lsu.ts'
import { noteLsa, type Run } from './run.ts'
import type { Lsa } from './types.ts'

/**
 * ospf_maxage_lsa_remover: what has reached MaxAge, and has been acknowledged by all, goes out of the database; not while a
 * database exchange is on.
 */
export function removeMaxAge(run: Run): void {
  const { maxAge } = run.o
  maxAge.at = 0
  let again = isExchanging(run)
  if (!again) {
    for (const key of [...maxAge.keys]) {
      const place = findPlace(run, key)
      if (place && isWaitedFor(run, key)) {
        again = true
        continue
      }
      maxAge.keys = maxAge.keys.filter((one) => one !== key)
      if (!place || !isMaxAge(place.lsa, run.now)) continue
      forget(run, place.lsa)
      removeLsa(place.list, place.lsa)
      noteLsa(run, 'remove', place.lsa)
    }
  }
  if (again) maxAge.at = run.now + MAXAGE_DELAY
}

function findPlace(run: Run, key: string): { list: Lsa[]; lsa: Lsa } | undefined {
  const [type = 0, id = 0, adv = 0] = key.split('/').map(Number)
  for (const list of [...run.o.areas.map((area) => area.lsdb), run.o.external]) {
    const lsa = findLsa(list, { type, id: id as Lsa['id'], adv: adv as Lsa['id'] })
    if (lsa) return { list, lsa }
  }
  return undefined
}

/** It is on some neighbour's retransmission list. */
function isWaitedFor(run: Run, key: string): boolean {
  return run.o.oifs.some((oif) => oif.nbrs.some((nbr) => nbr.lsRxmt.some((lsa) => keyOf(lsa) === key)))
}

/** ospf_lsa_maxage_walker: LSAs of others that nobody has refreshed for an hour. */
export function walkMaxAge(run: Run): void {
  run.o.walkAt = 0
  for (const list of [...run.o.areas.map((area) => area.lsdb), run.o.external]) {
    for (const lsa of list) {
      if (lsa.self) continue
      if (!isMaxAge(lsa, run.now)) expectAging(run, lsa)
      else if (!run.o.maxAge.keys.includes(keyOf(lsa))) {
        if (lsa.type === 5) run.o.spf.externalAt = run.now + SEC
        else scheduleSpf(run, 'M')
        addMaxAge(run, lsa)
      }
    }
  }
}

/** ospf_lsa_refresh_walker: our own LSAs whose time has come. */
export function refreshDue(run: Run): void {
  const due = run.o.refresh.filter((one) => one.at <= run.now)
  run.o.refresh = run.o.refresh.filter((one) => one.at > run.now)
  for (const { key } of due) {
    const place = findPlace(run, key)
    if (place?.lsa.self && !isMaxAge(place.lsa, run.now)) refreshLsa(run, place.lsa)
  }
}
