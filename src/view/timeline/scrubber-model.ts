/** The transport's track. Times are display ms. */
export interface ScrubberModel {
  lengthMs: number
  /** Position of the handle; `seek` moves it between renders. */
  atMs: number
  marks: readonly ScrubberMark[]
  disabled?: boolean
  /** Accessible name, and what a screen reader says for a position. */
  ariaLabel: string
  valueText: (ms: number) => string
}

export interface ScrubberMark {
  atMs: number
  kind: MarkKind
}

/** Hair, tick, diamond, square, stamp. */
export type MarkKind = 'quiet' | 'event' | 'arp' | 'rewrite' | 'drop'

export interface ScrubberOptions {
  width: number
  onSeek: (ms: number) => void
  /** Arrow keys: one step in the chosen step size; with shift an exchange. */
  onStep: (direction: -1 | 1, large: boolean) => void
}
