import type { DevName, Ip4, Mac, Nanos } from '../base/ids.ts'
import type { IpvsMode } from './ipvs/types.ts'
import type { NfOp } from './netfilter/ops.ts'
import type { Rule } from './route/rule.ts'
import type { NextHop, RouteScope, RouteType } from './route/types.ts'
import type { Tunnel } from './tunnel/types.ts'

/**
 * Changes to a host as plain data: what `ip`, `sysctl`, `ifconfig`, `route`, `arp` and `ipvsadm` compile to, as they
 * compile to netlink messages and writes to /proc/sys on Linux. Only these and program starts are logged and replayed.
 */
export type NetlinkOp =
  | { op: 'sysctl'; key: string; value: string }
  | { op: 'link.set'; dev: DevName; up?: boolean; mtu?: number; mac?: Mac }
  /** `modprobe NAME`; of the modules that change what a host does there is ipip. */
  | { op: 'module.load' | 'module.unload'; name: string }
  | ({ op: 'tunnel.add' | 'tunnel.change'; dev: DevName } & Omit<Tunnel, 'fallback' | 'errors'>)
  | { op: 'link.del'; dev: DevName }
  | { op: 'addr.add'; dev: DevName; ip: Ip4; prefix: number; label: string; broadcast: Ip4 }
  | { op: 'addr.del'; dev: DevName; ip: Ip4; prefix: number }
  | ({ op: 'route.add' | 'route.replace' | 'route.del' | 'route.append' } & RouteSpec)
  | { op: 'route.flush-cache' }
  | { op: 'rule.add' | 'rule.del'; rule: Rule }
  | { op: 'rule.flush' }
  | ({ op: 'nexthop.add' | 'nexthop.replace' } & NextHopSpec)
  | { op: 'nexthop.del'; id: number }
  /** Send ARP as `arping` does: a request, or an unasked announcement. */
  | { op: 'arp.send'; dev: DevName; kind: 'request' | 'announce' | 'announce-reply'; ip: Ip4; src: Ip4 }
  | { op: 'neigh.set'; dev: DevName; ip: Ip4; mac: Mac; state: 'PERMANENT' | 'REACHABLE' | 'STALE' | 'NOARP' }
  | { op: 'neigh.del'; dev: DevName; ip: Ip4 }
  /** `ip neigh add proxy`: answer for this address on this interface. */
  | { op: 'neigh.proxy'; dev: DevName; ip: Ip4; on: boolean }
  | { op: 'neigh.flush'; dev?: DevName; ip?: Ip4 }
  | IpvsOp
  | NfOp
  | { op: 'file.write'; path: string; text: string }
  | { op: 'file.remove'; path: string }
  /** A line of the journal that a command writes. */
  | { op: 'journal'; ident: string; unit: string; text: string }

export interface RouteSpec {
  dst: Ip4
  prefix: number
  type: RouteType
  scope?: RouteScope
  proto: string
  metric: number
  prefsrc: Ip4
  nexthops: NextHop[]
  /** Table by name or number, main unless given. */
  table?: string
  nhid?: number
  /** Bytes. */
  mtu?: number
}

export interface NextHopSpec {
  id: number
  hop: NextHop | null
  blackhole: boolean
  group: { id: number; weight: number }[]
  type: 'mpath' | 'resilient'
  /** Of a resilient group; timers in ns. */
  buckets?: number
  idleTimerNs?: Nanos
  unbalancedTimerNs?: Nanos
  proto: string
}

/** What a virtual service is found by; under a firewall mark the rest is 0. */
export interface IpvsOpService {
  proto: number
  vip: Ip4
  port: number
  fwmark?: number
}

export interface IpvsDestKey extends IpvsOpService {
  ip: Ip4
  dport: number
}

export interface IpvsOpDest extends IpvsDestKey {
  weight: number
  mode: IpvsMode
  /** Connection limits, 0 = none. */
  upper?: number
  lower?: number
}

/** What `ipvsadm` compiles to. */
export type IpvsOp =
  | ({
      op: 'ipvs.service.add' | 'ipvs.service.edit'
      scheduler: string
      /** 'sh-port', 'mh-fallback', 'ops' ... */
      flags?: string[]
      /** Seconds, 0 = not persistent. */
      persistent?: number
      netmask?: number
    } & IpvsOpService)
  | ({ op: 'ipvs.service.del' } & IpvsOpService)
  | ({ op: 'ipvs.dest.add' | 'ipvs.dest.edit' } & IpvsOpDest)
  | ({ op: 'ipvs.dest.del' } & IpvsDestKey)
  /** FULLNAT's local addresses. */
  | ({ op: 'ipvs.laddr.add' | 'ipvs.laddr.del'; lip: Ip4 } & IpvsOpService)
  | { op: 'ipvs.zero'; key?: IpvsOpService }
  /** Seconds; 0 = unchanged. */
  | { op: 'ipvs.timeouts'; tcp: number; tcpfin: number; udp: number }
  | { op: 'ipvs.daemon.start'; state: 'master' | 'backup'; dev: DevName; id: number }
  | { op: 'ipvs.daemon.stop'; state: 'master' | 'backup' }
  | { op: 'ipvs.clear' }

/** What the kernel answers when it refuses; the shell words it as each tool does. */
export type Errno =
  | 'EPERM'
  | 'ENOENT'
  | 'EEXIST'
  | 'EINVAL'
  | 'ERANGE'
  | 'ENODEV'
  | 'ENETDOWN'
  | 'ENETUNREACH'
  | 'EHOSTUNREACH'
  | 'EXDEV'
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
  | 'ENOPROTOOPT'
  | 'ENOTCONN'
  | 'EOPNOTSUPP'
