import type { Bytes } from '../../../base/bytes.ts'
import type { Ip4, Nanos, SockId } from '../../../base/ids.ts'
import type { IpvsMode } from '../../../kernel/ipvs/types.ts'
import type { CheckUrl, Globals, ServerGroup, VirtualServer } from '../config/types.ts'

/** What the health checking child remembers. `spec` parts are frozen configuration with all defaults filled in. */
export interface CheckersState {
  globals: Readonly<Globals>
  services: Service[]
  checks: Check[]
  /** Numbers timers, so that one of an earlier configuration is known as stale. */
  generation: number
  stopping: boolean
}

export interface Service {
  spec: Readonly<ServiceSpec>
  /** Quorum gained. */
  quorumUp: boolean
  /** In the kernel. */
  alive: boolean
  sorry: Server | null
  servers: Server[]
  /** Was there before the reload at hand. */
  reloaded: boolean
}

export interface ServiceSpec extends Omit<VirtualServer, 'servers' | 'sorry'> {
  /** Entries of its group; [] without one. */
  entries: ServerGroup['entries']
  sorryDuplicates: boolean
}

/** A real or a sorry server. `set`: in the kernel's table; `alive`: its checks are good. */
export interface Server {
  spec: Readonly<ServerSpec>
  alive: boolean
  set: boolean
  failed: number
  reloaded: boolean
  /** Weight in force, and before the reload at hand. */
  weight: number
  oldWeight: number
}

export interface ServerSpec {
  ip: Ip4
  port: number
  mode: IpvsMode
  weight: number
  inhibit: boolean
  upper: number
  lower: number
  notifyUp: string
  notifyDown: string
  virtualHost: string
}

export interface CheckSpec {
  kind: 'http' | 'tcp' | 'ping'
  ip: Ip4
  port: number
  bindIp: Ip4
  bindPort: number
  timeoutNs: Nanos
  retry: number
  retryDelayNs: Nanos
  warmupNs: Nanos
  loopNs: Nanos
  alpha: boolean
  logAll: boolean
  urls: readonly Readonly<CheckUrl>[]
  virtualHost: string
  protocol: '1.0' | '1.0C' | '1.1'
  fastRecovery: boolean
}

export interface Check {
  spec: Readonly<CheckSpec>
  /** Index into `services`, and into the servers of that one. */
  service: number
  server: number
  up: boolean
  hasRun: boolean
  retryIt: number
  enabled: boolean
  /** Number of the timer that counts. */
  timer: number
  /** 0 = no connection. */
  sock: SockId
  phase: 'idle' | 'connecting' | 'reading' | 'ping'
  url: number
  /** -1 = none. */
  failedUrl: number
  received: Bytes
  /** Sequence number of the echo request. */
  pingSeq: number
  /** Difference of Content-Length and body already complained about. */
  mismatch: number
}
