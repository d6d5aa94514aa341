import type { Bytes } from '../../base/bytes.ts'
import type { Ip4, Nanos, Pid, SockId } from '../../base/ids.ts'
import type { Errno } from '../netlink.ts'
import type { Dst } from '../route/types.ts'

/** States of RFC 9293 3.3.2; TIME_WAIT (and FIN_WAIT2 of a closed socket) live in `TimeWait`, as in the kernel. */
export type TcpState =
  | 'LISTEN'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT1'
  | 'FIN_WAIT2'
  | 'CLOSE_WAIT'
  | 'CLOSING'
  | 'LAST_ACK'
  | 'CLOSED'

/** A segment in the send queue. The first `txSent` of the queue have been sent at least once. */
export interface TxSeg {
  seq: number
  /** Sequence number after the last byte, the FIN included. */
  end: number
  bytes: Bytes
  push: boolean
  fin: boolean
  /** Time of the latest transmission. */
  sentNs: Nanos
  rexmits: number
  sacked: boolean
  lost: boolean
  /** Sent again since it was marked lost. */
  resent: boolean
}

/** Data that came ahead of a gap. */
export interface OooSeg {
  seq: number
  end: number
  bytes: Bytes
  fin: boolean
}

/** What the one retransmit timer of a socket is set for (icsk_pending). */
export type TcpTimer = 'none' | 'rto' | 'tlp' | 'reo' | 'probe' | 'finwait'

export type CaState = 'open' | 'recovery' | 'loss'

/** A socket. Names follow struct tcp_sock and inet_connection_sock without their prefixes. */
export interface TcpSock {
  id: SockId
  pid: Pid
  state: TcpState
  laddr: Ip4
  lport: number
  raddr: Ip4
  rport: number
  /** Client that a FULLNAT load balancer named in an option, if the module toa is there. */
  toa: { ip: Ip4; port: number } | null
  /** Hash chain it is in; -1 = none. */
  key: number
  /** Device it is bound to (SO_BINDTODEVICE), '' = none. */
  bindDev: string
  /** Cached route, valid while `dstGen` equals the host's `routeGen`. */
  dst: Dst | null
  dstGen: number
  /** The peer has answered: the next packet confirms the neighbour (sk_dst_pending_confirm). */
  confirm: boolean
  ipId: number

  iss: number
  sndUna: number
  sndNxt: number
  sndWnd: number
  sndWl1: number
  sndWscale: number
  maxWnd: number
  rcvNxt: number
  rcvWup: number
  rcvWnd: number
  rcvWscale: number
  rcvClamp: number
  rcvSsthresh: number

  /** Payload bytes per segment that we send, options subtracted. */
  mss: number
  /** MSS the peer announced. */
  peerMss: number
  /** MSS we announce. */
  advMss: number
  /** Size of the segments we get, as far as known; more than that unacknowledged means ACK now. */
  rcvMss: number
  pmtu: number
  tsOk: boolean
  sackOk: boolean
  /** Milliseconds added to the clock for this connection. */
  tsOffset: number
  tsRecent: number
  tsRecentNs: Nanos

  txq: TxSeg[]
  txSent: number
  /** Segments of the queue that the peer has reported beyond a gap. */
  sackedOut: number
  rxq: Bytes[]
  /** Memory that unread data takes in the kernel, bytes. */
  rxTruesize: number
  ooo: OooSeg[]
  /** SACK blocks to report, newest first; `dsack` goes before them once (RFC 2883). */
  sacks: [number, number][]
  dsack: [number, number] | null

  /** ACKs still to be sent at once, whatever the delayed ACK engine says. */
  quick: number
  pingpong: boolean
  ackPending: boolean
  /** The ACK that is owed must not wait. */
  ackNow: boolean
  ackPushed: boolean
  atoNs: Nanos
  lastRcvNs: Nanos
  lastOowNs: Nanos
  delackAtNs: Nanos
  delackArmedNs: Nanos

