import type { DevName, Ip4 } from '../../../base/ids.ts'

/** What `router ospf` and the `ip ospf` lines of interfaces say; absent = FRR's default (profile "traditional"). */
export interface OspfConfig {
  /** There is a `router ospf`. */
  enabled: boolean
  /** 0 = not given. */
  routerId: Ip4
  networks: NetworkStatement[]
  interfaces: Record<DevName, IfConfig>
  logAdjacency: 'no' | 'changes' | 'detail'
  passiveDefault: boolean
  /** Milliseconds: initial delay, hold time, longest hold time. */
  throttle: { delayMs: number; holdMs: number; maxMs: number }
  minArrivalMs: number
  refBandwidthMbps: number
  distance: number
  maxPaths: number
  maxMetric: boolean
  redistribute: Partial<Record<RedistributeType, Redistribute>>
  rfc1583: boolean
}

export type RedistributeType = 'kernel' | 'connected' | 'static'

export interface Redistribute {
  metric?: number
  metricType?: 1 | 2
}

export interface NetworkStatement {
  ip: Ip4
  prefix: number
  area: Ip4
  /** As written: 'area 0' or 'area 0.0.0.0'. */
  dotted: boolean
}

export interface IfConfig {
  cost?: number
  hello?: number
  dead?: number
  priority?: number
  network?: 'broadcast' | 'point-to-point'
  area?: Ip4
  areaDotted?: boolean
  retransmit?: number
  transmitDelay?: number
  mtuIgnore?: boolean
  passive?: boolean
}

/** Seconds, except priority and cost. */
export interface IfParams {
  hello: number
  dead: number
  priority: number
  retransmit: number
  transmitDelay: number
  mtuIgnore: boolean
  passive: boolean
}

export const DEFAULT_THROTTLE = { delayMs: 0, holdMs: 50, maxMs: 5000 } as const
export const DEFAULT_MIN_ARRIVAL_MS = 1000
export const DEFAULT_REF_BANDWIDTH = 100_000

export function createConfig(): OspfConfig {
  return {
    enabled: false,
    routerId: 0 as Ip4,
    networks: [],
    interfaces: {},
    logAdjacency: 'no',
    passiveDefault: false,
    throttle: { ...DEFAULT_THROTTLE },
    minArrivalMs: DEFAULT_MIN_ARRIVAL_MS,
    refBandwidthMbps: DEFAULT_REF_BANDWIDTH,
    distance: 110,
    maxPaths: 256,
    maxMetric: false,
    redistribute: {},
    rfc1583: false,
  }
}

/** OSPF_IF_PARAM: the dead interval follows a hello interval that was set unless it was set itself. */
export function paramsOf(conf: OspfConfig, dev: DevName): IfParams {
  const own = conf.interfaces[dev]
  const hello = own?.hello ?? 10
  return {
    hello,
    dead: own?.dead ?? 4 * hello,
    priority: own?.priority ?? 1,
    retransmit: own?.retransmit ?? 5,
    transmitDelay: own?.transmitDelay ?? 1,
    mtuIgnore: own?.mtuIgnore ?? false,
    passive: own?.passive ?? conf.passiveDefault,
  }
}
