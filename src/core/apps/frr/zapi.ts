/**
 * What FRR's daemons say to each other (lib/zclient.h), as messages between processes: plain data, frozen by the sender,
 * in place of the bytes on zebra's socket. Left out: labels, VRFs, IPv6.
 *
 * A client says `zapi.hello` to zebra when it starts (and again to a zebra that came back) and is told every interface
 * and the router id; after that it hears of changes. Routes are withdrawn one by one, or all at once when the client's
 * process ends, as zebra does when a client's socket closes.
 */
import type { DevName, Ip4 } from '../../base/ids.ts'

/** Kinds of routes with FRR's letters K, C, S, O. */
export type RibType = 'kernel' | 'connected' | 'static' | 'ospf'

/** `gateway` 0 = the destination is on the link of `dev`. `dev` '' = zebra looks the gateway up itself (static). */
export interface ZapiNexthop {
  readonly gateway: Ip4
  readonly dev: DevName
  /** 1 unless given. */
  readonly weight?: number
  readonly onlink?: true
}

export interface ZapiRoute {
  readonly dst: Ip4
  readonly prefix: number
  readonly type: RibType
  readonly distance: number
  readonly metric: number
  readonly nexthops: readonly ZapiNexthop[]
  /** A static route that leads nowhere; it has no next hops. */
  readonly blackhole?: 'blackhole' | 'reject'
  readonly tag?: number
  /** Withdraw the route of this client to dst/prefix. Next hops are not looked at. */
  readonly remove?: true
}

export interface ZapiAddr {
  readonly ip: Ip4
  readonly prefix: number
  /** 'lo:0' or the interface's name. */
  readonly label: string
  /** Same subnet as an address before it. */
  readonly secondary: boolean
}

export interface ZapiInterface {
  readonly dev: DevName
  readonly index: number
  /** IFF_UP. */
  readonly up: boolean
  /** IFF_RUNNING: up and with carrier. */
  readonly running: boolean
  readonly loopback: boolean
  /** Bytes. */
  readonly mtu: number
  /** Mbit/s; 0 where unknown. */
  readonly speed: number
  readonly addrs: readonly ZapiAddr[]
}

/** Messages by name (`what` of the message event) with their bodies. */
export interface ZapiMessages {
  /** Client to zebra. */
  'zapi.hello': { readonly type: RibType }
  /** Client to zebra: added or replaced (one route per client, type and prefix), or withdrawn. */
  'zapi.route': { readonly routes: readonly ZapiRoute[] }
  /** Client to zebra: tell me best routes of this type (again with `on` false: no longer). */
  'zapi.redistribute': { readonly type: RibType; readonly on: boolean }
  /** Client to zebra: tell me whether this gateway can be reached, now and whenever that changes. */
  'zapi.track': { readonly ip: Ip4; readonly on: boolean }
  /** Zebra to client: how a tracked gateway is reached at present; none = not at all. */
  'zapi.tracked': { readonly ip: Ip4; readonly nexthops: readonly ZapiNexthop[] }
  /** Zebra to client: the interface is new or has changed, addresses included; the whole of it. */
  'zapi.interface': ZapiInterface
  'zapi.interface.gone': { readonly dev: DevName }
  /** Zebra to client. 0 = there is no address to take it from. */
  'zapi.router-id': { readonly id: Ip4 }
  /** Zebra to client that asked for redistribution. */
  'zapi.redistributed': { readonly routes: readonly ZapiRoute[] }
}

export type ZapiName = keyof ZapiMessages

/** Lines of configuration for a daemon, and its answer: what vtysh and a daemon say over its vty socket. */
export interface VtyMessages {
  /**
   * To a daemon: lines in the order of the file, each with the node's opening line before it (`router ospf`, then what
   * belongs there). `boot`: read at start from frr.conf, mistakes go to the journal.
   */
  'vty.config': { readonly lines: readonly VtyLine[]; readonly boot: boolean }
  /** Back to the sender: lines refused, in the daemon's words (empty: all taken). */
  'vty.reply': { readonly errors: readonly VtyError[] }
}

export interface VtyLine {
  /** Number of the line in frr.conf, from 1; 0 = typed. */
  readonly line: number
  /** Opening line of the node it stands in, normalised ('interface ens33', 'router ospf'); '' = top level. */
  readonly node: string
  /** The command in full words, without leading blanks. */
  readonly text: string
}

export interface VtyError {
  readonly line: number
  readonly text: string
  /** The text is printed, and vtysh goes on. */
  readonly warning?: boolean
}
