import type { Nanos, Pid, SockId } from '../../base/ids.ts'

/** An ICMP echo ("ping") socket: replies with this id are handed to the program. */
export interface PingSock {
  id: SockId
  pid: Pid
  ident: number
}

/** Token bucket of one destination (inet_peer_xrlim_allow). */
export interface Credit {
  tokensNs: Nanos
  lastNs: Nanos
}

export interface Icmp {
  socks: PingSock[]
  /** Rate limit of errors, by destination address. */
  credits: Record<string, Credit>
}
