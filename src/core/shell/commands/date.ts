import { EPOCH_MS } from '../../apps/clock.ts'
import { MS, type Nanos, SEC } from '../../base/ids.ts'
import type { Command } from '../sys.ts'
import { notModelled, tell } from './words.ts'

/** Date and time of the simulated machine, which lives in UTC. */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)

/** 'Thu Jan  1 00:00:10 UTC 2026', as date(1) without arguments prints it in the C locale. */
export function dateText(now: Nanos): string {
  return strftime('%a %b %e %H:%M:%S UTC %Y', now)
}

function strftime(format: string, now: Nanos): string {
  const date = new Date(EPOCH_MS + Math.floor(now / MS))
  const two = (n: number): string => String(n).padStart(2, '0')
  const day = DAYS[date.getUTCDay()] ?? ''
  const month = MONTHS[date.getUTCMonth()] ?? ''
  const parts: Record<string, string> = {
    a: day.slice(0, 3),
    A: day,
    b: month.slice(0, 3),
    B: month,
    d: two(date.getUTCDate()),
    e: String(date.getUTCDate()).padStart(2),
    m: two(date.getUTCMonth() + 1),
    Y: String(date.getUTCFullYear()),
    H: two(date.getUTCHours()),
    M: two(date.getUTCMinutes()),
    S: two(date.getUTCSeconds()),
    s: String(EPOCH_MS / 1000 + Math.floor(now / SEC)),
    N: String(Math.floor(now % SEC)).padStart(9, '0'),
    Z: 'UTC',
    '%': '%',
  }
  const whole = format
    .replaceAll('%F', '%Y-%m-%d')
    .replaceAll('%T', '%H:%M:%S')
    .replace(/%([1-9])N/g, (_, digits: string) => (parts['N'] ?? '').slice(0, Number(digits)))
  return whole.replace(/%([a-zA-Z%])/g, (all, c: string) => parts[c] ?? all)
}

export const date: Command = {
  name: 'date',
  summary: 'the simulated date and time',
  run: (args, io) => {
    const [format] = args.filter((arg) => arg !== '-u')
    if (format === undefined) io.out(`${dateText(io.sys.now())}\n`)
    else if (format.startsWith('+')) io.out(`${strftime(format.slice(1), io.sys.now())}\n`)
    else return tell(io, notModelled(`\`date ${format}'`))
    return 0
  },
}
