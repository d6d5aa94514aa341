import { createStore, type StoreApi } from 'zustand/vanilla'
import type { HostId } from '../../core/base/ids.ts'
import type { Engine, Executed, Loaded, TraceBatch } from '../../engine/engine.ts'
import { prefs } from '../prefs/prefs.ts'
import { shown } from '../control/shown.ts'
import { isQuiet } from '../control/traffic.ts'
import { createHostViews, type HostViewKeeper } from './host-views.ts'
import { createLists, type Lists } from './lists.ts'
import { Player } from './player.ts'
import { emptyRun, type RunData, takeBatch } from './run-data.ts'

export interface Command {
  host: HostId
  sh: string
}

/** Names and cursors only; the notes themselves are in `run`, told apart by `revision`. */
export interface SessionState {
  phase: 'booting' | 'ready' | 'failed'
  error: string
  /** Grows with every batch of notes. */
  revision: number
  /** A command is being simulated. */
  busy: boolean
  /** Lists show nothing after the playhead: a lesson's question is about what comes. */
  curtain: boolean
  selectedHost: HostId | undefined
  warnings: readonly string[]
  /** Lines that run in terminals, by host. */
  typing: Readonly<Record<HostId, string>>
  /** Time stands still while they run. */
  held: boolean
  /** What is pointed at, in a terminal or on the stage: the same lights up in the other. */
  lit: Lit | undefined
  /** Commands that the lesson waits for: shown on request. */
  expected: readonly Command[]
}

export interface Lit {
  hosts: readonly HostId[]
  /** The address or interface itself. */
  text?: string
  /** Whose addresses light up, when these are not the hosts'. */
  codes?: readonly string[]
}

const START: SessionState = {
  phase: 'booting',
  error: '',
  revision: 0,
  busy: false,
  curtain: false,
  selectedHost: undefined,
  warnings: [],
  typing: {},
  held: false,
  lit: undefined,
  expected: [],
}

/** One lab being run and looked at: engine, run, playhead, and what a person can do with them. */
export class Session {
  readonly engine: Engine
  readonly lab: Loaded['lab']
  readonly run: RunData = emptyRun()
  readonly state: StoreApi<SessionState> = createStore<SessionState>()(() => START)
  readonly player: Player
  readonly lists: Lists
  readonly views: HostViewKeeper
  private readonly seed: number | undefined
  private readonly stopTrace: () => void
  private readonly stopShown: () => void
  private readonly stopSpeed: () => void
  /** Commands typed in terminals; the others were typed by knobs, lessons and boot. */
  private readonly prompts = new Map<string, string>()

  constructor(engine: Engine, lab: Loaded['lab'], seed?: number) {
    this.engine = engine
    this.lab = lab
    this.seed = seed
    this.player = new Player(this.run)
    this.lists = createLists(this.run)
    this.views = createHostViews(engine, this.run, this.playhead, Object.keys(lab.hosts))
    this.stopTrace = engine.onTrace((batch) => {
      this.take(batch)
    })
    this.run.shown = shown.getState()
    this.stopShown = shown.subscribe((now) => {
      this.run.shown = now
      this.player.reshow()
      this.state.setState((s) => ({ revision: s.revision + 1 }))
    })
    this.stopSpeed = prefs.subscribe((now, before) => {
      if (now.speed !== before.speed && this.isTyping()) this.pace()
    })
  }

  get playhead() {
    return this.player.playhead
  }

  /** Boot the lab; what ran before is forgotten. */
  async boot(): Promise<void> {
    this.state.setState({ phase: 'booting', error: '' })
    const options = this.seed === undefined ? {} : { seed: this.seed }
    const loaded = await this.guard(() => this.engine.load(this.lab, options))
    if (loaded === undefined) return
    await this.guard(() => this.standAtEnd())
    if (this.state.getState().phase !== 'failed')
      this.state.setState({ phase: 'ready', warnings: loaded.warnings })
  }

  /**
   * Type command lines, one after the other, at the end of the run. When they sent something, the playhead stays where
   * the run was, so that it can be stepped through; `watch: false` goes to the end.
   */
  async exec(lines: readonly Command[], { watch = true } = {}): Promise<Executed[]> {
    this.player.toEnd()
    const before = this.run.records.length
    const done = await this.guard(() =>
      this.engine.execAll(lines.map(({ host, sh }) => ({ host, line: sh }))),
    )
    // what daemons say by themselves meanwhile is nothing to be stepped through
    const sent = this.run.records
      .slice(before)
      .some(({ kind, i }) => kind === 'flight' && !isQuiet(this.run, i))
    if (!watch || !sent) this.player.toEnd()
    await this.guard(() => this.views.refresh())
    return done ?? []
  }

