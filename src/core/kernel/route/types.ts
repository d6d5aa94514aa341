import type { DevName, Ip4, Nanos } from '../../base/ids.ts'

export type RouteType = 'unicast' | 'local' | 'broadcast' | 'unreachable' | 'blackhole' | 'prohibit' | 'throw'
export type RouteScope = 'global' | 'link' | 'host'

/** One next hop. `gateway` 0 = the destination is on the link. `weight` 1..256. */
export interface NextHop {
  gateway: Ip4
  dev: DevName
  weight: number
  /** The gateway need not lie in a subnet of the interface (`onlink`). */
  onlink?: boolean
  /** Its interface lost its last address (RTNH_F_DEAD). */
  dead?: true
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
  /** Empty when `nhid` says where the next hops are. */
  nexthops: NextHop[]
  /** 'main', 'local', or the name or number of another table. */
  table: string
  /** Next-hop object or group that the route uses. */
  nhid?: number
  /** `mtu N` of the command, in bytes. */
  mtu?: number
  /** No route at all: what a policy rule says. */
  byRule?: true
}

/** What an ICMP message taught about the way to one destination through one next hop (struct fib_nh_exception). */
export interface RouteException {
  dst: Ip4
  /** The next hop it belongs to. */
  dev: DevName
  via: Ip4
  /** Better gateway that a redirect named, 0 = none. */
  gateway: Ip4
  /** Path MTU in bytes, 0 = the link's. */
  mtu: number
  expiresNs: Nanos
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
  /** `mtu` of the route, if it has one. */
  mtu?: number
  /** What was learned about this destination, see mtuOfDst; a better gateway stands in `nexthop` already. */
  cached?: RouteException
}

/** What is looked up. Ports are 0 where unknown; `src` 0 = not chosen yet. */
export interface Flow {
  dst: Ip4
  src: Ip4
  proto: number
  sport: number
  dport: number
  oif?: DevName
  /** Interface it came in on, for policy rules. */
  iif?: DevName
  mark?: number
  /** A local TCP connect whose source port is not chosen yet: the hash takes a random number. */
  anyPort?: boolean
}
