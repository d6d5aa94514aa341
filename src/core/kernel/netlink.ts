import type { DevName, Ip4, Mac } from '../base/ids.ts'
import type { IpvsMode } from './ipvs/types.ts'
import type { NextHop, RouteScope, RouteType } from './route/types.ts'

/**
 * Changes to a host as plain data: what `ip`, `sysctl`, `ifconfig`, `route`, `arp` and `ipvsadm` compile to, as they
 * compile to netlink messages and writes to /proc/sys on Linux. Only these and program starts are logged and replayed.
 */
export type NetlinkOp =
  | { op: 'sysctl'; key: string; value: string }
  | { op: 'link.set'; dev: DevName; up?: boolean; mtu?: number; mac?: Mac }
  | { op: 'addr.add'; dev: DevName; ip: Ip4; prefix: number; label: string; broadcast: Ip4 }
  | { op: 'addr.del'; dev: DevName; ip: Ip4; prefix: number }
  | ({ op: 'route.add' | 'route.replace' | 'route.del' | 'route.append' } & RouteSpec)
  | { op: 'neigh.set'; dev: DevName; ip: Ip4; mac: Mac; state: 'PERMANENT' | 'REACHABLE' | 'STALE' | 'NOARP' }
  | { op: 'neigh.del'; dev: DevName; ip: Ip4 }
  | { op: 'neigh.flush'; dev?: DevName; ip?: Ip4 }
  | { op: 'ipvs.service.add' | 'ipvs.service.edit'; proto: number; vip: Ip4; port: number; scheduler: string }
  | { op: 'ipvs.service.del'; proto: number; vip: Ip4; port: number }
  | ({ op: 'ipvs.dest.add' | 'ipvs.dest.edit'; weight: number; mode: IpvsMode } & IpvsDestKey)
  | ({ op: 'ipvs.dest.del' } & IpvsDestKey)
  | { op: 'ipvs.clear' }
  | { op: 'file.write'; path: string; text: string }

export interface RouteSpec {
  dst: Ip4
  prefix: number
  type: RouteType
  scope?: RouteScope
  proto: string
  metric: number
  prefsrc: Ip4
  nexthops: NextHop[]
}

export interface IpvsDestKey {
  proto: number
  vip: Ip4
  port: number
  ip: Ip4
  dport: number
}

/** What the kernel answers when it refuses; the shell words it as each tool does. */
export type Errno =
  | 'EPERM'
  | 'ENOENT'
  | 'EEXIST'
  | 'EINVAL'
  | 'ENODEV'
  | 'ENETDOWN'
  | 'ENETUNREACH'
  | 'EHOSTUNREACH'
  | 'EADDRNOTAVAIL'
  | 'EADDRINUSE'
  | 'ECONNREFUSED'
  | 'ECONNRESET'
  | 'ETIMEDOUT'
  | 'EPIPE'
  | 'ESRCH'
  | 'EACCES'
  | 'EMSGSIZE'
  | 'EBUSY'
  | 'ENOTCONN'
