import { IP_ANY, type Ip4, SEC } from '../../../base/ids.ts'
import { VRRP_GROUP } from '../../../wire/vrrp.ts'
import type { Checker, Config, Garp, Notify, RealServer, VirtualServer, VrrpInstance } from './types.ts'

/** The configuration while it is read, and what the handlers need to know about the host. */
export interface Build {
  config: Config
  /** `keepalived -t`: numbers are read strictly. */
  testing: boolean
  hasDev: (name: string) => boolean
}

export const NO_NOTIFY: Notify = { master: '', backup: '', fault: '', stop: '', any: '' }

/** Defaults of vrrp.h: five at once, five more after five seconds, none later. */
const GARP: Garp = {
  delayNs: 5 * SEC,
  rep: 5,
  refreshNs: 0,
  refreshRep: 1,
  lowerPrioDelayNs: null,
  lowerPrioRep: null,
  intervalNs: 0,
}

export function emptyConfig(): Config {
  return {
    globals: {
      routerId: '',
      flush: false,
      flushOnStop: 'no',
      checkerLogAll: false,
      rsInitNotifies: false,
      version: 2,
      strict: false,
      skipCheckAdvAddr: false,
      scriptSecurity: false,
      garp: { ...GARP },
      lowerPrioNoAdvert: false,
      higherPrioSendAdvert: false,
      mcastGroup: VRRP_GROUP,
    },
    groups: [],
    services: [],
    scripts: [],
    syncGroups: [],
    instances: [],
    hasChecker: false,
    hasVrrp: false,
    missingDev: false,
  }
}

/** Defaults of alloc_vs: a check a minute, connections given up after five seconds. */
export function newService(where: Pick<VirtualServer, 'ip' | 'port' | 'fwmark' | 'group'>): VirtualServer {
  return {
    ...where,
    member: 0,
    proto: 0,
    scheduler: '',
    flags: [],
    mode: null,
    persistence: 0,
    netmask: 0xffffffff as Ip4,
    loopNs: 60 * SEC,
    timeoutNs: 5 * SEC,
    retry: null,
    retryDelayNs: null,
    warmupNs: null,
    weight: 1,
    alpha: false,
    omega: false,
    inhibit: false,
    haSuspend: false,
    quorum: 1,
    hysteresis: 0,
    quorumUp: '',
    quorumDown: '',
    virtualHost: '',
    sorry: null,
    servers: [],
  }
}

export function newServer(ip: Ip4, port: number): RealServer {
  return {
    ip,
    port,
    mode: null,
    weight: null,
    inhibit: null,
    alpha: null,
    upper: 0,
    lower: 0,
    notifyUp: '',
    notifyDown: '',
    virtualHost: '',
    timeoutNs: null,
    loopNs: null,
    retry: null,
    retryDelayNs: null,
    warmupNs: null,
    checks: [],
  }
}

export function newCheck(kind: Checker['kind']): Checker {
  const common = {
    ip: null,
    port: null,
    bindIp: IP_ANY,
    bindPort: 0,
    timeoutNs: null,
    retry: null,
    retryDelayNs: null,
    warmupNs: null,
    loopNs: null,
    alpha: null,
    logAll: false,
  }
  if (kind !== 'http') return { ...common, kind }
  return { ...common, kind, urls: [], virtualHost: '', protocol: '1.0', fastRecovery: false }
}

export function newInstance(name: string): VrrpInstance {
  return {
    name,
    version: null,
    state: 'BACKUP',
    dev: '',
    vrid: 0,
    priority: 0,
    advertNs: SEC,
    downAdverts: 3,
    nopreempt: false,
    preemptDelayNs: 0,
    authType: 0,
    auth: '',
    sourceIp: IP_ANY,
    peers: [],
    vips: [],
    excluded: [],
    routes: [],
    trackDevs: [],
    trackScripts: [],
    trackPrimary: true,
    garp: {
      delayNs: null,
      rep: null,
      refreshNs: null,
      refreshRep: null,
      lowerPrioDelayNs: null,
      lowerPrioRep: null,
      intervalNs: null,
    },
    lowerPrioNoAdvert: null,
    higherPrioSendAdvert: null,
    strict: null,
    skipCheckAdvAddr: null,
    notify: { ...NO_NOTIFY },
  }
}
