/** What a run may grow to. When one is hit the run says so in a note and stops; nothing hangs. */
export interface Limits {
  /** Events of one run call. */
  events: number
  /** Frames of a whole run. */
  frames: number
  /** Pending events at one time. */
  queue: number
  /** Notes of a whole run. */
  notes: number
}

export const LIMITS: Limits = { events: 2_000_000, frames: 1_000_000, queue: 200_000, notes: 5_000_000 }
