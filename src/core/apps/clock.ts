import { MS, type Nanos, SEC } from '../base/ids.ts'

/** Wall clock at simulated time 0: Thu, 01 Jan 2026 00:00:00 UTC, in milliseconds since 1970. */
export const EPOCH_MS = 1767225600000

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

let lastSecond = -1
let lastText = ''

/** 'Sun, 22 Nov 2026 07:10:30 GMT' (RFC 9110 5.6.7). */
export function httpDate(now: Nanos): string {
  const second = Math.floor(now / SEC)
  // A server says the same second many times; the memory changes no result.
  if (second !== lastSecond) {
    lastSecond = second
    lastText = new Date(EPOCH_MS + second * 1000).toUTCString()
  }
  return lastText
}

/** '22/Nov/2026:07:10:30 +0000', as access logs have it. */
export function logDate(now: Nanos): string {
  const date = new Date(EPOCH_MS + Math.floor(now / MS))
  const two = (n: number): string => String(n).padStart(2, '0')
  const day = `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()] ?? ''}/${date.getUTCFullYear()}`
  return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
}

function parts(now: Nanos): { date: Date; two: (n: number) => string; time: string } {
  const date = new Date(EPOCH_MS + Math.floor(now / MS))
  const two = (n: number): string => String(n).padStart(2, '0')
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  return { date, two, time }
}

/** 'Nov 22 07:10:30', as syslog has it. */
export function shortDate(now: Nanos): string {
  const { date, two, time } = parts(now)
  return `${MONTHS[date.getUTCMonth()] ?? ''} ${two(date.getUTCDate())} ${time}`
}

/** '2026/11/22 07:10:30', as nginx's error log has it. */
export function errorLogDate(now: Nanos): string {
  const { date, two, time } = parts(now)
  return `${date.getUTCFullYear()}/${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())} ${time}`
}

/** 'Sun 2026-11-22 07:10:30 UTC', as systemd has it. */
export function dateTime(now: Nanos): string {
  const { date, two, time } = parts(now)
  const day = date.toUTCString().slice(0, 3)
  return `${day} ${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())} ${time} UTC`
}
