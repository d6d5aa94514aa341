import type { HostId, Nanos } from '../../base/ids.ts'

/** Failures as experiments: what can be varied, what is done when, and what comes out. */

export type ExperimentId =
  | 'cable'
  | 'power'
  | 'ospfd-killed'
  | 'frr-stopped'
  | 'keepalived-stopped'
  | 'keepalived-killed'
  | 'nginx-stopped'
  | 'servers-dead'
  | 'flapping'
  | 'balancer-added'

export interface Variant {
  /** How two or more load balancers share one address: equal routes, or a master and a backup. */
  way: 'ecmp' | 'vrrp'
  /**
   * Where the equal routes come from: OSPF, or a next-hop group by hand, plain or resilient; then the client is a host of its
   * own, as a socket of the router would ask for its way but once. Without meaning under VRRP.
   */
  hops: 'ospf' | 'plain' | 'resilient'
  /** 2..8; VRRP has two. */
  balancers: number
  /** 'own': a server behind each load balancer, as in the lesson (two of them only). 'shared': all send to both. */
  servers: 'own' | 'shared'
  scheduler: 'rr' | 'sh' | 'mh'
  /** `sloppy_tcp`: a connection may begin in the middle, so that a director that never saw its SYN goes on with it. */
  sloppy: boolean
  /** Directors tell each other their connections. */
  sync: boolean
  /** quorum_down takes the virtual address off `lo`, so that OSPF withdraws it. */
  quorum: boolean
  /** Seconds between health checks: the lesson has 30, golden A7 has 5. */
  delayLoopS: number
  /** Milliseconds between new connections. */
  everyMs: number
  /** Connections that stay open, each with two requests a second. */
  long: number
  seed: number
}

export type Action =
  | { do: 'run'; host: HostId; line: string }
  | { do: 'cable'; host: HostId; plugged: boolean }
  | { do: 'off' | 'boot'; host: HostId }

/** `atS`: seconds after the failure. */
export interface Step {
  atS: number
  action: Action
  /** The failure or its end; what is between only helps. */
  mark?: 'fail' | 'heal'
}

export interface Experiment {
  id: ExperimentId
  ways: readonly Variant['way'][]
  /** The load balancer that no longer forwards after the failure; '' when all go on. */
  dead: (variant: Variant) => HostId
  steps: (variant: Variant) => Step[]
  /** Seconds after the failure at which the load ends. */
  endS: number
  /** Load balancers that do not take part at first. */
  absent?: (variant: Variant) => HostId[]
}

export type MarkKind =
  | 'fail'
  | 'heal'
  /** The first request lost is begun; the first one begun after the last loss that went well. */
  | 'first-loss'
  | 'first-good'
  /** The router's neighbour; `value`: state it left or reached. */
  | 'neighbor.down'
  | 'neighbor.full'
  | 'spf'
  /** The router's route to the virtual address; `value`: next hops. */
  | 'route'
  | 'health.down'
  | 'health.up'
  | 'quorum.down'
  | 'quorum.up'
  | 'vip.removed'
  | 'vip.added'
  /** `value`: the new state. */
  | 'vrrp'

/** Something that happened, in ns after the failure. */
export interface Mark {
  atNs: Nanos
  kind: MarkKind
  host: HostId
  value: string
  /** Number of the record that says so; -1 = it was found by counting. */
  record: number
}

export interface Losses {
  timeout: number
  refused: number
  reset: number
  other: number
}

export interface Outcome {
  experiment: ExperimentId
  variant: Variant
  marks: Mark[]
  /** New connections with one request each. `slow`: good after a SYN or more had to be sent again (0.9 s and longer). */
  short: { begun: number; good: number; slow: number; lost: number; losses: Losses }
  /** When lost requests were begun, in ns after the failure; null = none was lost. */
  lossNs: { first: Nanos; last: Nanos } | null
  /** Connections that stay open; `broken`: ended by a reset. Requests on them. */
  long: { connections: number; broken: number; good: number; lost: number }
  /** Established connections that came to another load balancer: because theirs was gone, or although it lived. */
  moved: { forced: number; needless: number }
  /** Connections that each load balancer saw first. */
  perBalancer: Record<HostId, number>
  /** What boot lines and steps complained of: `HOST: LINE: OUTPUT`. */
  warnings: string[]
  /**
   * From the failure until the way was changed (a route, another VRRP master), null = never; and until a request was begun
   * that went well, after the last one that was lost: 0 = none was lost, null = not before the end.
   */
  withdrawnNs: Nanos | null
  recoveredNs: Nanos | null
  /** Simulated time after the failure, in ns. */
  lengthNs: Nanos
}
