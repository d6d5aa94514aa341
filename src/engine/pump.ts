import type { Job } from '../core/lab/line.ts'
import type { RunEnd, Timeline } from '../core/sim/timeline.ts'

/** The simulation lets go of its thread at least this often. */
const SLICE_MS = 8
/** Events between two looks at the clock. */
const STEP_EVENTS = 128

export interface Pump {
  timeline: () => Timeline
  /** Whether to stop; true once for each time somebody asked. */
  takeStop: () => boolean
  /** Called after each slice and at the end. */
  onSlice: () => void
}

/** Run a job to its end, slice by slice. A stop reaches it as the end of the run it has asked for. */
export async function pumpJob<T>(job: Job<T>, pump: Pump): Promise<T> {
  let sliceEnd = performance.now() + SLICE_MS
  try {
    let next = job.next()
    while (next.done !== true) {
      const run = pump.timeline().startRun(next.value)
      let end: RunEnd | 'stopped' = 'slice'
      while (end === 'slice') {
        end = pump.takeStop() ? 'stopped' : run.advance(STEP_EVENTS)
        if (end !== 'slice' || performance.now() < sliceEnd) continue
        pump.onSlice()
        await nextTask()
        sliceEnd = performance.now() + SLICE_MS
      }
      next = job.next(end)
    }
    return next.value
  } finally {
    pump.onSlice()
  }
}

/** Lets waiting messages be heard: a promise alone would not. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0)
  })
}
