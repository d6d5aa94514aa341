import type { Ip4, SockId } from '../../base/ids.ts'
import type { NcOptions } from './options.ts'

export interface NcState {
  options: Readonly<NcOptions> | null
  ip: Ip4
  /** Who is spoken with by datagrams that came first from there. */
  peerPort: number
  /** Which port of the list is being tried. */
  nth: number
  listener: SockId
  sock: SockId
  phase: 'start' | 'listening' | 'connecting' | 'connected'
  /** Null = a terminal. */
  input: string | null
  /** Counts what came and went: a silence timer that was set before is stale. */
  activity: number
  status: number
}
