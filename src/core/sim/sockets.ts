import type { Ip4, Pid } from '../base/ids.ts'
import type { Host } from '../kernel/host.ts'

export interface SocketView {
  proto: 'tcp' | 'udp' | 'icmp'
  state: string
  laddr: Ip4
  lport: number
  raddr: Ip4
  rport: number
  pid: Pid
  program: string
}

/** Sockets as `ss -a` lists them. */
export function listSockets(host: Host): SocketView[] {
  return host.icmp.socks.map(({ pid, ident }) => ({
    proto: 'icmp',
    state: 'UNCONN',
    laddr: 0 as Ip4,
    lport: ident,
    raddr: 0 as Ip4,
    rport: 0,
    pid,
    program: host.procs[pid]?.program ?? '',
  }))
}
