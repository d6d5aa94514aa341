import type { VrrpWhy } from '../../../kernel/note.ts'
import { log, logDetail } from '../log.ts'
import {
  armTimer,
  masterDownNs,
  noteState,
  notifyInstance,
  removeVips,
  sendAdvert,
  sendGarps,
  setVips,
  startTimer,
  type Vrrp,
} from './act.ts'
import type { Instance, State } from './types.ts'
import { canGoMaster, syncDown, syncMaster } from './sync.ts'

/** The states of a virtual router and the ways between them (vrrp/vrrp.c, vrrp_scheduler.c; RFC 3768 6.4). */

/** The timer of an instance went off: nobody is heard any more, or it is time for the next advert. */
export function onTimeout(vrrp: Vrrp, instance: Instance): void {
  const from = instance.state
  if (from === 'BACKUP') {
    logDetail(vrrp.sys, vrrp.state, `(${instance.spec.name}) Receive advertisement timeout`)
    instance.want = 'MASTER'
    goMaster(vrrp, instance, 'timeout')
  } else if (from === 'MASTER') advertise(vrrp, instance)
  if (instance.group !== '') afterEvent(vrrp, instance, from)
  armTimer(vrrp, instance)
}

/** The matrix of vrrp_scheduler.c (VRRP_TSM). */
export function afterEvent(vrrp: Vrrp, instance: Instance, from: State): void {
  if (instance.group === '') return
  const wantsMaster = instance.want === 'MASTER' || instance.state === 'MASTER'
  if (from === 'MASTER' && instance.state === 'BACKUP') syncDown(vrrp, instance, 'BACKUP', MOVES)
  else if (wantsMaster) syncMaster(vrrp, instance, MOVES)
}

/** vrrp_state_goto_master: the advert first, so that an old master lets go of the addresses before they are announced. */
export function goMaster(vrrp: Vrrp, instance: Instance, why: VrrpWhy): void {
  if (instance.group !== '' && !canGoMaster(vrrp, instance)) {
    instance.want = 'MASTER'
    return
  }
  const from = instance.state
  instance.state = 'MASTER'
  armTimer(vrrp, instance)
  noteState(vrrp, instance, from, why)
  advertise(vrrp, instance)
}

/** vrrp_state_master_tx. */
function advertise(vrrp: Vrrp, instance: Instance): void {
  sendAdvert(vrrp, instance, instance.priority)
  const { garp } = instance.spec
  if (instance.vipSet) {
    if (garp.refreshNs > 0 && vrrp.sys.now > instance.garpRefreshNs) {
      sendGarps(vrrp, instance, garp.refreshRep)
      instance.garpRefreshNs = vrrp.sys.now + garp.refreshNs
    }
    return
  }
  log(vrrp.sys, vrrp.state, `(${instance.spec.name}) Entering MASTER STATE`)
  instance.masterAdvertNs = instance.spec.advertNs
  setVips(vrrp, instance)
  sendGarps(vrrp, instance, garp.rep)
  instance.garpRefreshNs = vrrp.sys.now + garp.refreshNs
  notifyInstance(vrrp, instance)
  if (garp.delayNs > 0) vrrp.sys.sleep(`garp ${instance.spec.name}`, garp.delayNs)
}

/** vrrp_state_leave_master, to `want`: BACKUP, or FAULT with an advert of priority 0 that may not get out any more. */
export function leaveMaster(vrrp: Vrrp, instance: Instance, sayGoodbye: boolean, why: VrrpWhy): void {
  const from: State = 'MASTER'
  log(vrrp.sys, vrrp.state, `(${instance.spec.name}) Entering ${instance.want} STATE`)
  if (instance.want === 'BACKUP') instance.preemptAtNs = 0
  else sendAdvert(vrrp, instance, 0)
  restore(vrrp, instance, sayGoodbye)
  instance.state = instance.want
  noteState(vrrp, instance, from, why)
  notifyInstance(vrrp, instance)
  instance.downTimerNs = masterDownNs(instance)
  armTimer(vrrp, instance)
}

