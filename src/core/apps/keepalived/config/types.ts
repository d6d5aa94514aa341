import type { DevName, Ip4, Nanos } from '../../../base/ids.ts'
import type { IpvsMode } from '../../../kernel/ipvs/types.ts'

/** keepalived.conf(5) as it is understood here. Times in ns; `null` = not given, a default is filled in by validate.ts. */
export interface Config {
  globals: Globals
  groups: ServerGroup[]
  services: VirtualServer[]
  scripts: VrrpScript[]
  syncGroups: SyncGroup[]
  instances: VrrpInstance[]
  /** There is a virtual_server block / a VRRP block, whoever reads it: the parent decides by these what to start. */
  hasChecker: boolean
  hasVrrp: boolean
  /** An interface that is named does not exist: VRRP does not run then. */
  missingDev: boolean
}

export interface Globals {
  routerId: string
  /** Empty the table at start (lvs_flush) and at stop. */
  flush: boolean
  flushOnStop: 'no' | 'vs' | 'full'
  checkerLogAll: boolean
  rsInitNotifies: boolean
  version: 2 | 3
  strict: boolean
  skipCheckAdvAddr: boolean
  scriptSecurity: boolean
  garp: Garp
  lowerPrioNoAdvert: boolean
  higherPrioSendAdvert: boolean
  mcastGroup: Ip4
}

/** Gratuitous ARP after a takeover: `rep` at once, `rep` again after `delayNs`; then `refreshRep` each `refreshNs` (0 = no). */
export interface Garp {
  delayNs: Nanos
  rep: number
  refreshNs: Nanos
  refreshRep: number
  /** null = as the plain ones. */
  lowerPrioDelayNs: Nanos | null
  lowerPrioRep: number | null
  /** Between two of them on one interface. */
  intervalNs: Nanos
}

export interface ServerGroup {
  name: string
  /** Address and port, one service each; or a firewall mark. */
  entries: ({ ip: Ip4; port: number } | { fwmark: number })[]
}

export type Checker = HttpCheck | TcpCheck | PingCheck

interface CheckCommon {
  /** Where to: the real server unless given. */
  ip: Ip4 | null
  port: number | null
  bindIp: Ip4
  bindPort: number
  timeoutNs: Nanos | null
  retry: number | null
  retryDelayNs: Nanos | null
  warmupNs: Nanos | null
  loopNs: Nanos | null
  alpha: boolean | null
  logAll: boolean
}

export interface HttpCheck extends CheckCommon {
  kind: 'http'
  urls: CheckUrl[]
  virtualHost: string
  /** HTTP/1.0, the same with Connection: close, HTTP/1.1. */
  protocol: '1.0' | '1.0C' | '1.1'
  fastRecovery: boolean
}

export interface CheckUrl {
  path: string
  /** Inclusive ranges that count as success. */
  status: { from: number; to: number }[]
  /** MD5 of the body in hex, '' = not compared. */
  digest: string
  virtualHost: string
}

interface TcpCheck extends CheckCommon {
  kind: 'tcp'
}

interface PingCheck extends CheckCommon {
  kind: 'ping'
}

/** What real and sorry servers share. */
export interface ServerAddress {
  ip: Ip4
  port: number
  mode: IpvsMode | null
  weight: number
  inhibit: boolean
}

export interface RealServer extends Omit<ServerAddress, 'weight' | 'inhibit'> {
  weight: number | null
  inhibit: boolean | null
  alpha: boolean | null
  upper: number
  lower: number
  notifyUp: string
  notifyDown: string
  virtualHost: string
  timeoutNs: Nanos | null
  loopNs: Nanos | null
  retry: number | null
  retryDelayNs: Nanos | null
  warmupNs: Nanos | null
  checks: Checker[]
}

export interface VirtualServer {
  ip: Ip4
  port: number
  fwmark: number
  group: string
  /** Number among the services of the group: stands in the port's place in the log. */
  member: number
  proto: number
  scheduler: string
  flags: string[]
  mode: IpvsMode | null
  /** Seconds, 0 = not persistent. */
  persistence: number
  netmask: Ip4
  loopNs: Nanos
  timeoutNs: Nanos
  retry: number | null
  retryDelayNs: Nanos | null
  warmupNs: Nanos | null
  weight: number
  alpha: boolean
  omega: boolean
  inhibit: boolean
  haSuspend: boolean
  quorum: number
  hysteresis: number
  quorumUp: string
  quorumDown: string
  virtualHost: string
  sorry: ServerAddress | null
  servers: RealServer[]
}

export interface VrrpScript {
  name: string
  script: string
  intervalNs: Nanos
  timeoutNs: Nanos
  weight: number
  fall: number
  rise: number
  initFail: boolean
}

interface SyncGroup {
  name: string
  members: string[]
  notify: Notify
}

/** Command lines, '' = none. `any` gets kind, name, state and priority as further words. */
export interface Notify {
  master: string
  backup: string
  fault: string
  stop: string
  any: string
}

export interface Vip {
  ip: Ip4
  prefix: number
  dev: DevName
  label: string
  broadcast: Ip4
}

export interface VirtualRoute {
  dst: Ip4
  prefix: number
  via: Ip4
  dev: DevName
  src: Ip4
  metric: number
}

export interface VrrpInstance {
  name: string
  version: 2 | 3 | null
  state: 'MASTER' | 'BACKUP'
  dev: DevName
  vrid: number
  priority: number
  advertNs: Nanos
  downAdverts: number
  nopreempt: boolean
  preemptDelayNs: Nanos
  authType: number
  auth: string
  sourceIp: Ip4
  peers: Ip4[]
  vips: Vip[]
  excluded: Vip[]
  routes: VirtualRoute[]
  trackDevs: { dev: DevName; weight: number }[]
  trackScripts: { name: string; weight: number | null }[]
  trackPrimary: boolean
  garp: { [name in keyof Garp]: Garp[name] | null }
  lowerPrioNoAdvert: boolean | null
  higherPrioSendAdvert: boolean | null
  strict: boolean | null
  skipCheckAdvAddr: boolean | null
  notify: Notify
}
