import type { Bytes } from '../../../base/bytes.ts'
import type { DevName, Ip4, Nanos } from '../../../base/ids.ts'
import type { ZapiInterface, ZapiNexthop } from '../zapi.ts'
import type { OspfConfig } from './config.ts'

/**
 * ospfd's state: plain data without cycles, so that a process can be copied. LSAs are frozen and shared by copies. Times are
 * absolute simulated nanoseconds, 0 = timer off. Not modelled: authentication, areas of other kinds than normal ones,
 * summaries between areas (a router in two areas keeps them apart), virtual links, NBMA, opaque LSAs, graceful restart, BFD.
 */
export interface Ospf {
  conf: OspfConfig
  routerId: Ip4
  /** Zebra's choice, 0 = none told yet. */
  zebraId: Ip4
  /** Every interface zebra told of. */
  devs: Record<DevName, ZapiInterface>
  /** In the order in which they were made (oiflist). */
  oifs: Oif[]
  /** By id. */
  areas: Area[]
  /** AS-external LSAs. */
  external: Lsa[]
  /** Routes to networks and to boundary routers out of the last calculation, and external ones out of theirs. */
  routes: Route[]
  routers: RouterRoute[]
  extRoutes: Route[]
  /** What zebra was told to redistribute, by 'type ip/prefix'. */
  redistributed: Record<string, Redistributed>
  spf: Spf
  /** Keys of LSAs at MaxAge that wait to be removed (maxage_lsa), and when the remover runs. */
  maxAge: { keys: string[]; at: Nanos }
  /** When an LSA of the database next reaches MaxAge, put on the walker's 30 s grid. */
  walkAt: Nanos
  /** Self-originated LSAs with the time of their refresh. */
  refresh: { key: string; at: Nanos }[]
  /** When `router ospf` was first configured; the grids of walkers begin here. */
  startedAt: Nanos
  /** Last sequence numbers of network LSAs by interface address: they outlive the LSA. */
  netSeq: Record<number, number>
  counts: { originated: number; received: number }
  shutdown: boolean
}

interface Spf {
  /** Timer of the calculation. */
  at: Nanos
  /** End of the last one; -1 = none yet. */
  lastAt: Nanos
  multiplier: number
  reasons: SpfReason[]
  /** Timer of external routes, which follow the others by one second. */
  externalAt: Nanos
}

export type SpfReason = 'R' | 'N' | 'ABR' | 'ASBR' | 'M' | 'C'

export interface Area {
  id: Ip4
  lsdb: Lsa[]
  /** router_lsa_self. */
  routerLsa: Lsa | undefined
  spfRuns: number
  fullNbrs: number
}

/** An instance of an LSA in a database. Frozen: flushing or refreshing makes a new one. */
export interface Lsa {
  readonly type: number
  readonly id: Ip4
  readonly adv: Ip4
  readonly seq: number
  readonly checksum: number
  readonly options: number
  readonly length: number
  /** Age in seconds at the time `at` (tv_recv). */
  readonly age0: number
  readonly at: Nanos
  /** Header and body; only the header where the rest is not known (a request list). The age in it does not count. */
  readonly bytes: Bytes
  readonly self: boolean
  /** Came in from a neighbour, even if it is one of our own. */
  readonly received: boolean
}

const ISM = ['', 'Down', 'Loopback', 'Waiting', 'Point-To-Point', 'DROther', 'Backup', 'DR'] as const
export type IsmState = Exclude<(typeof ISM)[number], ''>
export type IsmEvent =
  'InterfaceUp' | 'WaitTimer' | 'BackupSeen' | 'NeighborChange' | 'LoopInd' | 'UnLoopInd' | 'InterfaceDown'

export type IfType = 'broadcast' | 'p2p' | 'loopback'

export interface Oif {
  dev: DevName
  ip: Ip4
  prefix: number
  area: Ip4
  type: IfType
  state: IsmState
  /** Output cost. */
  cost: number
  changes: number
  /** Ourselves; its `dr` and `bdr` are what this router holds to be true of the network. */
  self: Nbr
  /** By address; by router id on point-to-point links. */
  nbrs: Nbr[]
  fullNbrs: number
  networkLsa: Lsa | undefined
  /** Delayed acknowledgements. */
  lsAck: Lsa[]
  helloAt: Nanos
  waitAt: Nanos
  ackAt: Nanos
  /** Joined: bit 1 AllSPFRouters, bit 2 AllDRouters. */
  groups: number
  /** Links of this interface in our router LSA: from this position, up to before that one. */
  posFrom: number
  posTo: number
  stats: Record<'hello' | 'dd' | 'lsr' | 'lsu' | 'lsack', { in: number; out: number }>
}

const NSM = [
  '',
  'Deleted',
  'Down',
  'Attempt',
  'Init',
  '2-Way',
  'ExStart',
  'Exchange',
  'Loading',
  'Full',
] as const
export type NsmState = Exclude<(typeof NSM)[number], ''>
export type NsmEvent =
  | 'HelloReceived'
  | 'Start'
  | '2-WayReceived'
  | 'NegotiationDone'
  | 'ExchangeDone'
  | 'BadLSReq'
  | 'LoadingDone'
  | 'AdjOK?'
  | 'SeqNumberMismatch'
  | '1-WayReceived'
  | 'KillNbr'
  | 'InactivityTimer'

export interface Nbr {
  /** What the interface's list is sorted by. */
  key: number
  id: Ip4
  /** Address its packets come from. */
  src: Ip4
  state: NsmState
  /** -1 = not heard yet. */
  priority: number
  dr: Ip4
  bdr: Ip4
  options: number
  changes: number
  progressAt: Nanos
  regressAt: Nanos
  regressWhy: string
  ddSeq: number
  ddFlags: number
  /** Last database description sent, for repetition. */
  lastSend: Bytes | undefined
  lastSendAt: Nanos
  lastRecv: { flags: number; options: number; seq: number }
  dbSum: Lsa[]
  lsReq: Lsa[]
  /** Key of the last LSA asked for; '' = that one has arrived. */
  lsReqLast: string
  lsRxmt: Lsa[]
  deadAt: Nanos
  ddAt: Nanos
  reqAt: Nanos
  updAt: Nanos
}

/** A route of the OSPF table. `nexthops` with gateway 0 are directly attached. */
export interface Route {
  readonly ip: Ip4
  readonly prefix: number
  readonly cost: number
  readonly type: 'intra' | 'ext1' | 'ext2'
  /** Cost of type 2. */
  readonly cost2: number
  readonly tag: number
  readonly area: Ip4
  readonly nexthops: readonly ZapiNexthop[]
  /** An interface it leads over went down meanwhile: zebra is told again even if it comes back the same. */
  readonly changed?: true
}

/** Way to an area border or AS boundary router. */
export interface RouterRoute {
  readonly id: Ip4
  readonly cost: number
  readonly area: Ip4
  readonly flags: number
  readonly nexthops: readonly ZapiNexthop[]
}

export interface Redistributed {
  readonly type: 'kernel' | 'connected' | 'static'
  readonly ip: Ip4
  readonly prefix: number
  readonly gateway: Ip4
  readonly tag: number
}

/** Rank of a state, as FRR numbers them: comparisons like "at least 2-Way" go by it. */
export function nsmRank(state: NsmState): number {
  return NSM.indexOf(state)
}

export function ismRank(state: IsmState): number {
  return ISM.indexOf(state)
}
