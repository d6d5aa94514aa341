import type { DevName, Ip4, Nanos } from '../../base/ids.ts'

export type IpvsMode = 'dr' | 'nat' | 'tun' | 'fullnat'

/** A real server of a service (struct ip_vs_dest). */
export interface IpvsDest {
  ip: Ip4
  port: number
  mode: IpvsMode
  weight: number
  activeConns: number
  inactConns: number
}

/** A virtual service (struct ip_vs_service). */
export interface IpvsService {
  proto: number
  vip: Ip4
  port: number
  scheduler: string
  flags: string[]
  dests: IpvsDest[]
  /** Scheduler's own memory, e.g. the position of rr. */
  sched: Record<string, number>
}

/** States as `ipvsadm -Lnc` prints them. */
export type IpvsState =
  | 'NONE'
  | 'ESTABLISHED'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'FIN_WAIT'
  | 'TIME_WAIT'
  | 'CLOSE'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'LISTEN'
  | 'SYNACK'

export interface IpvsConn {
  proto: number
  cip: Ip4
  cport: number
  vip: Ip4
  vport: number
  dip: Ip4
  dport: number
  mode: IpvsMode
  state: IpvsState
  expiresAt: Nanos
  active: boolean
}

export interface Ipvs {
  services: IpvsService[]
  /** By `proto cip cport vip vport`. */
  conns: Record<string, IpvsConn>
  /** Remembered next hop per real server is the route's business, kept for display only. */
  lastDev?: DevName
}
