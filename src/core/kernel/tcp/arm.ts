import type { Nanos } from '../../base/ids.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { wheelTime } from '../timer-wheel.ts'
import type { TcpSock, TcpTimer } from './types.ts'

/**
 * Timers of a socket. As in the kernel, moving a deadline back only changes a number: the event that is under way fires
 * early and is set anew then (timer.ts). Only an earlier deadline costs an event.
 */

/** Set the retransmit timer (one per socket) to the tick of `deadline`, for `kind`. */
export function armTimer(host: Host, s: TcpSock, kind: TcpTimer, deadline: Nanos, ctx: Ctx): void {
  const at = wheelTime(ctx.now, deadline)
  s.timer = kind
  s.timerAtNs = at
  if (s.timerArmedNs !== 0 && s.timerArmedNs <= at) return
  s.timerArmedNs = at
  ctx.setTimer(host, `tcp:${s.id}:rto`, at)
}

/** The event under way was early: go on waiting for the deadline that was set since. */
export function waitOn(host: Host, s: TcpSock, ctx: Ctx): void {
  s.timerArmedNs = s.timerAtNs
  ctx.setTimer(host, `tcp:${s.id}:rto`, s.timerAtNs)
}

export function stopTimer(s: TcpSock): void {
  s.timer = 'none'
}

export function armDelack(host: Host, s: TcpSock, deadline: Nanos, ctx: Ctx): void {
  const at = wheelTime(ctx.now, deadline)
  s.delackAtNs = at
  if (s.delackArmedNs !== 0 && s.delackArmedNs <= at) return
  s.delackArmedNs = at
  ctx.setTimer(host, `tcp:${s.id}:delack`, at)
}

export function waitOnDelack(host: Host, s: TcpSock, ctx: Ctx): void {
  s.delackArmedNs = s.delackAtNs
  ctx.setTimer(host, `tcp:${s.id}:delack`, s.delackAtNs)
}
