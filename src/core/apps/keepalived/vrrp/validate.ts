import { SEC, US } from '../../../base/ids.ts'
import { VRRP_AUTH_NONE } from '../../../wire/vrrp.ts'
import type { Config, Garp, Globals, VrrpInstance } from '../config/types.ts'
import type { InstanceSpec } from './types.ts'

/** Defaults and contradictions of vrrp_instance blocks (vrrp/vrrp.c vrrp_complete_instance), each with its line in the log. */

const OWNER = 255
const CENTI_NS = 10_000_000

/** Undefined: an interface does not exist, or an instance lacks it or its number; then the process ends. */
export function checkInstances(config: Config, say: (text: string) => void): InstanceSpec[] | undefined {
  if (config.missingDev) {
    say('Non-existent interface specified in configuration')
    return undefined
  }
  for (const vrrp of config.instances) {
    const lacks = vrrp.vrid === 0 ? 'the virtual router id must be set' : 'Unknown interface!'
    if (vrrp.vrid !== 0 && (vrrp.dev !== '' || vrrp.peers.length > 0)) continue
    say(`(${vrrp.name}) ${lacks}`)
    return undefined
  }
  const specs: InstanceSpec[] = []
  for (const vrrp of config.instances) {
    const spec = checkInstance(vrrp, config, say)
    if (!spec) continue
    const twin = specs.find(
      (other) => other.vrid === spec.vrid && other.dev === spec.dev && spec.peers.length === 0,
    )
    if (twin) say(`(${spec.name}) duplicate VRID conflict with ${twin.name} VRID ${spec.vrid}`)
    else specs.push(spec)
  }
  return specs
}

function checkInstance(
  vrrp: VrrpInstance,
  config: Config,
  say: (text: string) => void,
): InstanceSpec | undefined {
  const { globals } = config
  const tell = (text: string): void => say(`(${vrrp.name}) ${text}`)
  const version = vrrp.version ?? globals.version
  const strict = vrrp.strict ?? globals.strict
  if (vrrp.vips.length === 0) {
    if (version === 3 || strict) {
      tell('No VIP specified; at least one is required')
      return undefined
    }
    tell('No VIP specified; at least one is sensible')
  }
  const priority = vrrp.priority !== 0 ? vrrp.priority : vrrp.state === 'MASTER' ? OWNER : 100
  settleAuthentication(vrrp, version, strict, tell)
  settlePreemption(vrrp, priority, strict, tell)
  if (strict && vrrp.peers.length > 0) tell('Unicast peers are not supported in strict mode')
  const inGroup = config.syncGroups.some((group) => group.members.includes(vrrp.name))
  return {
    ...vrrp,
    version,
    state: priority === OWNER ? 'MASTER' : vrrp.state,
    priority,
    advertNs: settleInterval(vrrp, version, tell),
    trackDevs: trackedDevs(vrrp, inGroup, tell),
    trackScripts: trackedScripts(vrrp, config, inGroup, tell),
    garp: garpOf(vrrp, globals, strict),
    lowerPrioNoAdvert: vrrp.lowerPrioNoAdvert ?? (globals.lowerPrioNoAdvert || strict),
    higherPrioSendAdvert: vrrp.higherPrioSendAdvert ?? (globals.higherPrioSendAdvert && !strict),
    skipCheckAdvAddr: vrrp.skipCheckAdvAddr ?? globals.skipCheckAdvAddr,
  }
}

function settleAuthentication(
  vrrp: VrrpInstance,
  version: number,
  strict: boolean,
  tell: (text: string) => void,
): void {
  if (vrrp.authType === VRRP_AUTH_NONE) return
  if (strict) tell('Strict mode does not support authentication. Ignoring.')
  else if (version === 3) tell('VRRP version 3 does not support authentication. Ignoring.')
  else if (vrrp.auth === '') tell('Authentication specified but no password given. Ignoring')
  else return
  vrrp.authType = VRRP_AUTH_NONE
}

