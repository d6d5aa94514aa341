import type { Ip4, Nanos } from '../../base/ids.ts'

export type IpvsMode = 'dr' | 'nat' | 'tun' | 'fullnat'

/** What is counted for a service and for a real server (struct ip_vs_kstats). Bytes are those of IP packets. */
export interface IpvsCounts {
  conns: number
  inPkts: number
  outPkts: number
  inBytes: number
  outBytes: number
}

/** Counters with their estimator. Listings show `seen` minus `zero`, as of the last tick of two seconds (ip_vs_est.c). */
export interface IpvsStats {
  live: IpvsCounts
  seen: IpvsCounts
  /** Value at `ipvsadm -Z`. */
  zero: IpvsCounts
  /** Averages in the kernel's fixed point: packets and connections times 1024, bytes times 32, per second. */
  rate: IpvsCounts
  tick: number
}

/** A real server of a service (struct ip_vs_dest). */
export interface IpvsDest {
  /** Never given to another server of this host. */
  readonly id: number
  ip: Ip4
  /** 0 = the port the client asked for. */
  port: number
  mode: IpvsMode
  weight: number
  /** Latest weight that was not 0: maglev keeps its table when a server is quiesced. */
  lastWeight: number
  /** Connection limits, 0 = none. */
  upper: number
  lower: number
  overload: boolean
  activeConns: number
  inactConns: number
  persistConns: number
  stats: IpvsStats
}

/** What a service is found by: a mark, or protocol, address and port (port 0 = any, persistent services only). */
export interface IpvsServiceKey {
  proto: number
  vip: Ip4
  port: number
  /** Firewall mark, 0 = none; then the rest is 0. */
  fwmark: number
}

/** A virtual service (struct ip_vs_service). */
export interface IpvsService extends IpvsServiceKey {
  scheduler: string
  /** 'sh-fallback', 'sh-port', 'mh-fallback', 'mh-port', 'flag-3', 'ops'. */
  flags: string[]
  /** Seconds a client stays with its server; 0 = not persistent. */
  persistent: number
  /** Clients that share a template. */
  netmask: number
  /** Real servers in the kernel's order: the last one added comes first. */
  dests: IpvsDest[]
  /** Scheduler's own memory, e.g. the position of rr. */
  sched: Record<string, number>
  /** Hash table of sh, dh and mh: ids of real servers. Replaced, never written. */
  table: readonly number[]
  /** lblc and lblcr: what is remembered of an address. Entries are replaced, never written. */
  cache: Record<string, CacheEntry>
  /** Local addresses for FULLNAT, and which of them is next. */
  laddrs: Ip4[]
  nextLaddr: number
  stats: IpvsStats
}

/** Real servers that hold an address in their cache (struct ip_vs_lblc_entry, ip_vs_lblcr_entry). */
export interface CacheEntry {
  readonly dests: readonly number[]
  readonly usedNs: Nanos
  readonly changedNs: Nanos
}

