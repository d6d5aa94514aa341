/** What a bench is, and how one is measured and judged. */

export type Target = { atMost: number } | { atLeast: number }

/** One number that is measured. A file of this folder exports one or more of these under any name. */
export interface Bench {
  name: string
  unit: string
  target: Target
  /** Times it is run, of which the median counts; one more run before them warms up. 1 = run once, cold. Default 5. */
  repeat?: number
  /** One measurement in `unit`. Throws an Error when there is nothing to measure; that is reported as a miss. */
  run: () => number | Promise<number>
}

export interface Outcome {
  bench: Bench
  /** Undefined: could not be measured. */
  measured: number | undefined
  failure: string
  pass: boolean
}

export async function measure(bench: Bench): Promise<Outcome> {
  const repeat = bench.repeat ?? 5
  const values: number[] = []
  try {
    if (repeat > 1) await bench.run()
    for (let i = 0; i < repeat; i++) values.push(await bench.run())
  } catch (error) {
    const failure = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
    return { bench, measured: undefined, failure, pass: false }
  }
  const measured = medianOf(values)
  return { bench, measured, failure: '', pass: meets(measured, bench.target) }
}

export function medianOf(values: readonly number[]): number {
  return quantileOf(values, 0.5)
}

/** The value below which the share `q` (0..1) of `values` lies, by nearest rank; NaN of none. */
export function quantileOf(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN
}

/** NaN meets nothing. */
export function meets(value: number, target: Target): boolean {
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast
}

/** One line of the table: name, measured, target, verdict. */
export function formatOutcome({ bench, measured, failure, pass }: Outcome): string {
  const { target, unit } = bench
  const wanted =
    'atMost' in target ? `<= ${formatNumber(target.atMost)}` : `>= ${formatNumber(target.atLeast)}`
  const shown = measured === undefined ? '-' : `${formatNumber(measured)} ${unit}`
  const verdict = pass ? 'pass' : failure ? `MISS (${failure})` : 'MISS'
  return [bench.name.padEnd(44), shown.padStart(16), `${wanted} ${unit}`.padStart(18), `  ${verdict}`].join(
    ' ',
  )
}

/** At most three significant digits after the point for small numbers, none for large ones. */
function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 })
}

/** Is this export of a bench file a bench? */
export function isBench(value: unknown): value is Bench {
  return typeof value === 'object' && value !== null && 'run' in value && 'target' in value && 'name' in value
}
