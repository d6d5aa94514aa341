import type { Bytes } from '../core/base/bytes.ts'
import { SEC, type DevName, type HostId, type Nanos } from '../core/base/ids.ts'
import type { LinkFaults } from '../core/kernel/note.ts'
import { finish, runLine, type Job, type OpenLine } from '../core/lab/line.ts'
import { newEnv, type ShellEnv } from '../core/shell/env.ts'
import { bootHost, startLab } from '../core/lab/load.ts'
import type { Lab } from '../core/lab/schema.ts'
import { loadShell } from '../core/shell/module.ts'
import { inspectHost } from '../core/sim/inspect.ts'
import { machine } from '../core/sim/machine.ts'
import type { Timeline } from '../core/sim/timeline.ts'
import type { TraceDelta } from './batches.ts'
import type { Engine, Executed, HostView, Loaded, PowerState, ShellView, TypedText } from './engine.ts'
import { createPace, type Pace } from './pace.ts'
import { createPump, type JobKind, type Pump } from './pump.ts'

/** All of an engine but its listeners: what it has to tell goes to `emit`. */
export type Session = Omit<Engine, 'onTrace'>

/** How much of a branch the receiver has. */
interface Sent {
  records: number
  frames: number
}
/** What is in flight after a command may take this long to come to rest. */
const QUIET_LIMIT_NS: Nanos = 10 * SEC
/** What is typed may take this long without waiting for the wall clock: an answer from the next host comes at once. */
const AT_ONCE_NS: Nanos = SEC / 2
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
  private readonly pump: Pump
  private readonly pace: Pace = createPace(() => this.timeline.now)
  /** Lines that run, and how much of what they print the receiver has. */
  private open: { host: HostId; line: string; text: OpenLine; told: number }[] = []
  /** Variables and folder of the shell on each host; they stay as they are when time goes back. */
  private shells: Record<HostId, ShellEnv> = {}

  constructor(emit: (delta: TraceDelta) => void) {
    this.emit = emit
    this.pump = createPump({
      timeline: () => this.timeline,
      notAfter: () => this.pace.notAfter(),
      hurry: () => {
        this.pace.grant(SEC)
      },
      onSlice: () => {
        this.publish()
      },
    })
  }

  calls(): Session {
    return {
      load: async (json, options) => {
        const lab = await checkLab(json)
        const lines = Object.values(lab.hosts).flatMap((host) => host.boot)
        return this.enqueue('alone', () => this.load(lab, options?.seed), lines)
      },
      exec: (host, line, options) =>
        options?.paced === true
          ? this.enqueue('typed', () => this.type(host, line), [line], host)
          : this.enqueue('line', () => this.exec(host, line), [line], host),
      execAll: (lines) =>
        this.enqueue(
          'line',
          () => this.execAll(lines),
          lines.map(({ line }) => line),
        ),
      advance: (byNs) => this.enqueue('line', () => this.advance(byNs)),
      cable: (host, dev, plugged) => this.enqueue('line', () => this.cable(host, dev, plugged)),
      fault: (host, dev, way, faults) => this.enqueue('line', () => this.fault(host, dev, way, faults)),
      power: (host, state) =>
        this.enqueue('line', () => this.power(host, state), state === 'on' ? this.bootLines(host) : []),
      capture: (point) => this.capture(point),
      fork: (event) => this.enqueue('alone', () => this.fork(event)),
      checkout: (branch) => this.enqueue('alone', () => this.checkout(branch)),
      shell: (host) => this.shell(host),
      probe: async (host, line) => {
        await loadShell([line])
        return this.probe(host, line)
      },
      inspect: (host, event) => attempt(() => this.inspect(host, event)),
      stop: (host) => {
        this.pump.stop(host)
      },
      setPace: (rate) => {
        this.pace.set(rate)
      },
      dispose: () => {
        this.pump.stop()
        this.current = undefined
        this.sent.clear()
      },
    }
  }

  private get timeline(): Timeline {
    if (this.current === undefined) throw new Error('no lab is loaded')
    return this.current
  }

  /** Run a job when the commands of `lines` are loaded and pump.ts lets it start. */
  private enqueue<T>(
    kind: JobKind,
    makeJob: () => Job<T>,
    lines: readonly string[] = [],
    host?: HostId,
  ): Promise<T> {
    const loading = this.tail.then(() => loadShell(lines))
    this.tail = loading.catch(() => undefined)
    return loading.then(() => this.pump.add(kind, makeJob, host))
  }

  private *load(checked: Lab, seed: number | undefined): Job<Loaded> {
    const lab = seed === undefined ? checked : { ...checked, seed }
    this.loaded = undefined
    this.shells = {}
    this.open = []
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
    const done = yield* this.line(host, line)
    yield { idle: true, at: this.timeline.now + QUIET_LIMIT_NS }
    return done
  }

  /** In a terminal: time passes no faster than its pace, but what a line needs at once is there at once. */
  private *type(host: HostId, line: string): Job<Executed> {
    if (this.open.length === 0) this.pace.restart()
    this.pace.grant(AT_ONCE_NS)
    const done = yield* this.line(host, line)
    // beside other lines time goes on anyhow
    if (this.open.length > 0 || this.pump.wasStopped()) return done
    this.pace.grant(QUIET_LIMIT_NS)
    yield { idle: true, at: this.timeline.now + QUIET_LIMIT_NS }
    return done
  }

  private *line(host: HostId, line: string): Job<Executed> {
    this.checkHost(host)
    const env = (this.shells[host] ??= newEnv())
    let entry: (typeof this.open)[number] | undefined
    try {
      return yield* runLine(this.timeline, host, line, env, (text) => {
        this.open.push((entry = { host, line, text, told: 0 }))
      })
    } finally {
      this.open = this.open.filter((other) => other !== entry)
    }
  }

  private *execAll(lines: readonly { host: HostId; line: string }[]): Job<Executed[]> {
    for (const { host } of lines) this.checkHost(host)
    const done: Executed[] = []
    for (const { host, line } of lines) {
      if (this.pump.wasStopped()) break
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

  /** The names come along with the shell. */
  private async shell(host: HostId): Promise<ShellView> {
    const { commandNames } = await import('../core/shell/table.ts')
    this.checkHost(host)
    const { cwd, vars } = this.shells[host] ?? newEnv()
    return { user: vars['USER'] ?? 'root', cwd, vars: Object.keys(vars), commands: commandNames() }
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
    const typed = this.open.map((entry) => tellTyped(entry))
    const state = [branch, trace.records.length, events, now, bootEvents, typed.length].join(' ')
    if (keep === undefined && state === this.told && typed.every(({ text }) => text === '')) return
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
      typed,
      keepOf: keep?.of ?? branch,
      keepRecords: from.records,
      keepFrames: from.frames,
    })
  }
}

/** What a line has printed since it was last asked. */
function tellTyped(entry: { host: HostId; line: string; text: OpenLine; told: number }): TypedText {
  const { host, line, told } = entry
  const text = entry.text.printed().slice(told)
  entry.told += text.length
  return { host, line, from: told, text }
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