/** A real server that was removed while connections still count on it (dest_trash). */
export interface IpvsTrash {
  readonly key: IpvsServiceKey
  readonly dest: IpvsDest
  readonly sinceNs: Nanos
  /** Its service was deleted too: in another one it starts counting anew. */
  readonly orphan?: true
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
  | 'UDP'
  | 'ASSURED'

/** What a connection is found by. A persistence template has client port 0; under a mark, `vip` is the mark. */
export interface ConnKey {
  readonly proto: number
  readonly cip: Ip4
  readonly cport: number
  readonly vip: Ip4
  readonly vport: number
}

/** Where a connection is kept, and which it is. */
export interface ConnRef {
  readonly proto: number
  readonly cip: Ip4
  readonly cport: number
  readonly id: number
}

/** A connection, or a persistence template. Never changed in place: clones share it. */
export interface IpvsConn extends ConnKey {
  /** In order of birth. */
  readonly id: number
  readonly dip: Ip4
  readonly dport: number
  readonly mode: IpvsMode
  readonly state: IpvsState
  readonly timeoutNs: Nanos
  readonly expiresAt: Nanos
  /** Counts among the real server's active connections. */
  readonly active: boolean
  /** Real server's id; 0 = it is not known here (connection learnt by synchronisation). */
  readonly dest: number
  readonly template: boolean
  /** Replies do not come this way, as far as is known (IP_VS_CONN_F_NOOUTPUT). */
  readonly noOutput: boolean
  /** For one packet only (UDP with -o). */
  readonly onePacket: boolean
  /** Template this connection was made from. */
  readonly control: ConnRef | null
  /** Connections made from this template. */
  readonly controls: number
  readonly inPkts: number
  readonly fwmark: number
  /** FULLNAT: address and port the server sees; 0 = the client's own. */
  readonly lip: Ip4
  readonly lport: number
  /** FULLNAT: acknowledgement number of segments that come before any answer of the server was read; -1 = not known yet. */
  readonly firstAck: number
  /** Netfilter's conntrack follows it too (net.ipv4.vs.conntrack=1). */
  readonly tracked: boolean
  /** Learnt from another director. */
  readonly synced: boolean
  /** State when other directors were last told; 'NONE' = never. */
  readonly toldState: IpvsState
}

/** A copy of a connection that nobody else has seen yet: it may be written until it is put into the table. */
export type Draft = { -readonly [K in keyof IpvsConn]: IpvsConn[K] }

/** Seconds. */
export interface IpvsTimeouts {
  tcp: number
  tcpfin: number
  udp: number
}

/** A synchronisation daemon (`ipvsadm --start-daemon`). */
export interface SyncDaemon {
  dev: string
  /** 0..255; a backup with 0 listens to all. */
  id: number
  /** Connections to be told; replaced, never written. */
  queue: readonly IpvsConn[]
}

export interface Ipvs {
  /** There is a service: the kernel registers its hooks with the first and takes them away with the last. */
  enabled: boolean
  services: IpvsService[]
  trash: IpvsTrash[]
  nextId: number
  /** Connections by hash of protocol and client. The lists in it are never changed in place. */
  slots: (readonly IpvsConn[] | null)[]
  /** Number of connections. */
  count: number
  /** FULLNAT connections by local address, local port and server. */
  locals: Record<string, ConnKey>
  /** How many connections have a local address: the FULLNAT hooks look no further while there is none. */
  fullnat: number
  /** When expiry is looked at next; 0 = nothing waits. */
  tickAt: Nanos
  timeouts: IpvsTimeouts
  master: SyncDaemon | null
  backup: SyncDaemon | null
}

const SLOTS = 512

/** Nothing configured. */
export function createIpvs(): Ipvs {
  return {
    enabled: false,
    services: [],
    trash: [],
    nextId: 1,
    slots: new Array<null>(SLOTS).fill(null),
    count: 0,
    locals: {},
    fullnat: 0,
    tickAt: 0,
    timeouts: { tcp: 900, tcpfin: 120, udp: 300 },
    master: null,
    backup: null,
  }
}

/** A copy that shares nothing that is ever written; connections are immutable and shared. */
export function cloneIpvs(ipvs: Ipvs): Ipvs {
  return {
    ...ipvs,
    services: ipvs.services.map(cloneService),
    trash: ipvs.trash.map((gone) => ({ ...gone, dest: cloneDest(gone.dest) })),
    slots: ipvs.slots.slice(),
    locals: { ...ipvs.locals },
    timeouts: { ...ipvs.timeouts },
    master: ipvs.master && { ...ipvs.master },
    backup: ipvs.backup && { ...ipvs.backup },
  }
}

export function cloneService(service: IpvsService): IpvsService {
  return {
    ...service,
    flags: service.flags.slice(),
    dests: service.dests.map(cloneDest),
    sched: { ...service.sched },
    cache: { ...service.cache },
    laddrs: service.laddrs.slice(),
    stats: cloneStats(service.stats),
  }
}

function cloneDest(dest: IpvsDest): IpvsDest {
  return { ...dest, stats: cloneStats(dest.stats) }
}

function cloneStats(stats: IpvsStats): IpvsStats {
  const { live, seen, zero, rate, tick } = stats
  return { live: { ...live }, seen: { ...seen }, zero: { ...zero }, rate: { ...rate }, tick }
}
