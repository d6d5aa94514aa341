import type { Pid, SockId } from '../../base/ids.ts'

/** An ICMP echo ("ping") socket: replies with this id are handed to the program. */
export interface PingSock {
  id: SockId
  pid: Pid
  ident: number
}

export interface Icmp {
  socks: PingSock[]
}
