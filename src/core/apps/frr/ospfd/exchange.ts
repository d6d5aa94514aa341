import { SEC } from '../../../base/ids.ts'
import { ALL_SPF_ROUTERS, DD_M, OPT_E } from '../../../wire/ospf.ts'
import { headerOf, keyOf } from './lsdb.ts'
import { bodyMax, destination, makePacket, params, queuePacket, type Run } from './run.ts'
import { type Nbr, nsmRank, type Oif } from './types.ts'

/** Packets of a neighbour relation: Hello, database description, request (ospf_packet.c, the sending half). */

/** One Hello; not on a passive interface. */
export function sendHello(run: Run, oif: Oif): void {
  const p = params(run, oif)
  if (p.passive) return
  const heard = oif.nbrs.filter((nbr) => nbr.id !== 0 && nbr.state !== 'Down' && nbr.state !== 'Attempt')
  const confused = heard.some((nbr) => nbr.dr !== 0 && nbr.dr === oif.ip && nbr.bdr === oif.ip)
  const bytes = makePacket(run, oif, {
    kind: 'hello',
    mask: oif.prefix === 0 ? 0 : (0xffffffff << (32 - oif.prefix)) >>> 0,
    interval: p.hello,
    options: OPT_E,
    priority: oif.self.priority,
    dead: p.dead,
    dr: oif.self.dr,
    bdr: confused ? (0 as typeof oif.ip) : oif.self.bdr,
    neighbors: heard.map((nbr) => nbr.id),
  })
  queuePacket(run, oif, ALL_SPF_ROUTERS, bytes, true)
}

/** The next description: as much of the summary list as fits (ospf_db_desc_send). */
export function sendDbDesc(run: Run, oif: Oif, nbr: Nbr): void {
  const room = Math.floor((bodyMax(run, oif) - 8) / 20)
  const headers = nbr.dbSum.splice(0, room).map((lsa) => headerOf(lsa, run.now))
  if (nbr.dbSum.length === 0 && nsmRank(nbr.state) >= nsmRank('Exchange')) nbr.ddFlags &= ~DD_M
  const mtu = run.o.devs[oif.dev]?.mtu ?? 1500
  const { ddFlags: flags, ddSeq: seq } = nbr
  const bytes = makePacket(run, oif, { kind: 'dd', mtu, options: OPT_E, flags, seq, headers })
  queuePacket(run, oif, destination(oif, nbr.src), bytes)
  nbr.lastSend = bytes
  nbr.lastSendAt = run.now
}

export function resendDbDesc(run: Run, oif: Oif, nbr: Nbr): void {
  if (nbr.lastSend) queuePacket(run, oif, destination(oif, nbr.src), nbr.lastSend)
}

/** Ask for what is on the request list, from its start; nothing there: nothing is sent (ospf_ls_req_send). */
export function sendRequest(run: Run, oif: Oif, nbr: Nbr): void {
  const asked = nbr.lsReq.slice(0, Math.floor(bodyMax(run, oif) / 12))
  const last = asked.at(-1)
  if (!last) return
  nbr.lsReqLast = keyOf(last)
  const keys = asked.map(({ type, id, adv }) => ({ type, id, adv }))
  queuePacket(run, oif, destination(oif, nbr.src), makePacket(run, oif, { kind: 'lsr', keys }))
  if (nbr.reqAt === 0) nbr.reqAt = run.now + params(run, oif).retransmit * SEC
}
