import { isBdr, isDr } from './flood.ts'
import { nsmRank, ismRank } from './types.ts'
import type { Run } from './run.ts'
import type { IsmState, Nbr, Oif } from './types.ts'

/**
 * Election of the designated router and its backup (RFC 2328 9.4, ospf_dr_election). Two-Way neighbours with a priority above
 * 0 take part, and we ourselves. Returns what this router is from now on.
 */
export function electDr(run: Run, oif: Oif): IsmState {
  const { self } = oif
  const [oldDr, oldBdr] = [self.dr, self.bdr]
  const eligible = [...oif.nbrs, self].filter(
    (nbr) => nbr.id !== 0 && nbr.priority > 0 && nsmRank(nbr.state) >= nsmRank('2-Way'),
  )
  elect(oif, eligible)
  let state = roleOf(oif)
  // A change of our own role changes the list of candidates: once more (9.4 (4)).
  if (state !== oif.state && !(state === 'DROther' && ismRank(oif.state) < ismRank('DROther'))) {
    elect(oif, eligible)
    state = roleOf(oif)
  }
  if (self.dr !== oldDr || self.bdr !== oldBdr) {
    for (const nbr of oif.nbrs) {
      if (nbr.id !== 0 && nbr.id !== run.o.routerId && nsmRank(nbr.state) >= nsmRank('2-Way')) {
        run.pending.push({ kind: 'nsm', oif, nbr, event: 'AdjOK?' })
      }
    }
  }
  return state
}

/** First the backup among those who do not call themselves DR, then the DR; without one the backup becomes it. */
function elect(oif: Oif, eligible: readonly Nbr[]): void {
  const others = eligible.filter((nbr) => !isDr(nbr))
  const claim = others.filter(isBdr)
  const bdr = best(claim.length > 0 ? claim : others)
  oif.self.bdr = (bdr?.src ?? 0) as typeof oif.ip
  const drs = eligible.filter(isDr)
  const dr = drs.length > 0 ? best(drs) : eligible.find((nbr) => nbr.src === oif.self.bdr)
  oif.self.dr = (dr?.src ?? 0) as typeof oif.ip
}

/** Highest priority, then highest router id. */
function best(nbrs: readonly Nbr[]): Nbr | undefined {
  let found: Nbr | undefined
  for (const nbr of nbrs) {
    if (!found || nbr.priority > found.priority || (nbr.priority === found.priority && nbr.id > found.id)) {
      found = nbr
    }
  }
  return found
}

function roleOf(oif: Oif): IsmState {
  if (oif.self.dr === oif.ip) return 'DR'
  return oif.self.bdr === oif.ip ? 'Backup' : 'DROther'
}
