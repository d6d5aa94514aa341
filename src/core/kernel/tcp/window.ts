import { HEADERS, MSS_DEFAULT, RCV_BUFFER, RCV_WSCALE, TS_OPTION } from './constants.ts'
import { seqAdd, seqDistance } from './seq.ts'
import type { TcpSock } from './types.ts'

/**
 * The receive window (tcp_select_window, tcp_select_initial_window). Simplified: the buffer stays at tcp_rmem[1] = 128 KiB
 * (no autotuning), so a bulk transfer gets no more than 64 KiB of window where Linux would let it grow; the memory that
 * a segment takes is rounded as slab sizes are, not measured.
 */

/** Window of the first segment we send, and what follows for later ones. `advMss` is what the peer may put in a segment. */
export function initialWindow(s: TcpSock, scaling: boolean): void {
  const mss = s.advMss - (s.tsOk && s.state !== 'SYN_SENT' ? TS_OPTION : 0)
  const space = RCV_BUFFER / 2
  s.rcvWnd = space > mss ? space - (space % mss) : space
  s.rcvWscale = scaling ? RCV_WSCALE : 0
  if (!scaling) s.rcvWnd = Math.min(s.rcvWnd, 0xffff)
  s.rcvSsthresh = s.rcvWnd
}

/** Buffer bounds once the connection stands (tcp_init_buffer_space): one segment is kept back. */
export function initBuffer(s: TcpSock): void {
  const most = RCV_BUFFER / 2
  const mss = s.advMss - (s.tsOk ? TS_OPTION : 0)
  s.rcvClamp = most > 2 * mss ? Math.max(2 * mss, most - mss) : most
  s.rcvSsthresh = Math.min(s.rcvSsthresh, s.rcvClamp)
  s.rcvMss = Math.max(88, Math.min(s.advMss, s.mss, s.rcvWnd >>> 1, MSS_DEFAULT))
}

/** Bytes of memory a received segment is charged with: packet and skb, in slab steps. */
export function truesizeOf(length: number): number {
  return 256 + Math.ceil((length + HEADERS + TS_OPTION + 384) / 512) * 512
}

/** What is left of the window we announced last. */
export function receiveWindow(s: TcpSock): number {
  return Math.max(0, seqDistance(s.rcvNxt, seqAdd(s.rcvWup, s.rcvWnd)))
}

function alignUp(value: number, shift: number): number {
  const step = 1 << shift
  return Math.ceil(value / step) * step
}

/** The window we could announce now, bytes (__tcp_select_window). */
export function possibleWindow(s: TcpSock): number {
  let held = s.rxTruesize
  for (const seg of s.ooo) held += truesizeOf(seg.bytes.length)
  let free = Math.max(0, RCV_BUFFER - held) >>> 1
  const full = Math.min(s.rcvClamp, RCV_BUFFER / 2)
  const mss = Math.min(s.rcvMss, full)
  if (free < full >>> 1) {
    s.quick = 0
    free -= free % (1 << s.rcvWscale)
    if (free < full >>> 4 || free < mss) return 0
  }
  free = Math.min(free, s.rcvSsthresh)
  if (s.rcvWscale > 0) return alignUp(free, s.rcvWscale)
  const now = s.rcvWnd
  return now <= free - mss || now > free ? free - (free % mss) : now
}

/** Choose the window for a segment that is about to leave, never smaller than promised, and return the header field. */
export function selectWindow(s: TcpSock): number {
  const current = receiveWindow(s)
  let next = possibleWindow(s)
  if (next < current) next = alignUp(current, s.rcvWscale)
  next = Math.min(next, 0xffff * 2 ** s.rcvWscale)
  s.rcvWnd = next
  s.rcvWup = s.rcvNxt
  return next >>> s.rcvWscale
}