  /**
   * Type a line in a host's terminal: time passes at the chosen speed, the playhead goes with the end of the run. One line
   * a host; the promise is answered when it has ended.
   */
  async type(host: HostId, line: string, prompt: string): Promise<Executed | undefined> {
    this.player.toEnd()
    this.setTyping(host, line)
    const done = await this.guard(() => this.engine.exec(host, line, { paced: true }), false)
    this.setTyping(host, undefined)
    if (done !== undefined) this.prompts.set(lineKey(this.lastCommand(host), line), prompt)
    await this.guard(() => this.views.refresh(), false)
    return done
  }

  /** The prompt behind which the command of note `note` was typed; undefined when no terminal of this page typed it. */
  promptOf(note: number, line: string): string | undefined {
    return this.prompts.get(lineKey(note, line))
  }

  /** Ctrl-C in a host's terminal. */
  interrupt(host: HostId): void {
    this.engine.stop(host)
  }

  /** Let time pass for what runs in terminals, or hold it. Going on, the playhead follows the end of the run again. */
  hold(held: boolean): void {
    if (!held) this.player.toEnd()
    this.state.setState({ held })
    this.pace()
  }

  /** All the time that the lines need, at once. */
  hurry(): void {
    this.player.toEnd()
    this.state.setState({ held: false })
    this.engine.setPace(Infinity)
  }

  isTyping(): boolean {
    return Object.keys(this.state.getState().typing).length > 0
  }

  /** Play or pause: of the run as it is, or of the lines that make it. */
  toggle(): void {
    if (this.isTyping() && this.player.isAtEnd()) this.hold(!this.state.getState().held)
    else this.player.toggle()
  }

  /** Lay hands on the hardware at the end of the run: cables, faults, power. */
  async act(work: (engine: Engine) => Promise<void>): Promise<void> {
    this.player.toEnd()
    await this.guard(() => work(this.engine))
    this.player.toEnd()
    await this.guard(() => this.views.refresh())
  }

  /** Put away what follows the playhead as a branch; the run goes on from here. */
  async forkHere(): Promise<void> {
    const record = this.run.records[this.playhead.getState().k]
    if (record === undefined) return
    await this.guard(() => this.engine.fork(record.event))
    await this.guard(() => this.standAtEnd())
  }

  async checkout(branch: number): Promise<void> {
    await this.guard(() => this.engine.checkout(branch))
    await this.guard(() => this.standAtEnd())
  }

  readonly select = (host: HostId | undefined): void => {
    this.state.setState({ selectedHost: host })
  }

  dispose(): void {
    this.stopTrace()
    this.stopShown()
    this.stopSpeed()
    this.player.pause()
    this.views.dispose()
    this.engine.dispose()
  }

  private setTyping(host: HostId, line: string | undefined): void {
    const { [host]: _, ...others } = this.state.getState().typing
    const first = Object.keys(others).length === 0
    this.state.setState({ typing: line === undefined ? others : { ...others, [host]: line } })
    if (!first) return
    // a new line starts at the chosen speed, whatever the last one was hurried to
    this.state.setState({ held: false })
    this.pace()
  }

  private pace(): void {
    this.engine.setPace(this.state.getState().held ? 0 : prefs.getState().speed)
  }

  private lastCommand(host: HostId): number {
    const { commands } = this.lists
    for (let i = commands.length - 1; i >= 0; i--) {
      const note = commands[i] ?? -1
      if (this.run.records[note]?.host === host) return note
    }
    return -1
  }

  private take(batch: TraceBatch): void {
    const follows = this.isTyping() && !batch.reset
    const wasAtEnd = this.player.isAtEnd()
    if (batch.reset) {
      this.player.reset()
      this.lists.reset()
      this.views.forget()
    }
    takeBatch(this.run, batch)
    this.player.extend()
    this.lists.extend()
    if (follows && wasAtEnd) this.player.toEnd()
    // who looks back makes time wait
    else if (follows && !this.state.getState().held) this.hold(true)
    this.state.setState((s) => ({ revision: s.revision + 1 }))
  }

  private async standAtEnd(): Promise<void> {
    this.player.toEnd()
    await this.views.refresh()
  }

  /** A rejected call of the engine is told on the page; what was computed stays. */
  private async guard<T>(work: () => Promise<T>, busy = true): Promise<T | undefined> {
    if (busy) this.state.setState({ busy: true })
    try {
      return await work()
    } catch (error) {
      this.state.setState({ phase: 'failed', error: error instanceof Error ? error.message : String(error) })
      return undefined
    } finally {
      if (busy) this.state.setState({ busy: false })
    }
  }
}

function lineKey(note: number, line: string): string {
  return `${note} ${line}`
}
