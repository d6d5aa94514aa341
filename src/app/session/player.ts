import { flowEndsOf } from '../model/flow-ends.ts'
import { emptyStops, extendStops, nextStop, previousStop, type Stops } from '../model/stops.ts'
import { prefs } from '../prefs/prefs.ts'
import type { StepSize } from '../prefs/read-prefs.ts'
import { clockOf, type RunClock } from './clock.ts'
import { createPlayhead, type PlayheadStore } from './playhead.ts'
import type { RunData } from './run-data.ts'

/** While playing, React is told of a new step at most this often; the views move at every frame all the same. */
const COMMIT_MS = 90
/** A frame that comes later than this (a hidden tab, a long task) does not make the run jump. */
const MAX_FRAME_MS = 100

/** Moves the playhead over the run: steps, play, jumps. Time passes only while playing; nothing starts by itself. */
export class Player {
  readonly playhead: PlayheadStore = createPlayhead()
  private readonly run: RunData
  private stops: Stops = emptyStops()
  private kept: RunClock | undefined
  private request = 0
  /** Note at which playing ends. */
  private until = Infinity
  private lastFrame = 0
  private lastCommit = 0
  private locked = false

  constructor(run: RunData) {
    this.run = run
  }

  /** Display time of the run as it is now. */
  clock(): RunClock {
    return (this.kept ??= clockOf(this.run))
  }

  /** Stand at note `k` (or the nearest that is shown). */
  set(k: number): void {
    this.pause()
    const to = Math.max(this.run.bootRecord, Math.min(k, this.end))
    this.playhead.setState({ k: to, at: this.clock().at(to), playing: false })
  }

  /** Stand at a display time, ms. */
  seek(ms: number): void {
    this.set(this.clock().kAt(ms))
  }

  toEnd(): void {
    this.set(this.end)
  }

  toBegin(): void {
    this.set(this.run.bootRecord)
  }

  /** Play on to the next stop; pressed again while on the way, be there at once and go on. */
  forward(size: StepSize = prefs.getState().step): void {
    if (this.locked) return
    const { playing, k } = this.playhead.getState()
    const from = playing && this.until < this.end ? this.until : k
    if (playing) this.set(from)
    if (from < this.end) this.playTo(nextStop(this.stops, size, from, this.end))
  }

  /** A step back plays nothing: it sets. */
  back(size: StepSize = prefs.getState().step): void {
    this.set(previousStop(this.stops, size, this.playhead.getState().k, this.run.bootRecord))
  }

  toggle(): void {
    if (this.playhead.getState().playing) this.pause()
    else this.playTo(this.end)
  }

  pause(): void {
    cancelAnimationFrame(this.request)
    this.request = 0
    this.until = Infinity
    const { playing, at } = this.playhead.getState()
    if (playing)
      this.playhead.setState({ playing: false, k: Math.max(this.clock().kAt(at), this.run.bootRecord) })
  }

  /** Refuse to play while a question waits for its answer. */
  lock(on: boolean): void {
    this.locked = on
    if (on) this.pause()
  }

  isLocked(): boolean {
    return this.locked
  }

  isAtEnd(): boolean {
    return this.playhead.getState().k >= this.end
  }

  /** The run has grown. */
  extend(): void {
    this.kept = undefined
    extendStops(this.stops, this.run, (frame) => flowEndsOf(this.run, frame))
  }

  /** Other chatter is shown than before: stops and display time are made anew, the playhead stays at its note. */
  reshow(): void {
    this.pause()
    this.stops = emptyStops()
    this.extend()
    if (this.run.records.length > 0) this.set(this.playhead.getState().k)
  }

  /** Another run takes its place. */
  reset(): void {
    this.pause()
    this.stops = emptyStops()
    this.kept = undefined
    this.playhead.setState({ k: -1, at: 0 })
  }

  private get end(): number {
    return this.run.records.length - 1
  }

  /** Play up to note `target`, or set it at once where motion is not wanted. */
  private playTo(target: number): void {
    if (this.locked) return
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    if (still || target <= this.playhead.getState().k) {
      this.set(target)
      return
    }
    this.until = target
    if (this.request !== 0) return
    this.lastFrame = this.lastCommit = performance.now()
    this.playhead.setState({ playing: true })
    this.request = requestAnimationFrame((now) => {
      this.tick(now)
    })
  }

  private tick(now: number): void {
    const elapsed = Math.min(Math.max(0, now - this.lastFrame), MAX_FRAME_MS)
    this.lastFrame = now
    const target = Math.min(this.until, this.end)
    const at = this.playhead.getState().at + elapsed * prefs.getState().speed
    if (at >= this.clock().at(target)) {
      this.set(target)
      return
    }
    const due = now - this.lastCommit >= COMMIT_MS
    if (due) this.lastCommit = now
    this.playhead.setState(due ? { at, k: Math.max(this.clock().kAt(at), this.run.bootRecord) } : { at })
    this.request = requestAnimationFrame((next) => {
      this.tick(next)
    })
  }
}
