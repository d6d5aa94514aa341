import type { Ip4 } from '../../../base/ids.ts'
import { MAX_AGE } from '../../../wire/ospf-lsa.ts'
import { findLsa, isMaxAge, keyOf, moreRecent, putLsa, removeLsa } from './lsdb.ts'
import { destination, groupOf, isEnabled, noteLsa, type Run } from './run.ts'
import { type Area, type Lsa, type Nbr, nsmRank, type Oif } from './types.ts'
import { addMaxAge } from './max-age.ts'
import { writeUpdates } from './updates.ts'

/** Flooding (RFC 2328 13.3, ospf_flood.c). */

/**
 * Send an LSA on, out of all interfaces it belongs to, except to those who have it. `from`: the neighbour it came from.
 * True: the caller owes that neighbour a delayed acknowledgement.
 */
export function floodThrough(
  run: Run,
  area: Area | undefined,
  from: { oif: Oif; nbr: Nbr } | undefined,
  lsa: Lsa,
): boolean {
  let ack = false
  for (const oif of [...run.o.oifs]) {
    if (area && oif.area !== area.id) continue
    if (floodOut(run, oif, from, lsa)) ack = true
  }
  return ack || from?.oif.type === 'p2p'
}

/** ospf_flood_through_interface: put it on the retransmission lists, then send one packet for all. */
function floodOut(run: Run, oif: Oif, from: { oif: Oif; nbr: Nbr } | undefined, lsa: Lsa): boolean {
  if (!isEnabled(run, oif)) return false
  let wanted = false
  for (const nbr of oif.nbrs) {
    if (nsmRank(nbr.state) < nsmRank('Exchange')) continue
    if (nbr.state !== 'Full' && !stillWants(run, oif, nbr, lsa)) continue
    if ((from ? from.nbr.id : lsa.adv) === nbr.id) continue
    addRetransmit(run, nbr, lsa)
    wanted = true
  }
  const cameFromHere = from?.oif === oif
  if (!wanted) return cameFromHere
  // The DR or the backup has sent it to all on this network; and a backup leaves it to the DR.
  if (cameFromHere && (isDr(from.nbr) || isBdr(from.nbr) || oif.state === 'Backup')) return true
  sendUpdate(run, oif, [lsa], groupOf(oif))
  return false
}

/** A neighbour that still loads: what it has on offer is taken off our requests when this is as new. */
function stillWants(run: Run, oif: Oif, nbr: Nbr, lsa: Lsa): boolean {
  const asked = findLsa(nbr.lsReq, lsa)
  if (!asked) return true
  const newer = moreRecent(asked, lsa, run.now)
  if (newer > 0) return false
  removeRequest(nbr, asked)
  checkLoading(run, oif, nbr)
  return newer < 0
}

export function isDr(nbr: Nbr): boolean {
  return nbr.src === nbr.dr
}

export function isBdr(nbr: Nbr): boolean {
  return nbr.src === nbr.bdr
}

/** Nothing left to ask for: Full; or the last one asked for has come: ask for more at once (ospf_check_nbr_loading). */
function checkLoading(run: Run, oif: Oif, nbr: Nbr): void {
  if (nbr.state !== 'Loading') return
  if (nbr.lsReq.length === 0) run.pending.push({ kind: 'nsm', oif, nbr, event: 'LoadingDone' })
  else if (nbr.lsReqLast === '') run.pending.push({ kind: 'lsr', oif, nbr })
}

function removeRequest(nbr: Nbr, lsa: Lsa): void {
  if (nbr.lsReqLast === keyOf(lsa)) nbr.lsReqLast = ''
  removeLsa(nbr.lsReq, lsa)
}

export function addRetransmit(run: Run, nbr: Nbr, lsa: Lsa): void {
  if (moreRecent(findLsa(nbr.lsRxmt, lsa), lsa, run.now) < 0) putLsa(nbr.lsRxmt, lsa)
}

/** An instance that was replaced or removed is not repeated any more (ospf_ls_retransmit_delete_nbr_area, _as). */
export function dropRetransmits(run: Run, lsa: Lsa): void {
  for (const oif of run.o.oifs) {
    if (!isEnabled(run, oif)) continue
    for (const nbr of oif.nbrs) {
      const found = findLsa(nbr.lsRxmt, lsa)
      if (found && found.seq === lsa.seq) removeLsa(nbr.lsRxmt, found)
    }
  }
}

/**
 * Queue LSAs for one packet to `dst`; what is queued until the events at hand are done shares it (ospf_ls_upd_send).
 * While ospfd ends, flushed LSAs are sent at once: there will be no later.
 */
export function sendUpdate(run: Run, oif: Oif, lsas: readonly Lsa[], dst: Ip4): void {
  const to = destination(oif, dst)
  const queue = run.updates.find((one) => one.oif === oif && one.dst === to)
  if (queue) queue.lsas.push(...lsas)
  else run.updates.push({ oif, dst: to, lsas: [...lsas] })
  const atOnce = run.o.shutdown && lsas.every((lsa) => isMaxAge(lsa, run.now))
  if (atOnce) writeUpdates(run, oif)
  else if (!run.pending.some((event) => event.kind === 'lsu' && event.oif === oif)) {
    run.pending.push({ kind: 'lsu', oif })
  }
}

/** The database of an LSA: its area's, or that of the whole system. */
export function lsdbOf(run: Run, area: Area | undefined, type: number): Lsa[] {
  return type === 5 || !area ? run.o.external : area.lsdb
}

/**
 * Premature aging (RFC 2328 14.1): the instance at MaxAge takes the place of the one in the database and goes out to all
 * (ospf_lsa_flush_area, _as).
 */
export function flushLsa(run: Run, area: Area | undefined, lsa: Lsa): void {
  const aged: Lsa = Object.freeze({ ...lsa, age0: MAX_AGE, at: run.now })
  const list = lsdbOf(run, area, lsa.type)
  if (findLsa(list, lsa)) putLsa(list, aged)
  const key = keyOf(lsa)
  run.o.refresh = run.o.refresh.filter((one) => one.key !== key)
  noteLsa(run, 'flush', aged)
  floodThrough(run, lsa.type === 5 ? undefined : area, undefined, aged)
  addMaxAge(run, aged)
}
