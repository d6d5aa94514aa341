import type { DevName, Ip4 } from '../../base/ids.ts'

export type RouteType = 'unicast' | 'local' | 'broadcast' | 'unreachable' | 'blackhole' | 'prohibit'
export type RouteScope = 'global' | 'link' | 'host'

/** One next hop. `gateway` 0 = the destination is on the link. `weight` 1..256. */
export interface NextHop {
  gateway: Ip4
  dev: DevName
  weight: number
}

export interface Route {
  dst: Ip4
  prefix: number
  type: RouteType
  scope: RouteScope
  /** 'kernel', 'boot', 'static', 'ospf' ... as `ip route` shows it. */
  proto: string
  metric: number
  /** Preferred source address, 0 = none. */
  prefsrc: Ip4
  nexthops: NextHop[]
  table: 'main' | 'local'
}

/** Result of a route look-up, as a packet or socket carries it (the kernel's dst_entry). */
export interface Dst {
  type: 'unicast' | 'local' | 'broadcast' | 'multicast'
  dev: DevName
  /** Next hop on the link: the gateway, or the destination itself when on-link. */
  nexthop: Ip4
  gateway: Ip4
  /** Source address to use when none is bound. */
  prefsrc: Ip4
}

/** What is looked up. Ports are 0 where unknown; `src` 0 = not chosen yet. */
export interface Flow {
  dst: Ip4
  src: Ip4
  proto: number
  sport: number
  dport: number
  oif?: DevName
  /** A local TCP connect whose source port is not chosen yet: the hash takes a random number. */
  anyPort?: boolean
}