  cwnd: number
  cwndCnt: number
  ssthresh: number
  ca: CaState
  highSeq: number
  priorCwnd: number
  prrDelivered: number
  prrOut: number
  dupAcks: number
  rackNs: Nanos
  rackEnd: number
  rackRttNs: Nanos
  tlpHigh: number
  tlpOut: boolean

  /** Smoothed round trip time, 0 = not measured yet. */
  srttNs: Nanos
  mdevNs: Nanos
  mdevMaxNs: Nanos
  rttvarNs: Nanos
  rttSeq: number
  minRttNs: Nanos
  rtoNs: Nanos
  backoff: number
  retransmits: number
  probes: number
  /** When the last SYN or SYN-ACK was sent. */
  synSentNs: Nanos
  /** First transmission of what is retransmitted now; 0 = nothing is. */
  retransStampNs: Nanos
  lastAckNs: Nanos
  timer: TcpTimer
  timerAtNs: Nanos
  timerArmedNs: Nanos

  /** The program has closed it. */
  dead: boolean
  shutSend: boolean
  shutReceive: boolean
  err: Errno | ''
  errSoft: Errno | ''
  /** Listening socket a passive connection belongs to until it is accepted, else 0. */
  parent: SockId
  backlog: number
  /** Connections that wait for accept (listening sockets). */
  queue: SockId[]
  /** Number of connections in SYN_RECV (listening sockets). */
  young: number
}

/** What remains of a closed connection (tcp_timewait_sock). Never changed in place: clones share it. */
export interface TimeWait {
  readonly id: SockId
  readonly state: 'FIN_WAIT2' | 'TIME_WAIT'
  readonly laddr: Ip4
  readonly lport: number
  readonly raddr: Ip4
  readonly rport: number
  readonly key: number
  readonly sndNxt: number
  readonly rcvNxt: number
  readonly rcvWnd: number
  readonly rcvWscale: number
  readonly tsOk: boolean
  readonly tsOffset: number
  readonly tsRecent: number
  readonly tsRecentNs: Nanos
  readonly expiresNs: Nanos
  readonly lastOowNs: Nanos
}

/** All TCP state of a host. */
export interface Tcp {
  nextSock: SockId
  socks: Record<SockId, TcpSock>
  /** In the order in which they end. */
  timeWaits: TimeWait[]
  /** The same by hash of the 4-tuple. The lists in it are never changed in place. */
  twSlots: (readonly TimeWait[] | null)[]
  /** Sockets by hash of the 4-tuple. The lists are never changed in place. */
  hash: Record<number, readonly SockId[]>
  listeners: SockId[]
  /** Where the search for a free port goes on, by hash of the destination (table_perturb). */
  perturb: Record<number, number>
  /** The module toa is loaded: programs are told the client's address that a FULLNAT load balancer passed on. */
  toa: boolean
}

const TW_SLOTS = 512

export function createTcp(): Tcp {
  const twSlots = new Array<null>(TW_SLOTS).fill(null)
  return { nextSock: 1, socks: {}, timeWaits: [], twSlots, hash: {}, listeners: [], perturb: {}, toa: false }
}

/** A deep copy; byte arrays and time waits are immutable leaves and shared. */
export function cloneTcp(tcp: Tcp): Tcp {
  const socks: Record<SockId, TcpSock> = {}
  for (const id in tcp.socks) {
    const sock = tcp.socks[id]
    if (sock) socks[id] = cloneSock(sock)
  }
  return {
    nextSock: tcp.nextSock,
    socks,
    timeWaits: tcp.timeWaits.slice(),
    twSlots: tcp.twSlots.slice(),
    hash: { ...tcp.hash },
    listeners: tcp.listeners.slice(),
    perturb: { ...tcp.perturb },
    toa: tcp.toa,
  }
}

function cloneSock(s: TcpSock): TcpSock {
  return {
    ...s,
    txq: s.txq.map((seg) => ({ ...seg })),
    rxq: s.rxq.slice(),
    ooo: s.ooo.map((seg) => ({ ...seg })),
    sacks: s.sacks.map(([left, right]) => [left, right]),
    dsack: s.dsack ? [s.dsack[0], s.dsack[1]] : null,
    queue: s.queue.slice(),
  }
}
