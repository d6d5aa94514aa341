import type { Nanos } from '../../core/base/ids.ts'
import type { FlagModel } from '../flag/model.ts'
import type { OwnerCode } from '../hues.ts'

/** Frames between hosts: a column for each host, time downwards. Plain data, already worded. */
export interface LadderModel {
  /** Where everything stands; made once per run, size and choice (layout.ts). */
  layout: LadderLayout
  columns: readonly LadderColumn[]
  frames: readonly LadderFrame[]
  changes: readonly LadderChange[]
  /** Of a frame, by its number; asked only for frames in sight. */
  flagOf: (id: number) => FlagModel | undefined
  /** What decided that it was sent so; '' = nothing. */
  noteOf: (id: number) => string
  /** Accessible name of a frame's row. */
  labelOf: (frame: LadderFrame) => string
  /** Height of the window on it and how far it is scrolled, px. */
  height: number
  top: number
  /** Frame at the playhead, and the one the keyboard is on; -1 = none. */
  current: number
  focused: number
  /** Frames with greater numbers lie ahead of the playhead. */
  passed: number
  words: { ms: string; decided: string; again: string }
  /** For ids of rows, so that a container can name the active one. */
  idPrefix: string
}

export interface LadderColumn {
  id: string
  code: OwnerCode
  name: string
  /** What it is here: 'IPVS', 'nginx' ... */
  role: string
}

export interface LadderFrame {
  /** Number of its note; rises. */
  id: number
  at: Nanos
  until: Nanos
  /** Display time, ms: when it leaves and when it has arrived. */
  span: readonly [number, number]
  from: number
  /** Columns it reaches. */
  to: readonly number[]
  /** Broadcast or multicast. */
  toAll: boolean
  time: string
  again: boolean
  /** It did not arrive. */
  lost: boolean
}

export type LadderPhase = 'none' | 'changing' | 'established'

/** Something that changed in a host: a state of a connection or neighbour, or a packet that was dropped there. */
export interface LadderChange {
  id: number
  column: number
  at: Nanos
  /** The frame that brought it about, or was sent by it. */
  frame?: { id: number; end: 'leaves' | 'arrives' }
  kind: 'state' | 'neighbour' | 'drop'
  label: string
  strong: boolean
  /** What the column shows from here on. */
  phase?: LadderPhase
}

export interface LadderInput {
  columns: number
  frames: readonly LadderFrame[]
  changes: readonly LadderChange[]
  width: number
  /** Px from row to row. */
  pitch: number
  /** Slanted by the time on the way, or level. */
  timed: boolean
}

export interface LadderLayout {
  width: number
  height: number
  pitch: number
  /** Middle of each column's bar. */
  columnX: readonly number[]
  /** Right edge of the times; left edge of the notes, undefined where there is no room. */
  timeX: number
  noteX: number | undefined
  /** Flags in full, or their tabs alone. */
  full: boolean
  /** By place in `frames`: where it leaves and where it arrives. */
  rows: readonly { y0: number; y1: number }[]
  /** Stretches of time that were folded: under which row, and how long. */
  breaks: readonly { y: number; skippedNs: Nanos }[]
  /** By place in `changes`. */
  changeY: readonly number[]
  bars: readonly (readonly { y0: number; y1: number; phase: LadderPhase }[])[]
  /** Display time to y: rising in both. */
  knots: readonly (readonly [ms: number, y: number])[]
}
