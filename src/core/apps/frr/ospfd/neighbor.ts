import type { Ip4 } from '../../../base/ids.ts'
import { DD_I, DD_M, DD_MS, OPT_E } from '../../../wire/ospf.ts'
import type { Nbr, Oif } from './types.ts'

/** A neighbour just heard of (ospf_nbr_new). */
export function newNbr(key: number, id: Ip4, src: Ip4): Nbr {
  return {
    key,
    id,
    src,
    state: 'Down',
    priority: -1,
    dr: 0 as Ip4,
    bdr: 0 as Ip4,
    options: 0,
    changes: 0,
    progressAt: 0,
    regressAt: 0,
    regressWhy: '',
    ddSeq: 0,
    ddFlags: DD_I | DD_M | DD_MS,
    lastSend: undefined,
    lastSendAt: 0,
    lastRecv: { flags: 0, options: 0, seq: 0 },
    dbSum: [],
    lsReq: [],
    lsReqLast: '',
    lsRxmt: [],
    deadAt: 0,
    ddAt: 0,
    reqAt: 0,
    updAt: 0,
  }
}

/** Ourselves among the neighbours: nothing is known of DR and backup yet (ospf_nbr_self_reset). */
export function newSelf(oif: { ip: Ip4 }, routerId: Ip4, priority: number): Nbr {
  return { ...newNbr(oif.ip, routerId, oif.ip), state: '2-Way', priority, options: OPT_E }
}

/** On a point-to-point link neighbours go by router id, else by address (ospf_nbr_lookup). */
export function findNbr(oif: Oif, id: Ip4, src: Ip4): Nbr | undefined {
  const key = oif.type === 'p2p' ? id : src
  return oif.nbrs.find((nbr) => nbr.key === key)
}

/** The neighbour a Hello comes from, made if it is new (ospf_nbr_get). */
export function getNbr(oif: Oif, id: Ip4, src: Ip4): Nbr {
  const found = findNbr(oif, id, src)
  if (found) {
    found.id = id
    return found
  }
  const nbr = newNbr(oif.type === 'p2p' ? id : src, id, src)
  oif.nbrs.push(nbr)
  oif.nbrs.sort((a, b) => a.key - b.key)
  return nbr
}
