import { MS, type Nanos } from '../../base/ids.ts'
import { EPOCH_MS } from '../clock.ts'
import type { Sys } from '../sys.ts'
import type { KeepalivedState } from './state.ts'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

const IDENTS = {
  parent: 'Keepalived',
  checkers: 'Keepalived_healthcheckers',
  vrrp: 'Keepalived_vrrp',
} as const

/** A line to the journal under the name of the process, and with --log-console to its output too (lib/logger.c). */
export function log(sys: Sys, state: KeepalivedState, text: string): void {
  sys.log(IDENTS[state.role], text)
  if (state.args.console) sys.print(`${asctime(sys.now)}: ${text}\n`)
}

/** A line that is written only with --log-detail (-D). */
export function logDetail(sys: Sys, state: KeepalivedState, text: string): void {
  if (state.args.detail) log(sys, state, text)
}

/** 'Sun Nov 22 07:28:19 2026', as asctime(3). */
function asctime(now: Nanos): string {
  const date = new Date(EPOCH_MS + Math.floor(now / MS))
  const two = (n: number): string => String(n).padStart(2, '0')
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  const day = String(date.getUTCDate()).padStart(3)
  return `${DAYS[date.getUTCDay()] ?? ''} ${MONTHS[date.getUTCMonth()] ?? ''}${day} ${time} ${date.getUTCFullYear()}`
}
