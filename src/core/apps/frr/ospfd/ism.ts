import { SEC } from '../../../base/ids.ts'
import { ALL_D_ROUTERS, ALL_SPF_ROUTERS } from '../../../wire/ospf.ts'
import { electDr } from './election.ts'
import { newSelf } from './neighbor.ts'
import { flushNetworkLsa, updateNetworkLsa, updateRouterLsa } from './originate.ts'
import { areaOf, note, params, type Run } from './run.ts'
import { ismRank, type IsmEvent, type IsmState, type Oif } from './types.ts'

/** The interface state machine (RFC 2328 9.3, ospf_ism.c). */
export function ismEvent(run: Run, oif: Oif, event: IsmEvent): void {
  const next = react(run, oif, event)
  if (next !== oif.state) changeState(run, oif, next)
  setTimers(run, oif)
}

function react(run: Run, oif: Oif, event: IsmEvent): IsmState {
  const { state } = oif
  if (event === 'InterfaceDown') {
    cleanUp(run, oif)
    return 'Down'
  }
  if (state === 'Down') {
    if (event === 'LoopInd') return 'Loopback'
    return event === 'InterfaceUp' ? firstState(run, oif) : state
  }
  if (event === 'LoopInd') return 'Loopback'
  if (state === 'Loopback') return event === 'UnLoopInd' ? 'Down' : state
  if (state === 'Waiting') {
    return event === 'WaitTimer' || event === 'BackupSeen' ? electDr(run, oif) : state
  }
  if (state === 'Point-To-Point') return state
  return event === 'NeighborChange' ? electDr(run, oif) : state
}

/** Who can become DR waits first for one there may be already. */
function firstState(run: Run, oif: Oif): IsmState {
  if (oif.type === 'p2p') return 'Point-To-Point'
  return params(run, oif).priority === 0 ? 'DROther' : 'Waiting'
}

/** ospf_if_cleanup: neighbours are gone, and with them what we knew of the network. */
function cleanUp(run: Run, oif: Oif): void {
  for (const nbr of [...oif.nbrs]) run.nsm(oif, nbr, 'KillNbr')
  oif.lsAck = []
  run.updates = run.updates.filter((queue) => queue.oif !== oif)
  oif.self = newSelf(oif, run.o.routerId, params(run, oif).priority)
}

function changeState(run: Run, oif: Oif, state: IsmState): void {
  const from = oif.state
  oif.state = state
  oif.changes += 1
  note(run, {
    kind: 'ospf.interface',
    dev: oif.dev,
    ip: oif.ip,
    from,
    to: state,
    dr: oif.self.dr,
    bdr: oif.self.bdr,
  })
  setGroups(run, oif)
  const area = areaOf(run.o, oif.area)
  if (area) updateRouterLsa(run, area)
  if (state === 'DR') updateNetworkLsa(run, oif)
  else if (from === 'DR') flushNetworkLsa(run, oif)
}

/** Groups the interface listens to (ospf_if_set_multicast). */
export function setGroups(run: Run, oif: Oif): void {
  const active = !params(run, oif).passive && oif.type !== 'loopback'
  const all = active && ismRank(oif.state) > ismRank('Loopback')
  const dr = active && (oif.state === 'DR' || oif.state === 'Backup')
  const want = (all ? 1 : 0) | (dr ? 2 : 0)
  for (const [bit, group] of [[1, ALL_SPF_ROUTERS] as const, [2, ALL_D_ROUTERS] as const]) {
    if ((want & bit) === (oif.groups & bit)) continue
    run.out.push({ do: (want & bit) !== 0 ? 'join' : 'leave', dev: oif.dev, group })
  }
  oif.groups = want
}

/** ism_timer_set: what runs already goes on as it is. */
function setTimers(run: Run, oif: Oif): void {
  const p = params(run, oif)
  const { state } = oif
  if (state === 'Down' || state === 'Loopback') {
    oif.helloAt = 0
    oif.waitAt = 0
    oif.ackAt = 0
    return
  }
  // The first Hello goes out at once, but a DROther (priority 0) lets a whole interval pass.
  const soon = state === 'Waiting' || state === 'Point-To-Point'
  if (oif.helloAt === 0) oif.helloAt = run.now + (soon ? SEC / 1000 : p.hello * SEC)
  if (state === 'Waiting') {
    if (oif.waitAt === 0) oif.waitAt = run.now + p.dead * SEC
    oif.ackAt = 0
    return
  }
  oif.waitAt = 0
  if (oif.ackAt === 0) oif.ackAt = run.now + SEC
}
