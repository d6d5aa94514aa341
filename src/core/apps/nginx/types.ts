import type { Bytes } from '../../base/bytes.ts'
import type { Ip4, Nanos, SockId } from '../../base/ids.ts'

/** Text with variables, compiled: literals and `$names` in turn. */
export type Template = readonly (string | { readonly variable: string })[]

export interface Header {
  name: string
  value: Template
  always: boolean
}

/** What is inherited from http to server to location, complete at every level. */
export interface Common {
  headers: readonly Header[]
  defaultType: string
  /** Seconds; 0 = no keep-alive. */
  keepaliveS: number
  keepaliveRequests: number
  serverTokens: boolean
  root: string
  index: readonly string[]
  /** Path of the access log, '' = off. */
  accessLog: string
  /** Bytes, 0 = no limit. */
  maxBody: number
}

export interface Return {
  code: number
  text?: Template
}

export interface Location {
  match: 'exact' | 'prefix'
  path: string
  common: Common
  answer?: Return
}

export interface Server {
  listens: readonly { ip: Ip4; port: number; isDefault: boolean }[]
  names: readonly string[]
  common: Common
  locations: readonly Location[]
  answer?: Return
}

/** A configuration in effect: never changed, so copies of the process share it. */
export interface Config {
  servers: readonly Server[]
  pidFile: string
  daemon: boolean
}

/** A connection from a client. */
export interface Conn {
  sock: SockId
  peer: Ip4
  peerPort: number
  laddr: Ip4
  lport: number
  buffer: Bytes
  /** Bytes of a request body still to be thrown away. */
  discard: number
  requests: number
  /** Close when nothing has come by then. */
  deadlineNs: Nanos
}

export interface NginxState {
  config: Config | null
  listeners: { sock: SockId; ip: Ip4; port: number }[]
  conns: Record<SockId, Conn>
  /** The timer that is under way, 0 = none. */
  timerNs: Nanos
  bindTries: number
}
