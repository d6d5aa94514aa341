/**
 * What zebra remembers. Plain data: next hops are frozen and shared between copies. Left out: VRFs, IPv6, labels, tables
 * other than main, backup next hops, next-hop groups that protocols own.
 */
import type { DevName, Ip4, Mac, Nanos, Pid } from '../../../base/ids.ts'
import type { ZebraConfig } from '../config/zebra.ts'
import type { RibType, ZapiAddr } from '../zapi.ts'

/** A next hop (struct nexthop). `dev` of one by gateway alone is what the gateway was found behind. */
export interface Hop {
  readonly kind: 'dev' | 'gateway' | 'gateway-dev' | 'blackhole' | 'reject'
  readonly gateway: Ip4
  readonly dev: DevName
  /** 0 = not given, and not shown. */
  readonly weight: number
  readonly onlink: boolean
  readonly active: boolean
  /** Source address a route map set, 0 = none. */
  readonly src: Ip4
  /** Of a gateway that another route leads to: the next hops of that route. */
  readonly resolved: readonly Hop[]
}

/** One next hop or a group, shared by all routes that have the same (struct nhg_hash_entry). */
export interface Nhe {
  readonly id: number
  readonly key: string
  readonly hops: readonly Hop[]
  /** Ids of what it is made of, ascending. */
  readonly depends: readonly number[]
  refs: number
  valid: boolean
  installed: boolean
  /** Installed, used by nobody, and kept until then in case somebody comes back; 0 = in use. */
  keepUntil: Nanos
  since: Nanos
}

/** A route as one source offers it (struct route_entry). */
export interface Entry {
  type: RibType
  distance: number
  metric: number
  tag: number
  /** Client, 0 = zebra itself or the kernel. */
  from: Pid
  nhe: number
  since: Nanos
  /** Nexthops have to be looked at again. */
  changed: boolean
  removed: boolean
  selected: boolean
  installed: boolean
}

/** All that is offered for one prefix, newest first. */
export interface Dest {
  dst: Ip4
  prefix: number
  entries: Entry[]
}

export interface Iface {
  dev: DevName
  index: number
  mac: Mac
  up: boolean
  running: boolean
  loopback: boolean
  mtu: number
  speed: number
  addrs: readonly ZapiAddr[]
  ups: number
  downs: number
  lastUp: Nanos
  lastDown: Nanos
}

export interface Client {
  pid: Pid
  type: RibType
  since: Nanos
  lastRead: Nanos
  lastWrite: Nanos
  added: number
  deleted: number
  redistribute: readonly RibType[]
  /** Number of its socket in zebra. */
  fd: number
  /** Gateways it wants to hear of. */
  tracked: readonly Ip4[]
}

export interface ZebraState {
  config: ZebraConfig
  /** By `DST/LEN` in numbers. */
  dests: Record<string, Dest>
  nhes: Record<string, Nhe>
  /** Ids of next hops and groups by what they are. */
  byKey: Record<string, number>
  lastNhe: number
  ifaces: Record<DevName, Iface>
  clients: Client[]
  routerId: Ip4
  /** Prefixes to be looked at before this event is over. */
  queue: Record<string, true>
  /** What tracked gateways were last resolved to, by address. */
  tracked: Record<string, string>
  /** Invocations of route maps by name, as `show route-map` counts them. */
  invoked: Record<string, number>
  /** Protocols that had a map when routes were last looked at for that. */
  asked: Record<string, true>
  /** A route map or list has changed, and the timer runs. */
  mapsChanged: boolean
  startedNs: Nanos
  /** `-r`: routes stay when it is stopped. */
  retain: boolean
}

export function keyOf(dst: Ip4, prefix: number): string {
  return `${dst}/${prefix}`
}

/** Is it up with its cable in (if_is_operative)? */
export function isOperative(iface: Iface | undefined): boolean {
  return iface !== undefined && iface.up && iface.running
}

/** Interfaces by name, numbers in names as numbers: the order in which FRR keeps them (if_cmp_name_func in lib/if.c). */
export function sortedIfaces(st: ZebraState): Iface[] {
  return Object.values(st.ifaces).sort((a, b) => compareNames(a.dev, b.dev))
}

function compareNames(a: string, b: string): number {
  const [x, y] = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []]
  for (const [i, part] of x.entries()) {
    const other = y[i]
    if (other === undefined) return 1
    if (part === other) continue
    const difference = Number(part) - Number(other)
    return Number.isNaN(difference) || difference === 0 ? (part < other ? -1 : 1) : difference
  }
  return x.length - y.length
}

/** A group's next hops, each followed by what it is found through; `level` counts the steps. */
export function walkHops(hops: readonly Hop[], level = 0): { hop: Hop; level: number }[] {
  return hops.flatMap((hop) => [{ hop, level }, ...walkHops(hop.resolved, level + 1)])
}
