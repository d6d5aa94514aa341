import type { DevName } from '../../../base/ids.ts'
import { log } from '../log.ts'
import { runScript } from '../script.ts'
import type { Vrrp } from './act.ts'
import { downInstance, setPriority, upInstance } from './machine.ts'
import type { Instance, Script } from './types.ts'

/** What an instance watches: interfaces and scripts (vrrp/vrrp_track.c, vrrp_scheduler.c). */

/** Up and with carrier (IF_FLAGS_UP). */
export function isDevUp(vrrp: Vrrp, dev: DevName): boolean {
  const found = vrrp.sys.devs()[dev]
  return found !== undefined && found.up && found.carrier
}

/** Faults and priority as things are at the start, before anything is said about them. */
export function initTracking(vrrp: Vrrp, instance: Instance): void {
  for (const { dev, weight } of instance.spec.trackDevs) {
    const up = isDevUp(vrrp, dev)
    if (weight === 0) instance.faults += up ? 0 : 1
    else if (up === weight > 0) instance.totalPriority += weight
  }
  for (const { name, weight } of instance.spec.trackScripts) {
    const script = vrrp.own.scripts.find((other) => other.spec.name === name)
    if (!script) continue
    if (weight === 0 && script.fresh) instance.scriptsInit++
    else if (!script.fresh) {
      const good = script.result >= script.spec.rise
      if (weight === 0) instance.faults += good ? 0 : 1
      else if (good === weight > 0) instance.totalPriority += weight
    }
  }
  if (instance.spec.priority !== 255) instance.priority = Math.min(254, Math.max(1, instance.totalPriority))
}

/** Links as they were when last looked at: the kernel only says that something has changed. */
export function onLink(vrrp: Vrrp, dev: DevName, was: boolean): boolean {
  const up = isDevUp(vrrp, dev)
  if (up === was) return up
  const mine = vrrp.own.instances.filter((vi) => vi.spec.trackDevs.some((tracked) => tracked.dev === dev))
  if (mine.length === 0) return up
  log(vrrp.sys, vrrp.state, `Netlink reports ${dev} ${up ? 'up' : 'down'}`)
  for (const instance of mine) {
    const weight = instance.spec.trackDevs.find((tracked) => tracked.dev === dev)?.weight ?? 0
    if (weight !== 0) {
      instance.totalPriority += up ? Math.abs(weight) : -Math.abs(weight)
      setPriority(vrrp, instance)
    } else if (up) upInstance(vrrp, instance, false, 'interface')
    else downInstance(vrrp, instance, 'interface')
  }
  return up
}

/** Run a script and count its result: `rise` good ones in a row for up, `fall` bad ones for down. */
export function onScriptTimer(vrrp: Vrrp, index: number): void {
  const script = vrrp.own.scripts[index]
  if (!script) return
  const { name, rise, fall, intervalNs } = script.spec
  script.timer = ++vrrp.own.generation
  vrrp.sys.sleep(`script ${index} ${script.timer}`, intervalNs)
  const status = runScript(vrrp.sys, vrrp.state, script.spec.script)
  if (status !== script.lastStatus) log(vrrp.sys, vrrp.state, `Script \`${name}\` now returning ${status}`)
  script.lastStatus = status
  if (status === 0) {
    if (script.result < rise - 1) script.result++
    else {
      if (script.result < rise) {
        log(vrrp.sys, vrrp.state, `VRRP_Script(${name}) succeeded`)
        apply(vrrp, script, true)
      }
      script.result = rise + fall - 1
    }
  } else if (script.result > rise) script.result--
  else {
    if (script.result === rise || script.fresh) {
      log(vrrp.sys, vrrp.state, `VRRP_Script(${name}) failed (exited with status ${status})`)
      apply(vrrp, script, false)
    }
    script.result = 0
  }
  script.fresh = false
}

/** process_script_update_priority. */
function apply(vrrp: Vrrp, script: Script, good: boolean): void {
  for (const instance of vrrp.own.instances) {
    const tracked = instance.spec.trackScripts.find((other) => other.name === script.spec.name)
    if (!tracked) continue
    if (tracked.weight === 0) {
      const leftInit = script.fresh && --instance.scriptsInit === 0
      if (!good) downInstance(vrrp, instance, 'script')
      else if (instance.scriptsInit === 0) upInstance(vrrp, instance, leftInit, 'script')
      continue
    }
    if (!script.fresh) instance.totalPriority += good ? Math.abs(tracked.weight) : -Math.abs(tracked.weight)
    else if (good === tracked.weight > 0) instance.totalPriority += tracked.weight
    setPriority(vrrp, instance)
  }
}
