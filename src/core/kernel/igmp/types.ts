import type { DevName, Ip4, SockId } from '../../base/ids.ts'

/** A group that this host listens to on one interface (ip_mc_list). Replaced when changed, never written in place. */
export interface Group {
  readonly dev: DevName
  readonly ip: Ip4
  /** Sockets that joined, one entry for each. Empty = left, and said so `reports` times more. */
  readonly socks: readonly SockId[]
  /** Reports of the last change that are still to be sent (crcount). */
  readonly reports: number
}
