import type { HostId, Nanos } from '../core/base/ids.ts'
import type { Job } from '../core/lab/line.ts'
import type { RunEnd, RunSlices, Timeline } from '../core/sim/timeline.ts'
import type { Until } from '../core/sim/until.ts'

/** The simulation lets go of its thread at least this often. */
const SLICE_MS = 8
/** Events between two looks at the clock. */
const STEP_EVENTS = 128
/** While time is held or waits for the wall clock: how often it is looked at, and told where it stands. */
const HELD_MS = 16
const TELL_MS = 200

/**
 * One after the other, each to its end: 'line'. A 'typed' line of a terminal runs beside the others, no faster than `pace`
 * allows. 'alone': nothing else may be at work.
 */
export type JobKind = 'line' | 'typed' | 'alone'

interface Entry {
  kind: JobKind
  /** Where it was typed: one line at a time is typed on a host. */
  host: HostId | undefined
  makeJob: () => Job<unknown>
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

interface Running extends Entry {
  job: Job<unknown>
  until: Until
  run: RunSlices
  stopAsked: boolean
  wasStopped: boolean
}

export interface Pump {
  add: <T>(kind: JobKind, makeJob: () => Job<T>, host?: HostId) => Promise<T>
  /** Ctrl-C for what runs on a host, or for all that is at work. */
  stop: (host?: HostId) => void
  /** Whether the job that is asking was told to stop. */
  wasStopped: () => boolean
}

/**
 * Runs jobs over one timeline, slice by slice. `notAfter` tells up to which time typed lines may go; what they print is
 * told by `onSlice`, after each slice and at the end of a job.
 */
export function createPump(at: {
  timeline: () => Timeline
  notAfter: () => Nanos
  /** Time need not be held any longer: something waits for what is typed to end. */
  hurry: () => void
  onSlice: () => void
}): Pump {
  return new JobPump(at)
}

class JobPump implements Pump {
  private readonly at: Parameters<typeof createPump>[0]
  private readonly waiting: Entry[] = []
  private running: Running[] = []
  private isLooping = false
  private stopNext = false
  private current: Running | undefined

  constructor(at: Parameters<typeof createPump>[0]) {
    this.at = at
  }

  add<T>(kind: JobKind, makeJob: () => Job<T>, host?: HostId): Promise<T> {
    if (kind === 'alone') this.stopTyped()
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ kind, host, makeJob, resolve: resolve as (value: unknown) => void, reject })
      if (!this.isLooping) void this.loop()
    })
  }

  stop(host?: HostId): void {
    const mine = this.running.filter((job) => host === undefined || job.host === host)
    for (const job of mine) job.stopAsked = true
    if (mine.length === 0) this.stopNext = this.waiting.length > 0
    if (mine.length > 0) this.at.hurry()
  }

  wasStopped(): boolean {
    return this.current?.wasStopped ?? false
  }

  private stopTyped(): void {
    const typed = this.running.filter((job) => job.kind === 'typed')
    for (const job of typed) job.stopAsked = true
    if (typed.length > 0) this.at.hurry()
  }

  private async loop(): Promise<void> {
    this.isLooping = true
    let sliceEnd = performance.now() + SLICE_MS
    let toldAt = 0
    this.admit()
    while (this.running.length > 0) {
      const isHeld = !this.work()
      this.admit()
      const now = performance.now()
      if (!isHeld && now < sliceEnd && this.running.length > 0) continue
      if (!isHeld || now - toldAt > TELL_MS) {
        this.at.onSlice()
        toldAt = now
      }
      if (this.running.length > 0) await nextTask(isHeld ? HELD_MS : 0)
      sliceEnd = performance.now() + SLICE_MS
      this.admit()
    }
    this.isLooping = false
  }

  /** Start what may start now, in the order in which it was asked for. */
  private admit(): void {
    for (let next = this.waiting[0]; next !== undefined && this.mayStart(next); next = this.waiting[0]) {
      this.waiting.shift()
      this.start(next)
    }
  }

  private mayStart({ kind, host }: Entry): boolean {
    if (this.running.some((job) => job.kind !== 'typed')) return false
    if (kind === 'alone') return this.running.length === 0
    return kind !== 'typed' || !this.running.some((job) => job.host === host)
  }

  private start(entry: Entry): void {
    const stopAsked = this.stopNext
    this.stopNext = false
    let job: Job<unknown>
    try {
      job = entry.makeJob()
    } catch (error) {
      entry.reject(error)
      return
    }
    const running = { ...entry, job, until: {}, run: NOTHING, stopAsked, wasStopped: false }
    // the typed lines come last: when all is done, the others are told first
    if (entry.kind === 'typed') this.running.push(running)
    else this.running.unshift(running)
    this.resume(running, undefined)
  }

  /** One round: tell a job that what it waits for is there, else run events. False when time is held. */
  private work(): boolean {
    const { running } = this
    const first = running[0]
    if (first === undefined) return true
    const isTyped = running.every((job) => job.kind === 'typed')
    const limit = isTyped ? this.at.notAfter() : Infinity
    const notAfter = Math.min(limit, ...running.map(({ until }) => until.at ?? Infinity))
    for (const job of running) {
      const end = job.stopAsked ? 'stopped' : job.run.advance(0, notAfter)
      if (end === 'slice' || (end === 'empty' && job !== first)) continue
      if (end === 'stopped') {
        job.stopAsked = false
        job.wasStopped = true
      }
      this.resume(job, end)
      return true
    }
    const { events } = this.at.timeline()
    const end = first.run.advance(running.length === 1 ? STEP_EVENTS : 1, notAfter)
    if (end !== 'slice') this.resume(first, end)
    return end !== 'slice' || this.at.timeline().events !== events || notAfter < limit
  }

  private resume(running: Running, end: RunEnd | 'stopped' | undefined): void {
    this.current = running
    try {
      const next = end === undefined ? running.job.next() : running.job.next(end)
      if (next.done !== true) {
        running.until = next.value
        running.run = this.at.timeline().startRun(next.value)
        return
      }
      this.finish(running)
      running.resolve(next.value)
    } catch (error) {
      this.finish(running)
      running.reject(error)
    }
  }

  private finish(running: Running): void {
    this.running = this.running.filter((job) => job !== running)
    this.at.onSlice()
  }
}

const NOTHING: RunSlices = { advance: () => 'reached' }

/** Lets waiting messages be heard: a promise alone would not. */
function nextTask(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
