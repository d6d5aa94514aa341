import { IP_ANY, type Ip4, type Pid, type SockId } from '../base/ids.ts'
import type { Host } from '../kernel/host.ts'

/** One socket, in the words of `ss`. */
export interface SocketView {
  proto: 'tcp' | 'udp' | 'icmp'
  /** LISTEN, ESTAB, SYN-SENT, TIME-WAIT ... */
  state: string
  laddr: Ip4
  /** ICMP sockets: the identifier of the echo. */
  lport: number
  raddr: Ip4
  rport: number
  /** 0 = no program any more, as for TIME-WAIT. */
  pid: Pid
  program: string
}

/** Where ss differs from the kernel's own names (iproute2 misc/ss.c sstate_name). */
const SS_STATE: Readonly<Record<string, string>> = {
  ESTABLISHED: 'ESTAB',
  FIN_WAIT1: 'FIN-WAIT-1',
  FIN_WAIT2: 'FIN-WAIT-2',
  CLOSED: 'UNCONN',
}

/** Sockets as `ss -a` lists them: TCP in order of birth with what remains of closed connections, then echo sockets. */
export function listSockets(host: Host): SocketView[] {
  const { tcp, icmp } = host
  const views: { id: SockId; view: SocketView }[] = []
  const add = (sock: Parameters<typeof viewTcp>[1] & { id: SockId }, pid: Pid): void => {
    views.push({ id: sock.id, view: viewTcp(host, sock, pid) })
  }
  for (const sock of Object.values(tcp.socks)) add(sock, sock.pid)
  for (const timeWait of Object.values(tcp.timeWaits)) add(timeWait, 0)
  views.sort((a, b) => a.id - b.id)
  const echoes = icmp.socks.map(({ pid, ident }): SocketView => {
    const ends = { laddr: IP_ANY, lport: ident, raddr: IP_ANY, rport: 0 }
    return { proto: 'icmp', state: 'UNCONN', ...ends, pid, program: programOf(host, pid) }
  })
  return [...views.map(({ view }) => view), ...echoes]
}

function viewTcp(
  host: Host,
  sock: { state: string; laddr: Ip4; lport: number; raddr: Ip4; rport: number },
  pid: Pid,
): SocketView {
  const { laddr, lport, raddr, rport } = sock
  const state = SS_STATE[sock.state] ?? sock.state.replaceAll('_', '-')
  return { proto: 'tcp', state, laddr, lport, raddr, rport, pid, program: programOf(host, pid) }
}

function programOf(host: Host, pid: Pid): string {
  return host.procs[pid]?.program ?? ''
}
