import type { Ip4, Pid, SockId } from '../../base/ids.ts'

/**
 * A datagram socket: UDP, or (`proto` 6) a raw socket that sends single TCP segments from one port and hears what comes
 * back to it, as traceroute -T uses. Everything is handed to the program at once: nothing queues.
 */
export interface UdpSock {
  id: SockId
  pid: Pid
  proto: number
  /** 0 = any of the host's addresses. */
  laddr: Ip4
  lport: number
  /** Whom it is connected to, 0 = nobody yet: it hears from there alone. A raw socket has no ports. */
  raddr: Ip4
  rport: number
}

export interface Udp {
  socks: UdpSock[]
}
