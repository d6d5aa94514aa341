import type { Ip4 } from '../../base/ids.ts'
import { INIT_CWND, MSS_DEFAULT, RTO_INIT, SSTHRESH_NONE } from './constants.ts'
import type { TcpSock } from './types.ts'

const ANY = 0 as Ip4

type Names = Pick<TcpSock, 'id' | 'pid' | 'state' | 'laddr' | 'lport' | 'raddr' | 'rport' | 'key' | 'bindDev'>
type Route = Pick<TcpSock, 'dst' | 'dstGen' | 'confirm' | 'ipId' | 'pmtu'>
type Options = Pick<
  TcpSock,
  'mss' | 'peerMss' | 'advMss' | 'rcvMss' | 'tsOk' | 'sackOk' | 'tsOffset' | 'tsRecent' | 'tsRecentNs'
>
type Ends = Pick<TcpSock, 'dead' | 'shutSend' | 'shutReceive' | 'err' | 'errSoft'>
type Listening = Pick<TcpSock, 'parent' | 'backlog' | 'queue' | 'young'>
type Rest = Omit<
  TcpSock,
  keyof (Names & Route & Options & Ends & Listening & Receiving & Congestion & Timing)
>
type Receiving = Pick<
  TcpSock,
  | ('rcvNxt' | 'rcvWup' | 'rcvWnd' | 'rcvWscale' | 'rcvClamp' | 'rcvSsthresh')
  | ('rxq' | 'rxTruesize' | 'ooo' | 'sacks' | 'dsack')
  | (
      | 'quick'
      | 'pingpong'
      | 'ackPending'
      | 'ackNow'
      | 'ackPushed'
      | 'atoNs'
      | 'lastRcvNs'
      | 'lastOowNs'
      | 'delackAtNs'
      | 'delackArmedNs'
    )
>
type Congestion = Pick<
  TcpSock,
  | ('cwnd' | 'cwndCnt' | 'ssthresh' | 'ca' | 'highSeq' | 'priorCwnd' | 'prrDelivered' | 'prrOut' | 'dupAcks')
  | ('rackNs' | 'rackEnd' | 'rackRttNs' | 'tlpHigh' | 'tlpOut')
>
type Timing = Pick<
  TcpSock,
  | (
      | 'srttNs'
      | 'mdevNs'
      | 'mdevMaxNs'
      | 'rttvarNs'
      | 'rttSeq'
      | 'minRttNs'
      | 'rtoNs'
      | 'backoff'
      | 'retransmits'
    )
  | ('probes' | 'retransStampNs' | 'synSentNs' | 'lastAckNs' | 'timer' | 'timerAtNs' | 'timerArmedNs')
>

/** A socket before anything has happened to it. */
export function createBlank(): TcpSock {
  const names: Names = {
    ...{ id: 0, pid: 0, state: 'CLOSED', laddr: ANY, lport: 0, raddr: ANY, rport: 0, key: -1, bindDev: '' },
  }
  const route: Route = { dst: null, dstGen: -1, confirm: false, ipId: 0, pmtu: 1500 }
  const mss = { mss: MSS_DEFAULT, peerMss: MSS_DEFAULT, advMss: MSS_DEFAULT, rcvMss: MSS_DEFAULT }
  const options: Options = { ...mss, tsOk: false, sackOk: false, tsOffset: 0, tsRecent: 0, tsRecentNs: 0 }
  const ends: Ends = { dead: false, shutSend: false, shutReceive: false, err: '', errSoft: '' }
  const listening: Listening = { parent: 0, backlog: 0, queue: [], young: 0 }
  const sending: Rest = {
    ...{
      iss: 0,
      sndUna: 0,
      sndNxt: 0,
      sndWnd: 0,
      sndWl1: 0,
      sndWscale: 0,
      maxWnd: 0,
      txq: [],
      txSent: 0,
      sackedOut: 0,
    },
  }
  const receiving: Receiving = {
    ...{ rcvNxt: 0, rcvWup: 0, rcvWnd: 0, rcvWscale: 0, rcvClamp: 0, rcvSsthresh: 0 },
    ...{ rxq: [], rxTruesize: 0, ooo: [], sacks: [], dsack: null },
    ...{ quick: 0, pingpong: false, ackPending: false, ackNow: false, ackPushed: false, atoNs: 0 },
    ...{ lastRcvNs: 0, lastOowNs: 0, delackAtNs: 0, delackArmedNs: 0 },
  }
  const congestion: Congestion = {
    ...{ cwnd: INIT_CWND, cwndCnt: 0, ssthresh: SSTHRESH_NONE, ca: 'open', highSeq: 0, priorCwnd: 0 },
    ...{
      prrDelivered: 0,
      prrOut: 0,
      dupAcks: 0,
      rackNs: 0,
      rackEnd: 0,
      rackRttNs: 0,
      tlpHigh: 0,
      tlpOut: false,
    },
  }
  const timing: Timing = {
    ...{
      srttNs: 0,
      mdevNs: 0,
      mdevMaxNs: 0,
      rttvarNs: 0,
      rttSeq: 0,
      minRttNs: 0,
      rtoNs: RTO_INIT,
      backoff: 0,
    },
    ...{
      retransmits: 0,
      probes: 0,
      retransStampNs: 0,
      synSentNs: 0,
      lastAckNs: 0,
      timer: 'none',
      timerAtNs: 0,
      timerArmedNs: 0,
    },
  }
  return {
    ...names,
    ...route,
    ...options,
    ...sending,
    ...receiving,
    ...congestion,
    ...timing,
    ...ends,
    ...listening,
  }
}
