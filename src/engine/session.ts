import type { Bytes } from '../core/base/bytes.ts'
import { SEC, type DevName, type HostId, type Nanos } from '../core/base/ids.ts'
import type { LinkFaults } from '../core/kernel/note.ts'
import { finish, runLine, type Job } from '../core/lab/line.ts'
import { newEnv, type ShellEnv } from '../core/shell/env.ts'
import { bootHost, startLab } from '../core/lab/load.ts'
import type { Lab } from '../core/lab/schema.ts'
import { loadShell } from '../core/shell/module.ts'
import { inspectHost } from '../core/sim/inspect.ts'
import { machine } from '../core/sim/machine.ts'
import type { Timeline } from '../core/sim/timeline.ts'
import type { TraceDelta } from './batches.ts'
import type { Engine, Executed, HostView, Loaded, PowerState } from './engine.ts'
import { pumpJob } from './pump.ts'

/** All of an engine but its listeners: what it has to tell goes to `emit`. */
export type Session = Omit<Engine, 'onTrace'>

/** How much of a branch the receiver has. */
interface Sent {
  records: number
  frames: number
}
/** What is in flight after a command may take this long to come to rest. */
const QUIET_LIMIT_NS: Nanos = 10 * SEC
const NOTHING: Sent = { records: 0, frames: 0 }

/** One engine. Calls that change the run wait for each other; `inspect` and `stop` do not wait. */
export function createSession(emit: (delta: TraceDelta) => void): Session {
  return new LabSession(emit).calls()
}

class LabSession {
  private readonly emit: (delta: TraceDelta) => void
  private loaded: Loaded | undefined
  private current: Timeline | undefined
  private readonly sent = new Map<number, Sent>()
  /** What the last batch has told of: the same is not told twice. */
  private told = ''
  private tail: Promise<unknown> = Promise.resolve()
  private isStopping = false
  private wasStopped = false
  /** Jobs that have not ended. */
  private waiting = 0
  /** Variables and folder of the shell on each host; they stay as they are when time goes back. */
  private shells: Record<HostId, ShellEnv> = {}

  constructor(emit: (delta: TraceDelta) => void) {
    this.emit = emit
  }

  calls(): Session {
    return {
      load: async (json, options) => {
        const lab = await checkLab(json)
        const lines = Object.values(lab.hosts).flatMap((host) => host.boot)
        return this.enqueue(() => this.load(lab, options?.seed), lines)
      },
      exec: (host, line) => this.enqueue(() => this.exec(host, line), [line]),
      execAll: (lines) =>
        this.enqueue(
          () => this.execAll(lines),
          lines.map(({ line }) => line),
        ),
      advance: (byNs) => this.enqueue(() => this.advance(byNs)),
      cable: (host, dev, plugged) => this.enqueue(() => this.cable(host, dev, plugged)),
      fault: (host, dev, way, faults) => this.enqueue(() => this.fault(host, dev, way, faults)),
      power: (host, state) =>
        this.enqueue(() => this.power(host, state), state === 'on' ? this.bootLines(host) : []),
      capture: (point) => this.capture(point),
      fork: (event) => this.enqueue(() => this.fork(event)),
      checkout: (branch) => this.enqueue(() => this.checkout(branch)),
      probe: async (host, line) => {
        await loadShell([line])
        return this.probe(host, line)
      },
      inspect: (host, event) => attempt(() => this.inspect(host, event)),
      stop: () => {
        this.isStopping = true
      },
      dispose: () => {
        this.isStopping = true
        this.current = undefined
        this.sent.clear()
      },
    }
  }

  private get timeline(): Timeline {
    if (this.current === undefined) throw new Error('no lab is loaded')
    return this.current
  }

  /** Run a job when all that was asked for before is done, and the commands of `lines` are loaded. */
  private enqueue<T>(makeJob: () => Job<T>, lines: readonly string[] = []): Promise<T> {
    // a stop is for what has been asked for: one heard before that is over
    if (this.waiting++ === 0) this.isStopping = false
    const done = this.tail.then(async () => {
      await loadShell(lines)
      this.wasStopped = false
      return pumpJob(makeJob(), {
        timeline: () => this.timeline,
        takeStop: () => this.takeStop(),
        onSlice: () => {
          this.publish()
        },
      })
    })
    this.tail = done
      .catch(() => undefined)
      .finally(() => {
        this.waiting--
      })
    return done
  }

  /** A stop is heard once: what a job does to end in order is not stopped again. */
  private takeStop(): boolean {
    if (!this.isStopping) return false
    this.isStopping = false
    this.wasStopped = true
    return true
  }

  private *load(checked: Lab, seed: number | undefined): Job<Loaded> {
    const lab = seed === undefined ? checked : { ...checked, seed }
    this.loaded = undefined
    this.shells = {}
    this.sent.clear()
    const { timeline, boot } = startLab(lab)
    this.current = timeline
    this.publish({ ...NOTHING, of: 0 })
    const warnings = yield* boot
    const { branch, events: bootEvents, now: bootNs } = timeline
    this.loaded = { lab, branch, bootEvents, bootNs, warnings }
    return this.loaded
  }

  private *exec(host: HostId, line: string): Job<Executed> {
    this.checkHost(host)
    const env = (this.shells[host] ??= newEnv())
    const done = yield* runLine(this.timeline, host, line, env)
    yield { idle: true, at: this.timeline.now + QUIET_LIMIT_NS }
    return done
  }

