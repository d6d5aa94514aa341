import type { DevName, Ip4, Nanos, SockId } from '../../../base/ids.ts'
import type { Garp, Globals, Notify, VrrpInstance, VrrpScript } from '../config/types.ts'

/** What the VRRP child remembers. `spec` parts are frozen configuration with all defaults filled in. */
export interface VrrpState {
  globals: Readonly<Globals>
  instances: Instance[]
  groups: Group[]
  scripts: Script[]
  socks: Socket[]
  /** Which interfaces were up when last looked at. */
  links: Record<DevName, boolean>
  /** What was in force before the reload at hand. */
  before: VrrpState | null
  /** Numbers timers, so that one of an earlier configuration is known as stale. */
  generation: number
  stopping: boolean
}

export type State = 'INIT' | 'BACKUP' | 'MASTER' | 'FAULT'

/** What is still null in the file's instance has its default here. */
type Filled =
  'version' | 'trackScripts' | 'garp' | 'lowerPrioNoAdvert' | 'higherPrioSendAdvert' | 'skipCheckAdvAddr'

export interface InstanceSpec extends Readonly<Omit<VrrpInstance, Filled | 'trackPrimary' | 'strict'>> {
  version: 2 | 3
  trackScripts: readonly { name: string; weight: number }[]
  garp: Garp
  lowerPrioNoAdvert: boolean
  higherPrioSendAdvert: boolean
  skipCheckAdvAddr: boolean
}

export interface Instance {
  spec: Readonly<InstanceSpec>
  state: State
  /** What it would be in disregarding its sync group. */
  want: State
  /** In force, and before it is cut to 1..254. */
  priority: number
  totalPriority: number
  /** Address adverts are sent from. */
  source: Ip4
  /** Interval of the master, as heard (version 3). */
  masterAdvertNs: Nanos
  downTimerNs: Nanos
  /** When the timer that counts goes off; -1 = not at all. */
  deadlineNs: Nanos
  timer: number
  vipSet: boolean
  /** Tracked interfaces and scripts that are down. */
  faults: number
  /** Scripts without weight whose first result is not there yet. */
  scriptsInit: number
  /** End of the preemption delay, 0 = not running. */
  preemptAtNs: Nanos
  masterIp: Ip4
  garpRefreshNs: Nanos
  sock: SockId
  /** Name of its sync group, '' = none. */
  group: string
}

export interface Group {
  name: string
  state: State
  members: readonly string[]
  notify: Readonly<Notify>
}

export interface Script {
  spec: Readonly<VrrpScript>
  /** Below `rise`: counts as failed (vrrp_track.h). */
  result: number
  /** Has not run since the start. */
  fresh: boolean
  lastStatus: number
  timer: number
}

/** One raw socket for all instances of an interface that talk in the same way. */
export interface Socket {
  sock: SockId
  dev: DevName
  /** 0 = multicast. */
  source: Ip4
}
