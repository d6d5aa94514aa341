import { prefs } from '../prefs/prefs.ts'
import { type StepSize } from '../prefs/read-prefs.ts'
import { emptyStops, extendStops, nextStop, previousStop } from '../model/stops.ts'
import { flowEndsOf } from '../model/flow-ends.ts'
import { clockOf, type RunClock } from './clock.ts'
import { createPlayhead } from './playhead.ts'
import type { RunData } from './run-data.ts'

/** While playing, React is told of a new step at most this often; the views move at every frame all the same. */
const COMMIT_MS = 90

/** Moves the playhead over the run: steps, play, jumps. Time passes only while playing; nothing starts by itself. */
export function createPlayer(run: RunData) {
  const playhead = createPlayhead()
  let stops = emptyStops()
  let clock: RunClock | undefined
  let frameRequest = 0
  let until = Infinity
  let lastFrame = 0
  let lastCommit = 0
  /** Play is refused while a question waits for its answer. */
  let locked = false

  const getClock = (): RunClock => (clock ??= clockOf(run))
  const end = (): number => run.records.length - 1
  const reduced = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

  function set(k: number): void {
    pause()
    playhead.setState({ k, at: getClock().at(k), playing: false })
  }

  function pause(): void {
    cancelAnimationFrame(frameRequest)
    frameRequest = 0
    until = Infinity
    if (playhead.getState().playing)
      playhead.setState({ playing: false, k: getClock().kAt(playhead.getState().at) })
  }

  function tick(now: number): void {
    const elapsed = Math.min(now - lastFrame, 100)
    lastFrame = now
    const target = Math.min(until, end())
    const limit = getClock().at(target)
    const at = playhead.getState().at + elapsed * prefs.getState().speed
    if (at >= limit) return set(target)
    const commit = now - lastCommit >= COMMIT_MS
    if (commit) lastCommit = now
    playhead.setState(commit ? { at, k: Math.max(getClock().kAt(at), run.bootRecord) } : { at })
    frameRequest = requestAnimationFrame(tick)
  }

  /** Play up to note `target`, or set it at once where motion is not wanted. */
  function playTo(target: number): void {
    if (locked) return
    if (reduced() || target <= playhead.getState().k) return set(target)
    until = target
    if (frameRequest !== 0) return
    lastFrame = performance.now()
    lastCommit = lastFrame
    playhead.setState({ playing: true })
    frameRequest = requestAnimationFrame(tick)
  }

  function forward(size: StepSize = prefs.getState().step): void {
    if (locked) return
    const from = playhead.getState().playing && until < end() ? until : playhead.getState().k
    if (playhead.getState().playing) set(from)
    if (from < end()) playTo(nextStop(stops, size, from, end()))
  }

  function back(size: StepSize = prefs.getState().step): void {
    set(previousStop(stops, size, playhead.getState().k, run.bootRecord))
  }

  return {
    playhead,
    forward,
    back,
    set: (k: number) => set(Math.max(run.bootRecord, Math.min(k, end()))),
    seek: (ms: number) => set(Math.max(run.bootRecord, getClock().kAt(ms))),
    toEnd: () => set(end()),
    toBegin: () => set(run.bootRecord),
    toggle: () => (playhead.getState().playing ? pause() : playTo(end())),
    pause,
    lock: (on: boolean) => {
      locked = on
      if (on) pause()
    },
    isLocked: () => locked,
    isAtEnd: () => playhead.getState().k >= end(),
    clock: getClock,
    stops: () => stops,
    /** The run has grown. */
    extend: () => {
      clock = undefined
      extendStops(stops, run, (frame) => flowEndsOf(run, frame))
    },
    reset: () => {
      pause()
      stops = emptyStops()
      clock = undefined
      playhead.setState({ k: -1, at: 0 })
    },
    dispose: pause,
  }
}

export type Player = ReturnType<typeof createPlayer>