function settlePreemption(
  vrrp: VrrpInstance,
  priority: number,
  strict: boolean,
  tell: (text: string) => void,
): void {
  if (priority === OWNER && vrrp.nopreempt) {
    tell(`nopreempt is incompatible with priority ${OWNER}. resetting nopreempt`)
    vrrp.nopreempt = false
  }
  if (vrrp.state === 'MASTER' || priority === OWNER) {
    if (vrrp.nopreempt) tell('Warning - nopreempt will not work with initial state MASTER - clearing')
    if (vrrp.preemptDelayNs > 0)
      tell('Warning - preempt delay will not work with initial state MASTER - clearing')
    vrrp.nopreempt = false
    vrrp.preemptDelayNs = 0
  }
  if (vrrp.preemptDelayNs > 0 && strict) {
    tell('preempt_delay is incompatible with strict mode - resetting')
    vrrp.preemptDelayNs = 0
  }
  if (vrrp.preemptDelayNs > 0 && vrrp.nopreempt) {
    tell('preempt_delay is incompatible with nopreempt mode - resetting')
    vrrp.preemptDelayNs = 0
  }
}

/** Whole seconds in version 2, hundredths in version 3. */
function settleInterval(vrrp: VrrpInstance, version: 2 | 3, tell: (text: string) => void): number {
  const unit = version === 2 ? SEC : CENTI_NS
  if (vrrp.advertNs % unit === 0) return version === 2 ? vrrp.advertNs : Math.min(vrrp.advertNs, 4095 * unit)
  const seconds = (vrrp.advertNs / SEC).toFixed(6)
  if (version === 2) tell(`VRRPv2 advertisement interval ${seconds}s must be an integer. rounding`)
  else tell(`VRRPv3 advertisement interval ${seconds}s must be in units of 10ms - rounding`)
  return Math.max(1, Math.round(vrrp.advertNs / unit)) * unit
}

/** Its own interface counts too, unless dont_track_primary; with weights only outside of sync groups. */
function trackedDevs(
  vrrp: VrrpInstance,
  inGroup: boolean,
  tell: (text: string) => void,
): InstanceSpec['trackDevs'] {
  const list: { dev: string; weight: number }[] = []
  for (const tracked of vrrp.trackDevs) {
    if (tracked.dev === vrrp.dev && vrrp.trackPrimary)
      tell(`Ignoring track_interface ${tracked.dev} since own interface`)
    else if (tracked.weight !== 0 && inGroup) {
      tell(`ignoring tracked interface ${tracked.dev} with weights due to SYNC group`)
    } else list.push(tracked)
  }
  return vrrp.trackPrimary && vrrp.dev !== '' ? [{ dev: vrrp.dev, weight: 0 }, ...list] : list
}

function trackedScripts(
  vrrp: VrrpInstance,
  config: Config,
  inGroup: boolean,
  tell: (text: string) => void,
): InstanceSpec['trackScripts'] {
  return vrrp.trackScripts.flatMap(({ name, weight }) => {
    const script = config.scripts.find((other) => other.name === name)
    if (!script) return []
    const inForce = weight ?? script.weight
    if (inForce !== 0 && inGroup) {
      tell(`ignoring tracked script ${name} with weights due to SYNC group`)
      return []
    }
    return [{ name, weight: inForce }]
  })
}

function garpOf(vrrp: VrrpInstance, globals: Globals, strict: boolean): Garp {
  const own = vrrp.garp
  const all = globals.garp
  return {
    delayNs: own.delayNs ?? (strict ? 0 : all.delayNs),
    rep: own.rep ?? (strict ? 1 : all.rep),
    refreshNs: own.refreshNs ?? all.refreshNs,
    refreshRep: own.refreshRep ?? all.refreshRep,
    lowerPrioDelayNs: own.lowerPrioDelayNs ?? all.lowerPrioDelayNs ?? own.delayNs ?? all.delayNs,
    lowerPrioRep: own.lowerPrioRep ?? all.lowerPrioRep ?? own.rep ?? all.rep,
    intervalNs: all.intervalNs,
  }
}

/** Skew time: what makes the backup with the highest priority take over first (RFC 3768 6.1, RFC 5798 6.1). */
export function skewNs(version: 2 | 3, priority: number, masterAdvertNs: number): number {
  const below = 256 - priority
  if (version === 2) return Math.floor((below * 1e6) / 256) * US
  return Math.floor((below * Math.floor(masterAdvertNs / CENTI_NS) * 625) / 16) * US
}
