import { createStore } from 'zustand/vanilla'

/**
 * Where the run is looked at. `k` = number of the last note that has happened; React renders when it changes.
 * `at` = display time in ms (view/timeline), moved at 60 Hz while playing; views follow it without a render.
 */
export interface Playhead {
  k: number
  at: number
  playing: boolean
}

export function createPlayhead() {
  return createStore<Playhead>()(() => ({ k: -1, at: 0, playing: false }))
}

export type PlayheadStore = ReturnType<typeof createPlayhead>
