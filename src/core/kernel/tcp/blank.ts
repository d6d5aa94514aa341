import type { Ip4 } from '../../base/ids.ts'
import { INIT_CWND, MSS_DEFAULT, RTO_INIT, SSTHRESH_NONE } from './constants.ts'
import type { TcpSock } from './types.ts'

const ANY = 0 as Ip4

/** A socket before anything has happened to it. Assembled once; sockets are copies of it. */
export function createBlank(): TcpSock {
  return { ...names(), ...sending(), ...receiving(), ...congestion(), ...timing() }
}

function names() {
  const state: TcpSock['state'] = 'CLOSED'
  const dst: TcpSock['dst'] = null
  const err: TcpSock['err'] = ''
  const queue: TcpSock['queue'] = []
  const ends = { id: 0, pid: 0, state, laddr: ANY, lport: 0, raddr: ANY, rport: 0, key: -1, bindDev: '' }
  const route = { dst, dstGen: -1, confirm: false, ipId: 0, pmtu: 1500 }
  const life = { dead: false, shutSend: false, shutReceive: false, err, errSoft: err }
  const toa: TcpSock['toa'] = null
  return { ...ends, ...route, ...life, toa, parent: 0, backlog: 0, queue, young: 0 }
}

function sending() {
  const txq: TcpSock['txq'] = []
  const window = { iss: 0, sndUna: 0, sndNxt: 0, sndWnd: 0, sndWl1: 0, sndWscale: 0, maxWnd: 0 }
  const sizes = { mss: MSS_DEFAULT, peerMss: MSS_DEFAULT, advMss: MSS_DEFAULT }
  return { ...window, ...sizes, txq, txSent: 0, sackedOut: 0 }
}

function receiving() {
  const rxq: TcpSock['rxq'] = []
  const ooo: TcpSock['ooo'] = []
  const sacks: TcpSock['sacks'] = []
  const dsack: TcpSock['dsack'] = null
  const window = { rcvNxt: 0, rcvWup: 0, rcvWnd: 0, rcvWscale: 0, rcvClamp: 0, rcvSsthresh: 0 }
  const options = { rcvMss: MSS_DEFAULT, tsOk: false, sackOk: false, tsOffset: 0, tsRecent: 0, tsRecentNs: 0 }
  const acks = { quick: 0, pingpong: false, ackPending: false, ackNow: false, ackPushed: false, atoNs: 0 }
  const times = { lastRcvNs: 0, lastOowNs: 0, delackAtNs: 0, delackArmedNs: 0 }
  return { ...window, ...options, rxq, rxTruesize: 0, ooo, sacks, dsack, ...acks, ...times }
}

function congestion() {
  const ca: TcpSock['ca'] = 'open'
  const window = { cwnd: INIT_CWND, cwndCnt: 0, ssthresh: SSTHRESH_NONE, ca, highSeq: 0 }
  const recovery = { priorCwnd: 0, prrDelivered: 0, prrOut: 0, dupAcks: 0 }
  return { ...window, ...recovery, rackNs: 0, rackEnd: 0, rackRttNs: 0, tlpHigh: 0, tlpOut: false }
}

function timing() {
  const timer: TcpSock['timer'] = 'none'
  const rtt = { srttNs: 0, mdevNs: 0, mdevMaxNs: 0, rttvarNs: 0, rttSeq: 0, minRttNs: 0, rtoNs: RTO_INIT }
  const tries = { backoff: 0, retransmits: 0, probes: 0, retransStampNs: 0, synSentNs: 0, lastAckNs: 0 }
  return { ...rtt, ...tries, timer, timerAtNs: 0, timerArmedNs: 0 }
}
