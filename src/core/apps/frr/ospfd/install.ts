import { SEC } from '../../../base/ids.ts'
import { dropRetransmits, lsdbOf } from './flood.ts'
import { findLsa, isDifferent, isMaxAge, keyOf, putLsa } from './lsdb.ts'
import { addMaxAge, expectAging, scheduleSpf } from './max-age.ts'
import { noteLsa, type Run } from './run.ts'
import type { Area, Lsa, Oif } from './types.ts'

const REFRESH_WALK = 10 * SEC

/**
 * Put an LSA into its database (ospf_lsa_install, RFC 2328 13.2): the older instance goes, with its place on all lists; routes
 * are calculated again if something other than age and sequence number has changed.
 */
export function installLsa(run: Run, area: Area | undefined, oif: Oif | undefined, lsa: Lsa): void {
  const list = lsdbOf(run, area, lsa.type)
  const old = findLsa(list, lsa)
  const changed = !old || isDifferent(old, lsa, run.now)
  if (old) forget(run, old)
  putLsa(list, lsa)
  noteLsa(run, lsa.self && !lsa.received ? 'originate' : 'install', lsa)
  if (lsa.self && !lsa.received) {
    if (lsa.type === 1 && area) area.routerLsa = lsa
    if (lsa.type === 2 && oif) oif.networkLsa = lsa
    registerRefresh(run, lsa)
  }
  // One of our own that came back from the network is answered with a newer one; routes wait for that.
  const comesBack = lsa.self && lsa.received && lsa.type !== 5
  if (changed && !comesBack) recalculate(run, lsa)
  if (isMaxAge(lsa, run.now)) addMaxAge(run, lsa)
  else expectAging(run, lsa)
}

function recalculate(run: Run, lsa: Lsa): void {
  if (lsa.type === 1) scheduleSpf(run, 'R')
  else if (lsa.type === 2) scheduleSpf(run, 'N')
  else if (!lsa.self && run.o.spf.externalAt === 0) run.o.spf.externalAt = run.now + 1
}

/** ospf_discard_from_db, without taking it out. */
export function forget(run: Run, old: Lsa): void {
  const key = keyOf(old)
  run.o.refresh = run.o.refresh.filter((one) => one.key !== key)
  run.o.maxAge.keys = run.o.maxAge.keys.filter((one) => one !== key)
  dropRetransmits(run, old)
}

/**
 * One of ours is issued again after 28 to 29 minutes (LS refresh time less a jitter, so that not all come at once), when
 * the walker that looks every 10 s comes by (ospf_refresher_register_lsa).
 */
function registerRefresh(run: Run, lsa: Lsa): void {
  const delay = 1680 + run.random(60)
  const ticks = Math.floor((run.now - run.o.startedAt) / REFRESH_WALK)
  const at = run.o.startedAt + (ticks + Math.floor(delay / 10) + 1) * REFRESH_WALK
  run.o.refresh.push({ key: keyOf(lsa), at })
}
