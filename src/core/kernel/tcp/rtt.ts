import { MS, type Nanos, US } from '../../base/ids.ts'
import { RTO_MAX, RTO_MIN } from './constants.ts'
import { after, before } from './seq.ts'
import type { TcpSock } from './types.ts'

/**
 * Round trip time and retransmission timeout: RFC 6298 as Linux computes it (tcp_rtt_estimator), which never lets the
 * variance term fall below 200 ms (tcp_rto_min). Simplified: nanoseconds instead of jiffies, so a timeout is up to 4 ms
 * shorter than on a kernel with HZ=250.
 */
export function measureRtt(s: TcpSock, rttNs: Nanos): void {
  const m = Math.max(rttNs, US)
  s.minRttNs = s.minRttNs === 0 ? m : Math.min(s.minRttNs, m)
  if (s.srttNs === 0) {
    s.srttNs = m
    s.mdevNs = 2 * m
    s.rttvarNs = s.mdevMaxNs = Math.max(s.mdevNs, RTO_MIN)
    s.rttSeq = s.sndNxt
  } else {
    updateMean(s, m)
  }
  s.rtoNs = Math.min(s.srttNs + s.rttvarNs, RTO_MAX)
}

/** mdev and rttvar are kept four times as large as RFC 6298's variance, as in the kernel. */
function updateMean(s: TcpSock, m: Nanos): void {
  let error = m - s.srttNs
  s.srttNs = Math.round(s.srttNs + error / 8)
  if (error < 0) {
    error = -error - s.mdevNs / 4
    if (error > 0) error /= 8
  } else {
    error -= s.mdevNs / 4
  }
  s.mdevNs = Math.round(s.mdevNs + error)
  if (s.mdevNs > s.mdevMaxNs) {
    s.mdevMaxNs = s.mdevNs
    s.rttvarNs = Math.max(s.rttvarNs, s.mdevMaxNs)
  }
  if (after(s.sndUna, s.rttSeq)) {
    if (s.mdevMaxNs < s.rttvarNs) s.rttvarNs = Math.round(s.rttvarNs - (s.rttvarNs - s.mdevMaxNs) / 4)
    s.rttSeq = s.sndNxt
    s.mdevMaxNs = RTO_MIN
  }
}

/** Round trip from an echoed timestamp, 1 ms grain; undefined when the echo is not one of ours. */
export function rttOfEcho(s: TcpSock, echo: number, clock: number): Nanos | undefined {
  if (echo === 0 || before(clock, echo)) return undefined
  const ms = (clock - echo) >>> 0
  return ms < 0x7fffff && s.tsOk ? Math.max(1, ms) * MS : undefined
}
