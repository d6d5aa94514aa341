import { MS, type Nanos } from '../base/ids.ts'

/**
 * When a kernel timer really fires (kernel/time/timer.c calc_wheel_index): time is counted in jiffies (CONFIG_HZ=250 in
 * Debian and Ubuntu), far deadlines are rounded up to coarse steps, 32 ms for a second, 256 ms for four. Seen in golden B1G:
 * the retransmissions of both ends fall into one tick. Simplified: the ticks of all hosts coincide.
 */
const JIFFY: Nanos = 4 * MS
const LEVEL_BITS = 3
/** Deadlines nearer than this many jiffies are exact to one; each level further is eight times as far and as coarse. */
const FIRST_LEVEL = 63
const LEVELS = 9

/** The tick in which a timer that is set at `now` for `at` fires; never before `at`. */
export function wheelTime(now: Nanos, at: Nanos): Nanos {
  const nowJiffies = Math.floor(now / JIFFY)
  const delta = Math.max(0, Math.ceil((at - now) / JIFFY))
  let step = 1
  for (let level = 1, reach = FIRST_LEVEL; level < LEVELS && delta >= reach; level++) {
    step *= 1 << LEVEL_BITS
    reach *= 1 << LEVEL_BITS
  }
  return (Math.floor((nowJiffies + delta) / step) + 1) * step * JIFFY
}
