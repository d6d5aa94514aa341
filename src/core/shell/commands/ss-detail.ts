import { MS } from '../../base/ids.ts'
import type { TcpSock } from '../../kernel/tcp/types.ts'
import type { SockRow } from './sockets.ts'

/** `timewait,52sec,0`: minutes, seconds, milliseconds as ss writes them (misc/ss.c print_ms_timer). */
export function timerText({ kind, leftNs, retries }: NonNullable<SockRow['timer']>): string {
  const total = Math.floor(leftNs / MS)
  const minutes = Math.floor(total / 60_000)
  let seconds = Math.floor((total % 60_000) / 1000)
  let ms = total % 1000
  let text = ''
  if (minutes > 0) {
    ms = 0
    text += `${minutes}min`
    if (minutes > 9) seconds = 0
  }
  if (seconds > 0) {
    if (seconds > 9) ms = 0
    text += `${seconds}${ms > 0 ? '.' : 'sec'}`
  }
  if (ms > 0) text += `${String(ms).padStart(3, '0')}ms`
  return `${kind},${text},${retries}`
}

/** The part of tcp_info that is modelled, in ss's order. Congestion control is Reno's arithmetic under the usual name. */
export function infoText(s: TcpSock): string {
  const words: string[] = []
  if (s.tsOk) words.push('ts')
  if (s.sackOk) words.push('sack')
  words.push('cubic')
  if (s.state === 'LISTEN') return [...words, 'cwnd:10'].join(' ')
  if (s.sndWscale > 0 || s.rcvWscale > 0) words.push(`wscale:${s.sndWscale},${s.rcvWscale}`)
  words.push(`rto:${trim(s.rtoNs / MS)}`)
  if (s.backoff > 0) words.push(`backoff:${s.backoff}`)
  if (s.srttNs > 0) words.push(`rtt:${trim(s.srttNs / MS)}/${trim(s.mdevNs / MS)}`)
  if (s.atoNs > 0) words.push(`ato:${trim(s.atoNs / MS)}`)
  words.push(`mss:${s.mss}`, `pmtu:${s.pmtu}`, `rcvmss:${s.rcvMss}`, `advmss:${s.advMss}`, `cwnd:${s.cwnd}`)
  if (s.ssthresh > 0 && s.ssthresh < 0x7fffffff) words.push(`ssthresh:${s.ssthresh}`)
  const unacked = s.txSent
  if (unacked > 0) words.push(`unacked:${unacked}`)
  if (s.retransmits > 0) words.push(`retrans:${s.retransmits}`)
  words.push(`rcv_ssthresh:${s.rcvSsthresh}`)
  if (s.minRttNs > 0 && Number.isFinite(s.minRttNs)) words.push(`minrtt:${trim(s.minRttNs / MS)}`)
  return words.join(' ')
}

/** %g: three decimals at most, none that are zero. */
function trim(value: number): string {
  return String(Number(value.toFixed(3)))
}
