import type { VrrpWhy } from '../../../kernel/note.ts'
import { log } from '../log.ts'
import { armTimer, masterDownNs, notifyGroup, type Vrrp } from './act.ts'
import type { Group, Instance } from './types.ts'

/** Instances that go up and down together (vrrp/vrrp_sync.c). */

/** The ways between states; given by machine.ts, which calls this. */
interface Moves {
  goMaster: (vrrp: Vrrp, instance: Instance, why: VrrpWhy) => void
  leaveMaster: (vrrp: Vrrp, instance: Instance, sayGoodbye: boolean, why: VrrpWhy) => void
  leaveFault: (vrrp: Vrrp, instance: Instance, why: VrrpWhy) => void
}

function groupOf(vrrp: Vrrp, instance: Instance): Group | undefined {
  return vrrp.own.groups.find((group) => group.name === instance.group)
}

function others(vrrp: Vrrp, instance: Instance): Instance[] {
  return vrrp.own.instances.filter((other) => other.group === instance.group && other !== instance)
}

/** Only if all want to; the one that was first waits another round. */
export function canGoMaster(vrrp: Vrrp, instance: Instance): boolean {
  if (groupOf(vrrp, instance)?.state === 'MASTER') return true
  if (others(vrrp, instance).every((other) => other.want === 'MASTER')) return true
  instance.downTimerNs = masterDownNs(instance)
  armTimer(vrrp, instance)
  return false
}

export function syncMaster(vrrp: Vrrp, instance: Instance, moves: Moves): void {
  const group = groupOf(vrrp, instance)
  if (!group || group.state === 'MASTER' || !canGoMaster(vrrp, instance)) return
  say(vrrp, group, 'MASTER')
  for (const other of others(vrrp, instance)) {
    if (other.state === 'MASTER') continue
    other.want = 'MASTER'
    moves.goMaster(vrrp, other, 'sync')
  }
  group.state = 'MASTER'
  notifyGroup(vrrp, group)
}

/** The group falls back with one of its instances, or fails with it. */
export function syncDown(vrrp: Vrrp, instance: Instance, to: 'BACKUP' | 'FAULT', moves: Moves): void {
  const group = groupOf(vrrp, instance)
  if (!group || group.state === to) return
  say(vrrp, group, to)
  for (const other of others(vrrp, instance)) {
    if (other.state === to) continue
    other.want = to
    if (other.state === 'MASTER') moves.leaveMaster(vrrp, other, false, 'sync')
    else moves.leaveFault(vrrp, other, 'sync')
  }
  group.state = to
  notifyGroup(vrrp, group)
}

function say(vrrp: Vrrp, group: Group, state: string): void {
  log(vrrp.sys, vrrp.state, `VRRP_Group(${group.name}) Syncing instances to ${state} state`)
}
