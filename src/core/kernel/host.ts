import type { DevName, HostId, Ip4, Mac, Nanos, Pid, SegmentId } from '../base/ids.ts'
import type { Rng } from '../base/prng.ts'
import type { Icmp } from './icmp/types.ts'
import type { Ipvs } from './ipvs/types.ts'
import type { Group } from './igmp/types.ts'
import type { JournalLine } from './net-change.ts'
import type { RawSock } from './raw/types.ts'
import type { ArpSock, Neigh } from './neigh/entry.ts'
import type { Ct } from './netfilter/conntrack/types.ts'
import type { Nf } from './netfilter/tables/types.ts'
import type { FragQueue } from './ip/fragment-queue.ts'
import type { NextHopObject } from './route/nexthop-object.ts'
import type { PacketSock } from './packet/types.ts'
import type { Rule } from './route/rule.ts'
import type { Route, RouteException } from './route/types.ts'
import type { Sysctl } from './sysctl/types.ts'
import type { Tcp } from './tcp/types.ts'
import type { Tunnel } from './tunnel/types.ts'
import type { Udp } from './udp/types.ts'

export type HostRole = 'router' | 'lb' | 'server' | 'client'

/** An address on an interface; `label` is 'lo:0' style or the device name. */
export interface IfAddr {
  ip: Ip4
  prefix: number
  label: string
  broadcast: Ip4
  scope: 'global' | 'host' | 'link'
}

/** A network device. Its segment is '' for lo and for tunnels. */
export interface Dev {
  name: DevName
  index: number
  mac: Mac
  segment: SegmentId
  mtu: number
  /** Administratively up (`ip link set DEV up`). */
  up: boolean
  /** Cable in. */
  carrier: boolean
  loopback: boolean
  addrs: IfAddr[]
  rxPackets: number
  txPackets: number
  rxBytes: number
  txBytes: number
  rxDropped: number
  /** How long a confirmed neighbour stays REACHABLE: base_reachable_time scaled by 0.5..1.5 at random. */
  reachableNs: Nanos
  /** Parameters of a tunnel device, null for all others. */
  tunnel: Tunnel | null
  /** The carrier was lost while ignore_routes_with_linkdown was on: multipath bounds leave this device out. */
  passedOver: boolean
}

/** A program in execution. Its state is plain data owned by the program (apps). */
export interface Proc {
  pid: Pid
  argv: string[]
  /** Name in the table of programs (apps). */
  program: string
  state: unknown
  startedNs: Nanos
  /** Who started it; 1 = init. */
  ppid: Pid
  /** Service it belongs to (its control group), '' = none; those it starts are in it too. */
  unit: string
  /** Processes that want to know when this one ends. Absent = nobody. */
  peers?: readonly Pid[]
}

/** What is remembered of a service that was started once. */
export interface UnitState {
  readonly state: 'active' | 'inactive' | 'failed'
  readonly sinceNs: Nanos
  /** The first process, or the one that outlived it. */
  readonly mainPid: Pid
  /** Exit status of its main process when that did not end well, else 0. */
  readonly status: number
}

/** Version strings and defaults a host shows: which Linux it pretends to be (lab files: `profile`). */
export interface Profile {
  id: 'ubuntu-24.04' | 'debian-12'
  kernel: string
  /** What `uname -v` says of the kernel. */
  build: string
  curl: string
  nginx: string
  frr: string
  ipvsadm: string
  /** curl >= 8 words some lines differently. */
  curlMajor: number
}

/** One Linux host. Plain data: clone, compare and print it as it is. */
export interface Host {
  id: HostId
  role: HostRole
  profile: Profile
  rng: Rng
  /** Per-boot secret that stands in for a hash seed of 0 (net/ipv4/route.c); also source of TCP timestamps' offsets. */
  bootSeed: number
  devs: Record<DevName, Dev>
  nextDevIndex: number
  /** Neighbour entries by `DEV IP`. */
  neigh: Record<string, Neigh>
  arpSocks: ArpSock[]
  packetSocks: readonly PacketSock[]
  /** Addresses that are answered for (`ip neigh add proxy`), in order of arrival. */
  proxies: { dev: DevName; ip: Ip4 }[]
  /** Both tables, each sorted by prefix length (longest first), then metric. */
  local: Route[]
  main: Route[]
  /** Tables other than local and main, by name or number. */
  tables: Record<string, Route[]>
  /** Policy rules by priority; null = the three every kernel begins with. */
  rules: Rule[] | null
  /** Next-hop objects by id (`ip nexthop`). */
  nexthops: Record<string, NextHopObject>
  /** What redirects and "fragmentation needed" taught. */
  exceptions: RouteException[]
  /** Packets of which fragments are missing. */
  frags: FragQueue[]
  /** Bumped by every change of addresses, links or routes: a socket's cached route is valid for one value (rt_genid). */
  routeGen: number
  sysctl: Sysctl
  ipvs: Ipvs
  /** Tables of iptables. */
  nf: Nf
  /** Tracked connections. */
  ct: Ct
  tcp: Tcp
  icmp: Icmp
  udp: Udp
  raw: RawSock[]
  /** Groups joined, newest first; everybody is in 224.0.0.1 anyway. */
  groups: Group[]
  /** Processes that listen to rtnetlink. */
  netlinkSocks: Pid[]
  /** The newest lines; older ones are gone. */
  journal: JournalLine[]
  ipId: number
  procs: Record<Pid, Proc>
  nextPid: Pid
  /** Services by name, without .service. */
  units: Record<string, UnitState>
  /** Timer key -> sequence number of the event that is live; an event with another number is stale. */
  timers: Record<string, number>
  files: Record<string, string>
  /** Drops by reason. */
  drops: Record<string, number>
  /** Packets forwarded (IpForwDatagrams). */
  forwarded: number
}
