import { type Nanos, SEC } from '../../../../base/ids.ts'

const two = (n: number): string => String(n).padStart(2, '0')

/** '00:01:27', from a day on '1d02h03m', from a week on '01w2d03h' (frrtime_to_interval in lib/frr_time). */
export function uptimeText(ns: Nanos): string {
  const s = Math.max(0, Math.floor(ns / SEC))
  const [d, h, m] = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60]
  if (d >= 7) return `${two(Math.floor(d / 7))}w${d % 7}d${two(h)}h`
  if (d >= 1) return `${d}d${two(h)}h${two(m)}m`
  return `${two(h)}:${two(m)}:${two(s % 60)}`
}

/** JSON as FRR prints it: two blanks a level, no blank after the colon. */
export function frrJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(/^(\s*"(?:[^"\\]|\\.)*"): /gm, '$1:')}\n`
}
