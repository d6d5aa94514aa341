import { type Nanos, SEC, US } from '../../base/ids.ts'
import type { AbOptions } from './options.ts'

/** What was measured of one request. */
export interface Timing {
  /** Microseconds until the connection stood, until all of the answer was there, and between request and answer. */
  connect: number
  total: number
  wait: number
}

export interface Counts {
  done: number
  failed: { connect: number; receive: number; length: number; exceptions: number }
  writeErrors: number
  keptAlive: number
  non2xx: number
  /** Bytes. */
  read: number
  html: number
  server: string
  /** Bytes of the first answer's body. */
  length: number
}

const PERCENTS = [50, 66, 75, 80, 90, 95, 98, 99, 100]

/** The report of ApacheBench 2.3 (support/ab.c output_results), its way of rounding included. */
export function report(options: AbOptions, counts: Counts, took: Nanos, timings: readonly Timing[]): string {
  const { done, failed } = counts
  const bad = failed.connect + failed.receive + failed.length + failed.exceptions
  const seconds = took / SEC
  const line = (name: string, value: string | number): string => `${`${name}:`.padEnd(24)}${value}\n`
  let text =
    '\n\n' +
    line('Server Software', counts.server) +
    line('Server Hostname', options.host) +
    `${line('Server Port', options.port)}\n` +
    line('Document Path', options.path) +
    `${line('Document Length', `${counts.length} bytes`)}\n` +
    line('Concurrency Level', options.concurrency) +
    line('Time taken for tests', `${seconds.toFixed(3)} seconds`) +
    line('Complete requests', done) +
    line('Failed requests', bad)
  if (bad > 0)
    text += `   (Connect: ${failed.connect}, Receive: ${failed.receive}, Length: ${failed.length}, Exceptions: ${failed.exceptions})\n`
  if (counts.writeErrors > 0) text += line('Write errors', counts.writeErrors)
  if (counts.non2xx > 0) text += line('Non-2xx responses', counts.non2xx)
  if (options.keepAlive) text += line('Keep-Alive requests', counts.keptAlive)
  text += line('Total transferred', `${counts.read} bytes`) + line('HTML transferred', `${counts.html} bytes`)
  if (seconds > 0 && done > 0) {
    const perRequest = (seconds * 1000) / done
    text +=
      line('Requests per second', `${(done / seconds).toFixed(2)} [#/sec] (mean)`) +
      line('Time per request', `${(options.concurrency * perRequest).toFixed(3)} [ms] (mean)`) +
      line('Time per request', `${perRequest.toFixed(3)} [ms] (mean, across all concurrent requests)`) +
      line('Transfer rate', `${(counts.read / 1024 / seconds).toFixed(2)} [Kbytes/sec] received`)
  }
  return done > 0 ? text + times(timings) : text
}

function roundMs(us: number): number {
  return Math.floor((us + 500) / 1000)
}

interface Row {
  min: number
  mean: number
  sd: number
  median: number
  max: number
}

/** Milliseconds; the deviation is computed from microseconds. With an odd number the median lies one too far, as in ab. */
function statistics(values: readonly number[]): Row {
  const sorted = [...values].sort((a, b) => a - b)
  const n = sorted.length
  const mean = Math.floor(sorted.reduce((sum, value) => sum + value, 0) / n)
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const middle = sorted[n >> 1] ?? 0
  const median = n > 1 && n % 2 === 1 ? Math.floor((middle + (sorted[(n >> 1) + 1] ?? 0)) / 2) : middle
  return {
    min: roundMs(sorted[0] ?? 0),
    mean: roundMs(mean),
    sd: n > 1 ? Math.sqrt(squares / (n - 1)) / 1000 : 0,
    median: roundMs(median),
    max: roundMs(sorted[n - 1] ?? 0),
  }
}

function times(timings: readonly Timing[]): string {
  const rows: [string, string, Row][] = [
    ['Connect:', 'the initial connection time', statistics(timings.map((t) => t.connect))],
    ['Processing:', 'the processing time', statistics(timings.map((t) => t.total - t.connect))],
    ['Waiting:', 'the waiting time', statistics(timings.map((t) => t.wait))],
    ['Total:', 'the total time', statistics(timings.map((t) => t.total))],
  ]
  let text = '\nConnection Times (ms)\n              min  mean[+/-sd] median   max\n'
  for (const [name, , { min, mean, sd, median, max }] of rows) {
    const cells = [pad(min, 5), pad(mean, 4), pad(sd.toFixed(1), 5), pad(median, 6), pad(max, 7)]
    text += `${name.padEnd(12)}${cells.join(' ')}\n`
  }
  for (const [, what, row] of rows) text += doubt(what, row)
  if (timings.length < 2) return text
  const totals = timings.map((t) => t.total).sort((a, b) => a - b)
  text += '\nPercentage of the requests served within a certain time (ms)\n'
  for (const percent of PERCENTS) {
    const at = percent === 100 ? totals.length - 1 : Math.floor((totals.length * percent) / 100)
    const end = percent === 100 ? ' (longest request)' : ''
    text += `${percent === 100 ? ' ' : '  '}${percent}%  ${pad(roundMs(totals[at] ?? 0), 5)}${end}\n`
  }
  return text
}

function doubt(what: string, { mean, median, sd }: Row): string {
  const apart = Math.abs(mean - median)
  if (apart > 2 * sd)
    return (
      `ERROR: The median and mean for ${what} are more than twice the standard\n` +
      '       deviation apart. These results are NOT reliable.\n'
    )
  if (apart <= sd) return ''
  return (
    `WARNING: The median and mean for ${what} are not within a normal deviation\n` +
    '        These results are probably not that reliable.\n'
  )
}

function pad(value: number | string, width: number): string {
  return String(value).padStart(width)
}

export function microseconds(from: Nanos, to: Nanos): number {
  return Math.floor((to - from) / US)
}
