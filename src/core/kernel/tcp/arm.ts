import type { Nanos } from '../../base/ids.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { TcpSock, TcpTimer } from './types.ts'

/**
 * Timers of a socket. As in the kernel, moving a deadline back only changes a number: the event that is under way fires
 * early and is set anew then (timer.ts). Only an earlier deadline costs an event.
 */

/** Set the retransmit timer (one per socket) to `at`, for `kind`. */
export function armTimer(host: Host, s: TcpSock, kind: TcpTimer, at: Nanos, ctx: Ctx): void {
  s.timer = kind
  s.timerAtNs = at
  if (s.timerArmedNs !== 0 && s.timerArmedNs <= at) return
  s.timerArmedNs = at
  ctx.setTimer(host, `tcp:${s.id}:rto`, at)
}

export function stopTimer(s: TcpSock): void {
  s.timer = 'none'
}

export function armDelack(host: Host, s: TcpSock, at: Nanos, ctx: Ctx): void {
  s.delackAtNs = at
  if (s.delackArmedNs !== 0 && s.delackArmedNs <= at) return
  s.delackArmedNs = at
  ctx.setTimer(host, `tcp:${s.id}:delack`, at)
}
