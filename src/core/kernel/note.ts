import type { DevName, FrameId, HostId, Ip4, Mac, Nanos, Pid, SegmentId, SockId } from '../base/ids.ts'
import type { DropReason } from './drop.ts'
import type { IpvsMode, IpvsState } from './ipvs/types.ts'
import type { NeighState } from './neigh/entry.ts'
import type { NetlinkOp } from './netlink.ts'
import type { RouteType } from './route/types.ts'
import type { PktType } from './skb.ts'

/** Netfilter's five hooks, in the kernel's words (include/uapi/linux/netfilter.h). */
export type HookPoint = 'PREROUTING' | 'LOCAL_IN' | 'FORWARD' | 'LOCAL_OUT' | 'POSTROUTING'
export type Verdict = 'ACCEPT' | 'DROP' | 'STOLEN' | 'QUEUE'

/**
 * One thing that happened, as a code with parameters, never prose; i18n is exhaustive over `kind`.
 * A trace record adds number, time, host, event and cause (see sim/trace).
 */
export type Note =
  // links and devices
  | {
      kind: 'flight'
      frame: FrameId
      segment: SegmentId
      dev: DevName
      to: FlightEnd[]
      t0: Nanos
      t1: Nanos
      lost?: DropReason
    }
  | { kind: 'tx'; dev: DevName; frame: FrameId }
  | { kind: 'rx'; dev: DevName; frame: FrameId; pkt: PktType }
  | { kind: 'link'; dev: DevName; up: boolean; carrier: boolean }
  // ARP and neighbours
  | {
      kind: 'neigh'
      dev: DevName
      ip: Ip4
      from: NeighState
      to: NeighState
      mac: Mac
      oldMac: Mac
      why: NeighWhy
    }
  | { kind: 'neigh.queue'; dev: DevName; ip: Ip4; waiting: number }
  | { kind: 'neigh.resolved'; dev: DevName; ip: Ip4; mac: Mac; state: NeighState }
  | {
      kind: 'arp.request'
      dev: DevName
      target: Ip4
      sender: Ip4
      announce: number
      all: number
      own: number
      source: Ip4
      unicast: boolean
    }
  | {
      kind: 'arp.reply'
      dev: DevName
      target: Ip4
      to: Ip4
      owner: DevName
      ignore: number
      all: number
      own: number
    }
  | {
      kind: 'arp.ignored'
      dev: DevName
      target: Ip4
      from: Ip4
      owner: DevName
      ignore: number
      all: number
      own: number
    }
  | { kind: 'arp.announce'; dev: DevName; ip: Ip4 }
  | { kind: 'arp.proxy'; dev: DevName; target: Ip4; to: Ip4; by: DevName }
  // routing
  | {
      kind: 'route'
      dst: Ip4
      src: Ip4
      found: RouteType | 'none' | 'multicast'
      /** Name or number; '' = none. */
      table: string
      net: Ip4
      prefix: number
      dev: DevName
      gateway: Ip4
      forward: boolean
    }
  | {
      kind: 'ecmp'
      policy: number
      src: Ip4
      dst: Ip4
      proto: number
      sport: number
      dport: number
      seed: number
      /** 31 bits: what is compared with the bounds. */
      hash: number
      bounds: number[]
      gateways: Ip4[]
      pick: number
      /** the port was replaced by a random number: local connect without a bound port */ randomPort: boolean
      /** decided by the source-address preference, not by the bound */ bySource: boolean
    }
  | { kind: 'forward'; ttlIn: number; ttlOut: number; dev: DevName }
  | { kind: 'redirect.sent'; to: Ip4; dst: Ip4; gateway: Ip4 }
  | { kind: 'redirect.ignored'; from: Ip4; dst: Ip4; gateway: Ip4 }
  | {
      kind: 'route.cache'
      dst: Ip4
      /** Gateway a redirect named, 0 = none. */
      gateway: Ip4
      /** Path MTU in bytes, 0 = none. */
      mtu: number
      why: 'redirect' | 'pmtu' | 'expired'
    }
  | { kind: 'martian'; dev: DevName; src: Ip4; dst: Ip4 }
  | { kind: 'ip.fragment'; dev: DevName; length: number; mtu: number; pieces: number }
  | { kind: 'ip.reassembled'; length: number; pieces: number }
  | { kind: 'tunnel'; way: 'in' | 'out'; dev: DevName; src: Ip4; dst: Ip4; ttl: number }
  // netfilter and IPVS
  | { kind: 'hook'; point: HookPoint; verdict: Verdict; by: string }
  /** A rule with a target fitted; rule 0 = the chain's policy. */
  | { kind: 'nf.rule'; table: string; chain: string; rule: number; target: string }
  | { kind: 'nf.log'; line: string }
  /** A connection is new or invalid, or the packet changes its state; `from` and `to` are of TCP. */
  | {
      kind: 'conntrack'
      info: string
      dir: 'original' | 'reply'
      proto: number
      src: Ip4
      sport: number
      dst: Ip4
      dport: number
      from: string
      to: string
    }
  /** From now on packets of this connection get another source or destination. */
  | { kind: 'nat'; manip: 'src' | 'dst'; from: Ip4; fromPort: number; to: Ip4; toPort: number }
  | {
      kind: 'ipvs.conn'
      found: boolean
      cip: Ip4
      cport: number
      vip: Ip4
      vport: number
      dip: Ip4
      dport: number
      state: IpvsState
      oldState: IpvsState
    }
  | {
      kind: 'ipvs.pick'
      vip: Ip4
      vport: number
      scheduler: string
      dip: Ip4
      dport: number
      candidates: number
      weight: number
    }
  | { kind: 'ipvs.xmit'; mode: IpvsMode; dip: Ip4; ttlIn: number; ttlOut: number }
  /** An answer of a real server; under NAT it has just got the virtual address back. */
  | {
      kind: 'ipvs.reply'
      mode: IpvsMode
      cip: Ip4
      cport: number
      vip: Ip4
      vport: number
      dip: Ip4
      dport: number
      state: IpvsState
      oldState: IpvsState
    }
  /** FULLNAT: out = the server sees the local address instead of the client; in = the answer goes on to the client. */
  | {
      kind: 'ipvs.local'
      way: 'in' | 'out'
      cip: Ip4
      cport: number
      lip: Ip4
      lport: number
      /** The client's address travels along as TCP option 254. */
      toa: boolean
    }
  /** A connection was told to other directors, or learnt from one. */
  | {
      kind: 'ipvs.sync'
      way: 'in' | 'out'
      cip: Ip4
      cport: number
      vip: Ip4
      vport: number
      dip: Ip4
      dport: number
    }
  | { kind: 'ipvs.expire'; cip: Ip4; cport: number; vip: Ip4; vport: number }
  // ICMP
  | { kind: 'icmp'; type: number; code: number; to: Ip4; /** what made us send it, or 'in' */ why: string }
  // TCP
  | {
      kind: 'tcp.state'
      sock: SockId
      from: string
      to: string
      laddr: Ip4
      lport: number
      raddr: Ip4
      rport: number
      why: string
    }
  | {
      kind: 'tcp.send'
      sock: SockId
      what: TcpSendWhat
      flags: number
      seq: number
      ack: number
      length: number
    }
  | { kind: 'tcp.rexmit'; sock: SockId; attempt: number; rtoNs: Nanos }
  // programs
  | { kind: 'proc.start'; pid: Pid; argv: string[] }
  | { kind: 'proc.exit'; pid: Pid; status: number }
  | { kind: 'stdout'; pid: Pid; text: string; err: boolean }
  /** A line of the system's journal. */
  | { kind: 'journal'; pid: Pid; ident: string; text: string }
  /** keepalived: a check of a real server changed its mind. Names are those of its log; `why`: the kind of check. */
  | { kind: 'health'; service: string; server: string; up: boolean; why: 'http' | 'tcp' | 'ping' }
  /** keepalived: the weight of live real servers crossed the quorum. */
  | { kind: 'quorum'; service: string; up: boolean; weight: number; quorum: number }
  | {
      kind: 'vrrp'
      instance: string
      vrid: number
      dev: DevName
      from: VrrpStateName
      to: VrrpStateName
      priority: number
      why: VrrpWhy
    }
  /** A program changed the kernel's configuration. */
  | { kind: 'netlink'; pid: Pid; program: string; op: NetlinkOp }
  /** Zebra chose a route for a prefix among those that sources offer, or has none left (`why` gone). */
  | {
      kind: 'rib'
      pid: Pid
      dst: Ip4
      prefix: number
      from: string
      distance: number
      metric: number
      hops: { gateway: Ip4; dev: DevName }[]
      why: 'only' | 'connected' | 'distance' | 'metric' | 'gone'
    }
  /** ospfd: states of RFC 2328 in FRR's words, with what led from one to the next. */
  | { kind: 'ospf.neighbor'; dev: DevName; id: Ip4; ip: Ip4; from: string; to: string; why: string }
  | { kind: 'ospf.interface'; dev: DevName; ip: Ip4; from: string; to: string; dr: Ip4; bdr: Ip4 }
  | { kind: 'ospf.lsa'; what: LsaFate; type: number; id: Ip4; adv: Ip4; seq: number }
  /** Routes were calculated. `why`: letters as FRR's log has them, R = router LSA, N = network LSA, M = MaxAge. */
  | { kind: 'ospf.spf'; why: string; vertices: number; routes: number }
  | { kind: 'ospf.refused'; dev: DevName; from: Ip4; why: OspfRefusal }
  | {
      kind: 'request'
      pid: Pid
      role: 'client' | 'server'
      method: string
      path: string
      peer: Ip4
      peerPort: number
      status: number
      /** A load balancer's health check, by its User-Agent. */
      check?: true
    }
  // inputs
  | { kind: 'command'; line: string; output: string; status: number }
  | { kind: 'config'; op: NetlinkOp }
  | { kind: 'cable'; dev: DevName; plugged: boolean }
  | { kind: 'fault'; dev: DevName; way: 'in' | 'out'; faults: LinkFaults }
  | { kind: 'host'; state: 'frozen' | 'thawed' | 'off' | 'on' }
  // ends
  | { kind: 'drop'; frame: FrameId; why: DropReason; detail: string }
  | { kind: 'limit'; what: string; value: number }

