import type { DevName, Ip4, Mac, Nanos, Pid } from '../../base/ids.ts'
import type { Skb } from '../skb.ts'

/** States of the kernel's neighbour table (include/uapi/linux/neighbour.h). */
export type NeighState =
  'NONE' | 'INCOMPLETE' | 'REACHABLE' | 'STALE' | 'DELAY' | 'PROBE' | 'FAILED' | 'PERMANENT' | 'NOARP'

export interface Neigh {
  dev: DevName
  ip: Ip4
  mac: Mac
  state: NeighState
  /** Time of the last confirmation, last update and last use. */
  confirmedNs: Nanos
  updatedNs: Nanos
  usedNs: Nanos
  probes: number
  /** Packets that wait for the answer (unres_qlen). */
  queue: Skb[]
}

/** A program that listens to ARP on an interface (packet socket bound to ETH_P_ARP). */
export interface ArpSock {
  pid: Pid
  dev: DevName
}
