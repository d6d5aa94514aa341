import { assert, must } from '../base/assert.ts'
import type { DevName, HostId, Nanos, Pid } from '../base/ids.ts'
import type { Result } from '../base/result.ts'
import type { Errno, NetlinkOp } from '../kernel/netlink.ts'
import type { LinkFaults } from '../kernel/note.ts'
import type { PowerState } from './power.ts'
import {
  checkpointBefore,
  createCheckpoints,
  forkCheckpoints,
  keepCheckpoint,
  type Checkpoints,
} from './checkpoints.ts'
import type { Handlers } from './handlers.ts'
import type { Input, LoggedInput, SignalName } from './input.ts'
import { LIMITS, type Limits } from './limits.ts'
import { applyInput, createRunner, type Runner } from './runner.ts'
import { createTrace, type Trace } from './trace.ts'
import { hasCue, isReached, type Until } from './until.ts'
import { cloneWorld, countPending, peekEvent, type World } from './world.ts'

/** Where a branch left its parent. */
export interface BranchInfo {
  id: number
  parent: number
  /** Event of the parent at which it left. */
  forkEvent: number
}

/** One history: its inputs, what was seen, and the world at its end. */
interface Branch extends BranchInfo {
  inputs: LoggedInput[]
  trace: Trace
  points: Checkpoints
  /** At the end of the run. */
  head: Runner
}

/**
 * Why a run stopped: 'reached' what was asked for; 'empty': nothing is pending any more; 'slice': the given number of
 * events was run, call again; 'limit': a limit was hit, there is a note of it.
 */
export type RunEnd = 'reached' | 'empty' | 'slice' | 'limit'

/** A run that goes on slice by slice. */
export interface RunSlices {
  advance: (events: number, notAfter?: Nanos) => RunEnd
}

export interface TimelineOptions {
  limits?: Partial<Limits>
  /** False: nothing is recorded (then no cue, no fingerprint); seeking still works. */
  traced?: boolean
  /** Events between checkpoints at first, and the number of checkpoints at which it doubles. */
  checkpointEvery?: number
  checkpointLimit?: number
}

/**
 * World, log of inputs, trace and checkpoints: run on at the end, look at any state, fork. State number `n` is the world
 * after `n` events and inputs.
 */
export class Timeline {
  readonly limits: Limits
  private readonly handlers: Handlers
  private readonly traced: boolean
  private readonly branches: Branch[]
  private current: Branch
  /** Where the last look back stands, so that stepping forward replays only what is new. */
  private cursor: Runner | null = null

  /** `world` is the beginning, as a rule state number 0; it belongs to the timeline from now on. */
  constructor(world: World, handlers: Handlers, options: TimelineOptions = {}) {
    this.handlers = handlers
    this.traced = options.traced ?? true
    this.limits = { ...LIMITS, ...options.limits }
    const start = cloneWorld(world, handlers.cloneHost)
    const points = createCheckpoints(start, options.checkpointEvery ?? 500, options.checkpointLimit ?? 256)
    const trace = createTrace()
    this.current = {
      id: 0,
      parent: 0,
      forkEvent: 0,
      inputs: [],
      trace,
      points,
      head: this.runner(world, trace),
    }
    this.branches = [this.current]
  }

  /** The world at the end of the run. To be read only; inputs go through the timeline. */
  get world(): World {
    return this.current.head.world
  }

  get now(): Nanos {
    return this.world.now
  }

  /** Number of the last state. */
  get events(): number {
    return this.world.events
  }

  get trace(): Trace {
    return this.current.trace
  }

  get inputs(): readonly LoggedInput[] {
    return this.current.inputs
  }

  get branch(): number {
    return this.current.id
  }

  branchList(): BranchInfo[] {
    return this.branches.map(({ id, parent, forkEvent }) => ({ id, parent, forkEvent }))
  }

  op(host: HostId, op: NetlinkOp): Result<void, Errno> {
    this.log({ kind: 'op', host, op })
    return this.current.head.op(host, op)
  }

  /** Start a program, as a service if `unit` names one; it runs as time passes. The error is a line for the terminal. */
  spawn(host: HostId, argv: string[], unit = ''): Result<Pid, string> {
    this.log({ kind: 'spawn', host, argv, ...(unit !== '' && { unit }) })
    return this.current.head.spawn(host, argv, unit)
  }

  signal(host: HostId, pid: Pid, signal: SignalName): void {
    this.apply({ kind: 'signal', host, pid, signal })
  }

  cable(host: HostId, dev: DevName, plugged: boolean): void {
    this.apply({ kind: 'cable', host, dev, plugged })
  }

  fault(host: HostId, dev: DevName, way: 'in' | 'out', faults: LinkFaults): void {
    this.apply({ kind: 'fault', host, dev, way, faults })
  }

  power(host: HostId, state: PowerState): void {
    this.apply({ kind: 'power', host, state })
  }

  /** Note down a command line that has ended; it changes nothing. */
  command(host: HostId, line: string, output: string, status: number): void {
    this.apply({ kind: 'command', host, line, output, status })
  }

  /** Any input, now, at the end of the run. The value is the process number of a spawn, else 0. */
  apply(input: Input): Result<number, string> {
    this.log(input)
    return applyInput(this.current.head, input)
  }