  private *execAll(lines: readonly { host: HostId; line: string }[]): Job<Executed[]> {
    for (const { host } of lines) this.checkHost(host)
    const done: Executed[] = []
    for (const { host, line } of lines) {
      if (this.wasStopped) break
      done.push(yield* this.exec(host, line))
    }
    return done
  }

  private *advance(byNs: number): Job<void> {
    if (!(byNs >= 0)) throw new Error('time only moves forward; go back with fork')
    yield { at: this.timeline.now + Math.round(byNs) }
  }

  // eslint-disable-next-line require-yield -- a job that needs no time
  private *cable(host: HostId, dev: string, plugged: boolean): Job<void> {
    this.checkDev(host, dev)
    this.timeline.cable(host, dev, plugged)
  }

  // eslint-disable-next-line require-yield -- a job that needs no time
  private *fault(host: HostId, dev: DevName, way: 'in' | 'out', faults: LinkFaults): Job<void> {
    this.checkDev(host, dev)
    this.timeline.fault(host, dev, way, faults)
  }

  private *power(host: HostId, state: PowerState): Job<void> {
    this.checkHost(host)
    const spec = this.loaded?.lab.hosts[host]
    if (state !== 'on' || spec === undefined) {
      this.timeline.power(host, state)
    } else if (this.timeline.world.halted?.[host]?.state === 'off') {
      yield* bootHost(this.timeline, host, spec)
    }
    yield { idle: true, at: this.timeline.now + QUIET_LIMIT_NS }
  }

  private bootLines(host: HostId): readonly string[] {
    return this.loaded?.lab.hosts[host]?.boot ?? []
  }

  /** The writer comes along only when it is asked for. */
  private async capture(point?: { host: HostId; dev: DevName }): Promise<Bytes> {
    const { writeCapture } = await import('./capture.ts')
    await this.tail
    if (point) this.checkDev(point.host, point.dev)
    return writeCapture(this.timeline, this.loaded?.bootEvents ?? 0, point)
  }

  // eslint-disable-next-line require-yield -- a job that needs no time
  private *fork(event: number): Job<number> {
    const { timeline } = this
    this.checkEvent(event)
    const of = timeline.branch
    const branch = timeline.fork(event)
    this.publish({ records: timeline.trace.records.length, frames: timeline.trace.frames.length, of })
    return branch
  }

  // eslint-disable-next-line require-yield -- a job that needs no time
  private *checkout(branch: number): Job<void> {
    if (!this.timeline.checkout(branch)) throw new Error(`there is no branch ${branch}`)
    this.publish({ ...(this.sent.get(branch) ?? NOTHING), of: branch })
  }

  /** On a copy, to its end and in one go: lines that are looked at, such as `ip neigh`, take no time. */
  private probe(host: HostId, line: string): { output: string; status: number } {
    this.checkHost(host)
    const copy = this.timeline.scratch()
    const { output, status } = finish(copy, runLine(copy, host, line))
    return { output, status }
  }

  private inspect(host: HostId, event: number): HostView {
    this.checkEvent(event)
    const view = inspectHost(this.timeline.worldAt(event), host, machine.stack)
    if (view === undefined) throw new Error(`there is no host ${host}`)
    return view
  }

  private checkHost(host: HostId): void {
    if (!Object.hasOwn(this.timeline.world.hosts, host)) throw new Error(`there is no host ${host}`)
  }

  private checkDev(host: HostId, dev: DevName): void {
    this.checkHost(host)
    if (this.timeline.world.hosts[host]?.devs[dev] === undefined) {
      throw new Error(`${host} has no interface ${dev}`)
    }
  }

  private checkEvent(event: number): void {
    const { events } = this.timeline
    if (!Number.isInteger(event) || event < 0 || event > events) {
      throw new Error(`there is no event ${event}; the run has ${events}`)
    }
  }

  /** Tell what is new; with `keep`, that another branch begins, of which the receiver has a part. */
  private publish(keep?: Sent & { of: number }): void {
    if (this.current === undefined) return
    const { trace, branch, now, events } = this.current
    const from = keep ?? this.sent.get(branch) ?? NOTHING
    const bootEvents = this.loaded?.bootEvents ?? events
    const state = [branch, trace.records.length, events, now, bootEvents].join(' ')
    if (keep === undefined && state === this.told) return
    this.told = state
    this.sent.set(branch, { records: trace.records.length, frames: trace.frames.length })
    this.emit({
      reset: keep !== undefined,
      branch,
      branches: this.current.branchList(),
      records: trace.records.slice(from.records),
      frames: trace.frames.slice(from.frames),
      now,
      events,
      bootEvents,
      keepOf: keep?.of ?? branch,
      keepRecords: from.records,
      keepFrames: from.frames,
    })
  }
}

/** The checker comes along only when a lab is loaded. */
async function checkLab(json: Lab): Promise<Lab> {
  const { formatLabError, parseLab } = await import('../core/lab/check.ts')
  const parsed = parseLab(json)
  if (!parsed.ok) throw new LabRejected(parsed.error.map(formatLabError))
  return parsed.value
}

/** At once, but what it throws is a rejection. */
function attempt<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work())
  })
}

/** The lab file is wrong: one line per error in `lines`. */
export class LabRejected extends Error {
  readonly lines: readonly string[]
  constructor(lines: readonly string[]) {
    super(lines.join('\n'))
    this.name = 'LabRejected'
    this.lines = lines
  }
}
