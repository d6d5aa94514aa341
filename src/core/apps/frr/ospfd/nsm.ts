import { SEC } from '../../../base/ids.ts'
import { formatIp4 } from '../../../base/ids.ts'
import { DD_I, DD_M, DD_MS } from '../../../wire/ospf.ts'
import { sendDbDesc, sendRequest } from './exchange.ts'
import { addRetransmit } from './flood.ts'
import { isMaxAge, putLsa } from './lsdb.ts'
import { flushNetworkLsa, updateNetworkLsa, updateRouterLsa } from './originate.ts'
import { areaOf, flushPackets, ifName, log, note, params, type Run } from './run.ts'
import { ismRank, type Nbr, nsmRank, type NsmEvent, type NsmState, type Oif } from './types.ts'

/** The neighbour state machine (RFC 2328 10.3, ospf_nsm.c). */
export function nsmEvent(run: Run, oif: Oif, nbr: Nbr, event: NsmEvent): void {
  const next = react(run, oif, nbr, event)
  if (next !== nbr.state) {
    const from = nbr.state
    tellChange(run, oif, nbr, next, event)
    note(run, { kind: 'ospf.neighbor', dev: oif.dev, id: nbr.id, ip: nbr.src, from, to: next, why: event })
    changeState(run, oif, nbr, next)
  }
  setTimers(run, oif, nbr)
  if (nbr.state === 'Deleted') oif.nbrs = oif.nbrs.filter((one) => one !== nbr)
}

/** What the event does in this state, and the state that follows. */
function react(run: Run, oif: Oif, nbr: Nbr, event: NsmEvent): NsmState {
  const { state } = nbr
  if (event === 'KillNbr' || event === 'InactivityTimer') {
    if (!oif.nbrs.some((one) => one !== nbr && nsmRank(one.state) > nsmRank('Down'))) flushPackets(run, oif)
    return 'Deleted'
  }
  if (event === 'HelloReceived') {
    nbr.deadAt = run.now + params(run, oif).dead * SEC
    if (nsmRank(state) < nsmRank('Exchange')) proactivelyArp(run, oif, nbr)
    return state === 'Down' || state === 'Attempt' ? 'Init' : state
  }
  if (state === 'Down') return state
  if (event === '1-WayReceived') return nsmRank(state) > nsmRank('Init') ? 'Init' : state
  if (event === '2-WayReceived') {
    if (state !== 'Init') return state
    if (!shouldAdjoin(oif, nbr)) return '2-Way'
    proactivelyArp(run, oif, nbr)
    return 'ExStart'
  }
  if (event === 'AdjOK?') {
    const adjacent = shouldAdjoin(oif, nbr)
    if (state === '2-Way' && adjacent) {
      proactivelyArp(run, oif, nbr)
      return 'ExStart'
    }
    return nsmRank(state) >= nsmRank('ExStart') && !adjacent ? '2-Way' : state
  }
  return exchangeEvent(run, oif, nbr, event)
}

function exchangeEvent(run: Run, oif: Oif, nbr: Nbr, event: NsmEvent): NsmState {
  const { state } = nbr
  if (event === 'NegotiationDone' && state === 'ExStart') {
    proactivelyArp(run, oif, nbr)
    fillSummary(run, oif, nbr)
    return 'Exchange'
  }
  if (event === 'ExchangeDone' && state === 'Exchange') {
    if (nbr.lsReq.length === 0) return 'Full'
    if (nbr.reqAt === 0) sendRequest(run, oif, nbr)
    return 'Loading'
  }
  if (event === 'LoadingDone' && (state === 'Loading' || state === 'Full')) return 'Full'
  const restart = event === 'SeqNumberMismatch' || event === 'BadLSReq'
  return restart && nsmRank(state) >= nsmRank('Exchange') ? 'ExStart' : state
}

/**
 * ospf_proactively_arp: a neighbour's MAC address is asked for, lest the first packets along a new route wait for it. With a
 * neighbour at 2-Way that goes on at every Hello.
 */
function proactivelyArp(run: Run, oif: Oif, nbr: Nbr): void {
  run.out.push({ do: 'arp', dev: oif.dev, ip: nbr.src })
}

