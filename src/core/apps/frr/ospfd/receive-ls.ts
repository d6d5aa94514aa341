import type { LsaHeader } from '../../../wire/ospf-lsa.ts'
import type { LsaKey } from '../../../wire/ospf.ts'
import { formatIp4 } from '../../../base/ids.ts'
import { sendUpdate } from './flood.ts'
import { findLsa, lsaOfHeader, moreRecent, removeLsa } from './lsdb.ts'
import { areaOf, groupOf, type Run, warn } from './run.ts'
import { type Lsa, type Nbr, nsmRank, type Oif } from './types.ts'

/** Link state requests: answered to the group, as FRR does (ospf_ls_req, RFC 2328 10.7). */
export function receiveRequest(run: Run, oif: Oif, nbr: Nbr, keys: readonly LsaKey[]): void {
  if (nsmRank(nbr.state) < nsmRank('Exchange')) {
    const what = `Neighbor state is ${nbr.state}, packet discarded.`
    return warn(run, 'HPGF6-0WMP9', `Link State Request received from ${formatIp4(nbr.id)}: ${what}`)
  }
  const lsdb = areaOf(run.o, oif.area)?.lsdb ?? []
  const found: Lsa[] = []
  for (const key of keys) {
    const lsa = findLsa(key.type === 5 ? run.o.external : lsdb, key)
    if (!lsa) {
      run.pending.push({ kind: 'nsm', oif, nbr, event: 'BadLSReq' })
      return
    }
    found.push(lsa)
  }
  if (found.length > 0) sendUpdate(run, oif, found, groupOf(oif))
}

/** Acknowledgements (RFC 2328 13.7, ospf_ls_ack): what was repeated needs it no more. */
export function receiveAck(run: Run, nbr: Nbr, headers: readonly LsaHeader[]): void {
  if (nsmRank(nbr.state) < nsmRank('Exchange')) return
  for (const header of headers) {
    const waiting = findLsa(nbr.lsRxmt, header)
    if (waiting && moreRecent(waiting, lsaOfHeader(header, run.now), run.now) === 0)
      removeLsa(nbr.lsRxmt, waiting)
  }
}
