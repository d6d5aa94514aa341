import type { DevName, Ip4, Nanos } from '../base/ids.ts'

/**
 * What can be looked up in a daemon's memory: copied plain data. What `vtysh`, keepalived's own dump and its log tell of is all
 * here; times are absolute simulated nanoseconds.
 */
export type DaemonView = OspfView | HealthView | VrrpView

export interface OspfView {
  kind: 'ospf'
  routerId: Ip4
  interfaces: OspfInterfaceView[]
  neighbors: OspfNeighborView[]
  areas: OspfAreaView[]
  routes: OspfRouteView[]
}

export interface OspfInterfaceView {
  dev: DevName
  ip: Ip4
  prefix: number
  /** FRR's words: 'DR', 'Backup', 'DROther', 'Waiting', 'Point-To-Point' ... */
  state: string
  cost: number
  /** Addresses of the network's designated router and its backup, 0 = none. */
  dr: Ip4
  bdr: Ip4
  p2p: boolean
}

export interface OspfNeighborView {
  dev: DevName
  /** Own address on that interface. */
  ownIp: Ip4
  id: Ip4
  ip: Ip4
  /** 'Init', '2-Way', 'ExStart', 'Exchange', 'Loading', 'Full' ... */
  state: string
  /** 'DR', 'Backup', 'DROther', '-' on links without. */
  role: string
  priority: number
  /** When silence ends it; 0 = timer off. */
  deadAt: Nanos
}

export interface OspfAreaView {
  id: Ip4
  spfRuns: number
  lsdb: LsaView[]
  /** Vertices of the shortest path tree in the order in which they joined it: this router first. */
  tree: SpfVertexView[]
}

export interface LsaView {
  type: number
  id: Ip4
  adv: Ip4
  seq: number
  /** Seconds. */
  age: number
  checksum: number
  self: boolean
  /** Of a router LSA: what it is linked with. */
  links: LsaLinkView[]
  /** Of a network LSA: routers on the network, and its mask. */
  routers: Ip4[]
  mask: number
}

export interface LsaLinkView {
  kind: 'p2p' | 'transit' | 'stub' | 'virtual'
  id: Ip4
  data: Ip4
  metric: number
}

export interface SpfVertexView {
  /** `TYPE/ID`: a router by its id, a network by the address of its designated router. */
  key: string
  type: number
  id: Ip4
  distance: number
  /** Keys of the vertices before it on shortest paths; [] = the root. */
  parents: string[]
  gateways: Ip4[]
}

export interface OspfRouteView {
  ip: Ip4
  prefix: number
  cost: number
  type: 'intra' | 'ext1' | 'ext2'
  nexthops: { gateway: Ip4; dev: DevName }[]
}

export interface HealthView {
  kind: 'health'
  services: HealthServiceView[]
}

export interface HealthServiceView {
  /** 0 = by mark or group. */
  vip: Ip4
  port: number
  quorum: number
  quorumUp: boolean
  /** The sorry server serves. */
  sorry: boolean
  servers: HealthServerView[]
}

export interface HealthServerView {
  ip: Ip4
  port: number
  weight: number
  alive: boolean
  /** In the kernel's table. */
  set: boolean
  /** A check is at work at this moment. */
  checking: boolean
  checks: { kind: 'http' | 'tcp' | 'ping'; up: boolean; hasRun: boolean; failedTries: number }[]
}

export interface VrrpView {
  kind: 'vrrp'
  instances: {
    name: string
    vrid: number
    dev: DevName
    state: 'INIT' | 'BACKUP' | 'MASTER' | 'FAULT'
    priority: number
    vips: Ip4[]
    masterIp: Ip4
    /** Until the timer that counts goes off: the next advert, or giving up on the master; -1 = none runs. */
    waitNs: Nanos
  }[]
}
