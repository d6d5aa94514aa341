import { MS, type Nanos } from '../core/base/ids.ts'

/** A look at the clock that comes later than this (a sleeping machine) does not make time jump. */
const LONGEST_MS = 250

/** Up to which simulated time typed lines may run, as the wall clock goes on. */
export interface Pace {
  notAfter: () => Nanos
  /** Simulated seconds per second; 0 = time stands still, Infinity = as fast as it can be computed. */
  set: (rate: number) => void
  /** Count from now on. */
  restart: () => void
  /** At least this long from now on without waiting. */
  grant: (forNs: Nanos) => void
}

export function createPace(now: () => Nanos): Pace {
  let rate = 1
  let limit: Nanos = Infinity
  let seenAt = performance.now()
  return {
    notAfter: () => {
      const at = performance.now()
      limit += rate * Math.min(at - seenAt, LONGEST_MS) * MS || 0
      seenAt = at
      return rate === Infinity ? Infinity : Math.round(limit)
    },
    set: (to) => {
      // what ran freely is paced again from where it stands
      if (rate === Infinity && to !== Infinity) limit = now()
      rate = to
      seenAt = performance.now()
    },
    restart: () => {
      limit = now()
      seenAt = performance.now()
    },
    grant: (forNs) => {
      limit = Math.max(limit, now() + forNs)
    },
  }
}
