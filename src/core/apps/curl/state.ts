import type { Bytes } from '../../base/bytes.ts'
import type { Ip4, Nanos, SockId } from '../../base/ids.ts'
import type { HttpResponse } from '../../wire/http.ts'
import type { CurlOptions } from './options.ts'
import type { CurlUrl } from './url.ts'

/** A connection that is kept for another URL. */
export interface Kept {
  sock: SockId
  ip: Ip4
  port: number
  localPort: number
  number: number
}

export interface CurlState {
  options: Readonly<CurlOptions> | null
  /** Which URL of the command line is under way. */
  nth: number
  kept: Kept[]
  /** Number of the connection in use (#0, #1, ...), and how many there were. */
  number: number
  connections: number
  reused: boolean
  url: CurlUrl
  /** Where a redirect leads, '' = it is the command line's own URL; and how many were followed. */
  location: string
  redirects: number
  /** File of this URL's -o. */
  output: string
  ip: Ip4
  sock: SockId
  /** 'resting': between two transfers, because of --rate. */
  phase: 'start' | 'connecting' | 'waiting' | 'resting'
  startNs: Nanos
  connectNs: Nanos
  firstByteNs: Nanos
  /** What has come and is not printed yet. */
  buffer: Bytes
  head: HttpResponse | null
  /** Bytes of the body so far, and how many there should be (-1 = until the end of the connection). */
  bodyBytes: number
  bodyLength: number
  /** Body text kept for `-o FILE`. */
  saved: string
  localPort: number
}
