import type { Ip4, Pid, SockId } from '../../base/ids.ts'

/** A UDP socket. Datagrams are handed to the program at once: nothing queues. */
export interface UdpSock {
  id: SockId
  pid: Pid
  /** 0 = any of the host's addresses. */
  laddr: Ip4
  lport: number
}

export interface Udp {
  socks: UdpSock[]
}