/** vrrp_restore_interface: nothing of the master's is left. */
export function restore(vrrp: Vrrp, instance: Instance, sayGoodbye: boolean): void {
  if (sayGoodbye) {
    sendAdvert(vrrp, instance, 0)
    logDetail(vrrp.sys, vrrp.state, `(${instance.spec.name}) sent 0 priority`)
  }
  if (instance.vipSet) removeVips(vrrp, instance)
}

/** vrrp_state_leave_fault: into `want`, from FAULT or into it. */
export function leaveFault(vrrp: Vrrp, instance: Instance, why: VrrpWhy): void {
  if (instance.want === 'MASTER') goMaster(vrrp, instance, why)
  else {
    const from = instance.state
    if (from !== instance.want)
      log(vrrp.sys, vrrp.state, `(${instance.spec.name}) Entering ${instance.want} STATE`)
    if (instance.want === 'FAULT' && from === 'MASTER') {
      sendAdvert(vrrp, instance, 0)
      restore(vrrp, instance, false)
    }
    instance.state = instance.want
    noteState(vrrp, instance, from, why)
    notifyInstance(vrrp, instance)
    if (instance.state === 'BACKUP') instance.preemptAtNs = 0
  }
  instance.masterAdvertNs = instance.spec.advertNs
  instance.downTimerNs = masterDownNs(instance)
  armTimer(vrrp, instance)
}

/** One more of the things it depends on is down (down_instance). */
export function downInstance(vrrp: Vrrp, instance: Instance, why: VrrpWhy): void {
  const first = instance.faults++ === 0
  if (!first && instance.state !== 'INIT') return
  instance.want = 'FAULT'
  if (instance.state === 'MASTER') leaveMaster(vrrp, instance, true, why)
  else leaveFault(vrrp, instance, why)
  if (instance.group !== '') syncDown(vrrp, instance, 'FAULT', MOVES)
}

/** One of them is back (try_up_instance). */
export function upInstance(vrrp: Vrrp, instance: Instance, leavingInit: boolean, why: VrrpWhy): void {
  if (leavingInit ? instance.faults > 0 : --instance.faults > 0 || instance.scriptsInit > 0) {
    if (!leavingInit && instance.faults === 0) instance.want = 'BACKUP'
    return
  }
  if (!(instance.want === 'MASTER' && instance.spec.priority === 255)) instance.want = 'BACKUP'
  instance.masterAdvertNs = instance.spec.advertNs
  instance.downTimerNs = masterDownNs(instance)
  const others = vrrp.own.instances.filter((other) => other.group !== '' && other.group === instance.group)
  if (others.some((other) => other.faults > 0 || other.scriptsInit > 0)) return
  const want = instance.want
  leaveFault(vrrp, instance, why)
  instance.want = want
  if (instance.group === '') return
  if (instance.state === 'MASTER') syncMaster(vrrp, instance, MOVES)
  else syncDown(vrrp, instance, 'BACKUP', MOVES)
}

/** vrrp_set_effective_priority: a backup's timer moves with its skew time. */
export function setPriority(vrrp: Vrrp, instance: Instance): void {
  if (instance.spec.priority === 255) return
  const priority = Math.min(254, Math.max(1, instance.totalPriority))
  if (priority === instance.priority) return
  const change = `from ${instance.priority} to ${priority}`
  log(vrrp.sys, vrrp.state, `(${instance.spec.name}) Changing effective priority ${change}`)
  instance.priority = priority
  const was = instance.downTimerNs
  instance.downTimerNs = masterDownNs(instance)
  if (instance.state !== 'BACKUP') return
  instance.deadlineNs = Math.max(vrrp.sys.now, instance.deadlineNs + instance.downTimerNs - was)
  startTimer(vrrp, instance)
}

const MOVES = { goMaster, leaveMaster, leaveFault }
