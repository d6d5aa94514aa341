/** Looking at any state of a long run: nearest checkpoint, clone, silent replay. */
import { makeRng, nextBelow } from '../core/base/prng.ts'
import type { Timeline } from '../core/sim/timeline.ts'
import { quantileOf, type Bench } from './bench.ts'
import { bootCourse, exchange } from './course-run.ts'

const EVENTS = 100_000
const SEEKS = 300

let long: Timeline | undefined

function longRun(): Timeline {
  const timeline = bootCourse({})
  while (timeline.events < EVENTS) exchange(timeline)
  return timeline
}

export const seek: Bench = {
  name: 'seek in a run of 100,000 events, p95',
  unit: 'ms',
  target: { atMost: 16 },
  repeat: 3,
  run: () => {
    long ??= longRun()
    const rng = makeRng(1, 'seek')
    const times: number[] = []
    for (let i = 0; i < SEEKS; i++) {
      const event = nextBelow(rng, long.events)
      const start = performance.now()
      long.worldAt(event)
      times.push(performance.now() - start)
    }
    return quantileOf(times, 0.95)
  },
}
