import type { Nanos, Pid, SockId } from '../../base/ids.ts'

/** An ICMP echo ("ping") socket: replies with this id are handed to the program. */
export interface PingSock {
  id: SockId
  pid: Pid
  ident: number
}

/** What is remembered of one destination: its token bucket (inet_peer_xrlim_allow) and the redirects it got. */
export interface Credit {
  tokensNs: Nanos
  lastNs: Nanos
  /** Redirects sent to it in a row without effect. */
  redirects: number
}

export interface Icmp {
  socks: PingSock[]
  /** Rate limit of errors, by destination address. */
  credits: Record<string, Credit>
}