/** With whom to become adjacent (RFC 2328 10.4): the DR and its backup with all, the others with these two alone. */
function shouldAdjoin(oif: Oif, nbr: Nbr): boolean {
  const { dr, bdr } = oif.self
  return oif.type === 'p2p' || oif.ip === dr || oif.ip === bdr || nbr.src === dr || nbr.src === bdr
}

/** nsm_negotiation_done: describe the whole database; what is at MaxAge is sent instead. */
function fillSummary(run: Run, oif: Oif, nbr: Nbr): void {
  const lsdb = areaOf(run.o, oif.area)?.lsdb ?? []
  for (const lsa of [...lsdb, ...run.o.external]) {
    if (isMaxAge(lsa, run.now)) addRetransmit(run, nbr, lsa)
    else putLsa(nbr.dbSum, lsa)
  }
}

/** The journal's line, if adjacency changes are logged: those to Full and those downwards, with "detail" all. */
function tellChange(run: Run, oif: Oif, nbr: Nbr, next: NsmState, event: NsmEvent): void {
  const up = nsmRank(next) > nsmRank(nbr.state)
  const how = run.o.conf.logAdjacency
  if (how === 'detail' || (how === 'changes' && (next === 'Full' || !up))) {
    const who = `Nbr ${formatIp4(nbr.id)}, NbrIP ${formatIp4(nbr.src)} (default) on ${ifName(oif)}`
    log(run, `[Y05P2-YJVXY] AdjChg: ${who}: ${nbr.state} -> ${next} (${event})`)
  }
  if (up) nbr.progressAt = run.now
  else {
    nbr.regressAt = run.now
    nbr.regressWhy = event
  }
}

function changeState(run: Run, oif: Oif, nbr: Nbr, state: NsmState): void {
  const from = nbr.state
  nbr.state = state
  nbr.changes += 1
  const wasTwoWay = nsmRank(from) >= nsmRank('2-Way')
  if (ismRank(oif.state) >= ismRank('DROther') && wasTwoWay !== nsmRank(state) >= nsmRank('2-Way')) {
    run.ism(oif, 'NeighborChange')
  }
  if ((from === 'Full') !== (state === 'Full')) changeFull(run, oif, state === 'Full')
  if (nsmRank(from) > nsmRank('ExStart') && nsmRank(state) <= nsmRank('ExStart')) {
    nbr.dbSum = []
    nbr.lsReq = []
    nbr.lsReqLast = ''
    nbr.lsRxmt = []
  }
  if (state === 'ExStart') {
    nbr.ddSeq = nbr.ddSeq === 0 ? run.random(0x80000000) : (nbr.ddSeq + 1) >>> 0
    nbr.ddFlags = DD_I | DD_M | DD_MS
    sendDbDesc(run, oif, nbr)
  }
}

/** One adjacency more or less: our router LSA says so, and the network LSA if this is the DR. */
function changeFull(run: Run, oif: Oif, up: boolean): void {
  const area = areaOf(run.o, oif.area)
  if (!area) return
  oif.fullNbrs += up ? 1 : -1
  area.fullNbrs += up ? 1 : -1
  updateRouterLsa(run, area)
  if (oif.state !== 'DR') return
  if (oif.networkLsa && oif.fullNbrs === 0) flushNetworkLsa(run, oif)
  else updateNetworkLsa(run, oif)
}

/** nsm_timer_set. */
function setTimers(run: Run, oif: Oif, nbr: Nbr): void {
  const retransmit = params(run, oif).retransmit * SEC
  const rank = nsmRank(nbr.state)
  if (rank <= nsmRank('Down')) nbr.deadAt = 0
  if (rank <= nsmRank('2-Way')) {
    nbr.ddAt = 0
    nbr.updAt = 0
    nbr.reqAt = 0
  } else if (nbr.state === 'ExStart') {
    if (nbr.ddAt === 0) nbr.ddAt = run.now + retransmit
    nbr.updAt = 0
    nbr.reqAt = 0
  } else if (nbr.state === 'Exchange') {
    if (nbr.updAt === 0) nbr.updAt = run.now + retransmit
    if ((nbr.ddFlags & DD_MS) === 0) nbr.ddAt = 0
  } else {
    nbr.ddAt = 0
  }
}
