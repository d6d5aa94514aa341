/** Simulated time as the clock shows it: `6.690 553 s` (microseconds, thin groups). */
export function clockText(ns: number): string {
  const us = Math.floor(ns / 1000)
  const fraction = String(us % 1_000_000).padStart(6, '0')
  return `${Math.floor(us / 1_000_000)}.${fraction.slice(0, 3)} ${fraction.slice(3)}`
}

/** As lists show it: `6.690553`. */
export function secondsText(ns: number): string {
  return clockText(ns).replace(' ', '')
}

/** A stretch of time in the unit that fits: `1.4 ms`, `52 µs`, `3.1 s`. */
export function spanText(ns: number): string {
  if (ns < 1_000_000) return `${Math.round(ns / 1000)} µs`
  if (ns < 1_000_000_000) return `${(ns / 1_000_000).toFixed(1)} ms`
  return `${(ns / 1_000_000_000).toFixed(1)} s`
}