/** What a link does to frames on their way into or out of a device. All zero = nothing. */
export interface LinkFaults {
  /** Chances in percent, each on its own. */
  lossPercent: number
  duplicatePercent: number
  corruptPercent: number
  /** A frame is held back so that later ones overtake it. */
  reorderPercent: number
  delayNs: Nanos
  /** At most so much more or less, uniformly. */
  jitterNs: Nanos
}

export interface FlightEnd {
  host: HostId
  dev: DevName
}

/** What changed a neighbour entry. */
export type NeighWhy =
  | 'create'
  | 'arp.reply'
  | 'arp.request'
  | 'gratuitous'
  | 'confirmed'
  | 'timeout'
  | 'used'
  | 'failed'
  | 'admin'

export type TcpSendWhat = 'syn' | 'synack' | 'ack' | 'data' | 'fin' | 'rst' | 'probe'

/** What becomes of an LSA; `refuse`: it came within a second of the last one (MinLSArrival). */
export type LsaFate = 'originate' | 'install' | 'flush' | 'refuse' | 'remove'

/** Why ospfd takes no notice of a packet. */
export type OspfRefusal =
  | 'short'
  | 'version'
  | 'length'
  | 'type'
  | 'body'
  | 'lsa'
  | 'auth'
  | 'checksum'
  | 'no-interface'
  | 'passive'
  | 'down'
  | 'not-dr'
  | 'area'
  | 'unknown-neighbor'
  | 'mask'
  | 'dead-interval'
  | 'hello-interval'
  | 'options'
  | 'mtu'

export type VrrpStateName = 'INIT' | 'BACKUP' | 'MASTER' | 'FAULT'

/** What moved a virtual router: the start, silence of the master, a better one, an interface, a script, its sync group. */
export type VrrpWhy = 'init' | 'timeout' | 'higher' | 'interface' | 'script' | 'sync'