  /** Run on until a condition of `until` holds, nothing is pending, a limit is hit. */
  run(until: Until): RunEnd {
    return this.startRun(until).advance(Infinity)
  }

  /**
   * The same in slices: call `advance` until it answers something else than 'slice'. `notAfter`: no event after this time
   * is run; the clock stands at it when there is none before.
   */
  startRun(until: Until): RunSlices {
    const progress = { first: this.events, seen: this.trace.records.length }
    return {
      advance: (events, notAfter = Infinity) => this.advance(until, progress, { events, notAfter }),
    }
  }

  private advance(
    until: Until,
    progress: { first: number; seen: number },
    { events, notAfter }: { events: number; notAfter: Nanos },
  ): RunEnd {
    const { head, points } = this.current
    const { world } = head
    const stopAt = world.events + events
    for (;;) {
      if (isReached(world, until) || this.isCueSeen(until, progress)) return 'reached'
      const next = peekEvent(world)
      const nextAt = next?.at ?? Infinity
      if (until.at !== undefined && until.at <= notAfter && nextAt > until.at) {
        if (until.at > world.now) world.now = until.at
        return 'reached'
      }
      if (nextAt > notAfter) {
        if (notAfter > world.now) world.now = notAfter
        return 'slice'
      }
      if (next === undefined) return 'empty'
      if (world.events >= stopAt) return 'slice'
      if (this.isLimitHit(world.events - progress.first, next.host)) return 'limit'
      head.step()
      keepCheckpoint(points, world, this.handlers.cloneHost)
    }
  }

  private isCueSeen({ cue }: Until, progress: { seen: number }): boolean {
    if (cue === undefined) return false
    const from = progress.seen
    progress.seen = this.trace.records.length
    return hasCue(this.trace, from, cue)
  }

  /** State number `event` of this branch, to be read only, and only until the next call. */
  worldAt(event: number): World {
    assert(event >= 0 && event <= this.events, `no state ${event}`)
    if (event === this.events) return this.world
    const point = checkpointBefore(this.current.points, event)
    const at = this.cursor?.world.events ?? -1
    if (this.cursor === null || at > event || at < point.events) {
      this.cursor = this.runner(cloneWorld(point, this.handlers.cloneHost), null)
    }
    this.replay(this.cursor, event)
    return this.cursor.world
  }

  /** Drop everything after state number `event` and go on from there; the old branch is kept. Returns the new number. */
  fork(event: number): number {
    const world = cloneWorld(this.worldAt(event), this.handlers.cloneHost)
    const parent = this.current
    const trace: Trace = {
      records: parent.trace.records.slice(0, world.nextNote),
      frames: parent.trace.frames.slice(0, world.nextFrame - 1),
    }
    this.current = {
      id: this.branches.length,
      parent: parent.id,
      forkEvent: event,
      inputs: parent.inputs.filter((logged) => logged.event < event),
      trace,
      points: forkCheckpoints(parent.points, event),
      head: this.runner(world, trace),
    }
    this.branches.push(this.current)
    this.cursor = null
    return this.current.id
  }

  /** Return to a kept branch, as it was left. False when there is none of that number. */
  checkout(branch: number): boolean {
    const found = this.branches[branch]
    if (found === undefined) return false
    this.current = found
    this.cursor = null
    return true
  }

  /**
   * A timeline of its own that begins where this one ends, to try something out. Its states are numbered on from here, but
   * its trace begins empty: record `i` is not at index `i`.
   */
  scratch(): Timeline {
    return new Timeline(cloneWorld(this.world, this.handlers.cloneHost), this.handlers, {
      limits: this.limits,
    })
  }

  private runner(world: World, trace: Trace | null): Runner {
    return createRunner(world, this.handlers, this.traced ? trace : null)
  }

  private log(input: Input): void {
    this.current.inputs.push({ event: this.events, at: this.now, input })
  }

  /** Silently from where `runner` stands to state number `event`, with the inputs that came between. */
  private replay(runner: Runner, event: number): void {
    const { inputs } = this.current
    const { world } = runner
    let i = firstInputFrom(inputs, world.events)
    while (world.events < event) {
      const logged = inputs[i]
      if (logged?.event === world.events) {
        world.now = logged.at
        applyInput(runner, logged.input)
        i++
      } else assert(runner.step(), `the replay ends at ${world.events}, before ${event}`)
    }
  }

  private isLimitHit(events: number, host: HostId): boolean {
    const { world, limits } = this
    if (events >= limits.events) return this.hitLimit(host, 'events')
    if (countPending(world) >= limits.queue) return this.hitLimit(host, 'queue')
    if (world.nextFrame > limits.frames) return this.hitLimit(host, 'frames')
    return world.nextNote >= limits.notes && this.hitLimit(host, 'notes')
  }

  private hitLimit(host: HostId, what: keyof Limits): true {
    this.apply({ kind: 'limit', host, what, value: this.limits[what] })
    return true
  }
}

/** Index of the first input that was applied at state number `event` or later. */
function firstInputFrom(inputs: readonly LoggedInput[], event: number): number {
  let low = 0
  let high = inputs.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (must(inputs[middle], 'input').event < event) low = middle + 1
    else high = middle
  }
  return low
}
