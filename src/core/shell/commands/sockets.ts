import type { Ip4, Nanos } from '../../base/ids.ts'
import type { Host, Proc } from '../../kernel/host.ts'
import type { TcpSock, TcpState } from '../../kernel/tcp/types.ts'

/** The sockets of a host as ss and netstat list them. Unix sockets are not modelled: there are none. */

export type SockState = TcpState | 'TIME_WAIT' | 'UNCONN'

export interface SockRow {
  proto: 'tcp' | 'udp' | 'raw'
  state: SockState
  /** Bytes received and unread, bytes sent and not acknowledged; of a listener: waiting connections and the most of them. */
  received: number
  sent: number
  laddr: Ip4
  lport: number
  raddr: Ip4
  rport: number
  owner: { proc: Proc; fd: number } | null
  timer: { kind: 'on' | 'persist' | 'timewait'; leftNs: Nanos; retries: number } | null
  sock: TcpSock | null
}

/** UDP, then TCP as the kernel dumps it: listeners, connections, what waits. */
export function listSockets(host: Host, now: Nanos): SockRow[] {
  const socks = Object.values(host.tcp.socks).filter((s) => s.state !== 'CLOSED')
  const isListener = (s: TcpSock): boolean => s.state === 'LISTEN'
  return [
    ...datagrams(host),
    ...socks.filter(isListener).map((s) => tcpRow(host, s, now)),
    ...socks.filter((s) => !isListener(s)).map((s) => tcpRow(host, s, now)),
    ...waiting(host, now),
  ]
}

function datagrams(host: Host): SockRow[] {
  return host.udp.socks.map(({ id, pid, proto, laddr, lport, raddr, rport }) => ({
    proto: proto === 17 ? 'udp' : 'raw',
    state: raddr === 0 ? 'UNCONN' : 'ESTABLISHED',
    ...{ received: 0, sent: 0, laddr, lport, raddr, rport },
    owner: ownerOf(host, pid, id),
    ...{ timer: null, sock: null },
  }))
}

function tcpRow(host: Host, s: TcpSock, now: Nanos): SockRow {
  const listens = s.state === 'LISTEN'
  return {
    proto: 'tcp',
    state: s.state,
    received: listens ? s.queue.length : s.rxq.reduce((sum, bytes) => sum + bytes.length, 0),
    sent: listens ? s.backlog : s.txq.reduce((sum, seg) => sum + seg.bytes.length, 0),
    ...{ laddr: s.laddr, lport: s.lport, raddr: s.raddr, rport: s.rport },
    owner: s.dead || s.parent !== 0 ? null : ownerOf(host, s.pid, s.id),
    timer: timerOf(s, now),
    sock: s,
  }
}

function timerOf(s: TcpSock, now: Nanos): SockRow['timer'] {
  const leftNs = Math.max(0, s.timerAtNs - now)
  if (s.timer === 'none' || s.state === 'LISTEN') return null
  if (s.timer === 'finwait') return { kind: 'timewait', leftNs, retries: 0 }
  return {
    kind: s.timer === 'probe' ? 'persist' : 'on',
    leftNs,
    retries: s.timer === 'probe' ? s.probes : s.retransmits,
  }
}

function waiting(host: Host, now: Nanos): SockRow[] {
  return host.tcp.timeWaits.map((w) => ({
    proto: 'tcp',
    state: w.state,
    ...{ received: 0, sent: 0, laddr: w.laddr, lport: w.lport, raddr: w.raddr, rport: w.rport },
    owner: null,
    timer: { kind: 'timewait', leftNs: Math.max(0, w.expiresNs - now), retries: 0 },
    sock: null,
  }))
}

/** Descriptors are numbered in the order in which the process's sockets were made, after the three every process has. */
function ownerOf(host: Host, pid: number, id: number): SockRow['owner'] {
  const proc = host.procs[pid]
  if (!proc) return null
  const tcp = Object.values(host.tcp.socks).filter((s) => s.pid === pid && s.parent === 0 && !s.dead)
  const ids = [...tcp, ...host.udp.socks.filter((s) => s.pid === pid)].map((s) => s.id).sort((a, b) => a - b)
  return { proc, fd: 3 + ids.indexOf(id) }
}
