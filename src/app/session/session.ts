import { createStore, type StoreApi } from 'zustand/vanilla'
import type { HostId } from '../../core/base/ids.ts'
import type { Engine, Executed, Loaded, TraceBatch } from '../../engine/engine.ts'
import { shown } from '../control/shown.ts'
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
}

const START: SessionState = {
  phase: 'booting',
  error: '',
  revision: 0,
  busy: false,
  curtain: false,
  selectedHost: undefined,
  warnings: [],
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
    const sent = this.run.records.slice(before).some((record) => record.kind === 'flight')
    if (!watch || !sent) this.player.toEnd()
    await this.guard(() => this.views.refresh())
    return done ?? []
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
    this.player.pause()
    this.views.dispose()
    this.engine.dispose()
  }

  private take(batch: TraceBatch): void {
    if (batch.reset) {
      this.player.reset()
      this.lists.reset()
      this.views.forget()
    }
    takeBatch(this.run, batch)
    this.player.extend()
    this.lists.extend()
    this.state.setState((s) => ({ revision: s.revision + 1 }))
  }

  private async standAtEnd(): Promise<void> {
    this.player.toEnd()
    await this.views.refresh()
  }

  /** A rejected call of the engine is told on the page; what was computed stays. */
  private async guard<T>(work: () => Promise<T>): Promise<T | undefined> {
    this.state.setState({ busy: true })
    try {
      return await work()
    } catch (error) {
      this.state.setState({ phase: 'failed', error: error instanceof Error ? error.message : String(error) })
      return undefined
    } finally {
      this.state.setState({ busy: false })
    }
  }
}
