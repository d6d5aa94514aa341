import { createStore } from 'zustand/vanilla'
import type { HostId } from '../../core/base/ids.ts'
import type { Engine, Executed, Loaded } from '../../engine/engine.ts'
import { createLists } from './lists.ts'
import { emptyRun, takeBatch } from './run-data.ts'
import { createPlayer } from './player.ts'
import { createHostViews } from './host-views.ts'

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

/** One lab being run and looked at: engine, run, playhead, and what a person can do with them. */
export type Session = ReturnType<typeof createSession>

export function createSession(
  engine: Engine,
  lab: Loaded['lab'],
  options: { seed?: number | undefined } = {},
) {
  const run = emptyRun()
  const state = createStore<SessionState>()(() => ({
    phase: 'booting',
    error: '',
    revision: 0,
    busy: false,
    curtain: false,
    selectedHost: undefined,
    warnings: [],
  }))
  const player = createPlayer(run)
  const lists = createLists(run)
  const views = createHostViews(engine, run, player.playhead, Object.keys(lab.hosts))
  const stopTrace = engine.onTrace((batch) => {
    if (batch.reset) {
      player.reset()
      lists.reset()
      views.forget()
    }
    takeBatch(run, batch)
    player.extend()
    lists.extend()
    state.setState((s) => ({ revision: s.revision + 1 }))
  })

  async function guard<T>(work: () => Promise<T>): Promise<T | undefined> {
    state.setState({ busy: true })
    try {
      return await work()
    } catch (error) {
      state.setState({ phase: 'failed', error: error instanceof Error ? error.message : String(error) })
      return undefined
    } finally {
      state.setState({ busy: false })
    }
  }

  /** Boot the lab; what ran before is forgotten. */
  async function boot(): Promise<void> {
    state.setState({ phase: 'booting', error: '' })
    const loaded = await guard(() =>
      engine.load(lab, options.seed === undefined ? {} : { seed: options.seed }),
    )
    if (loaded === undefined) return
    player.toEnd()
    await views.refresh()
    state.setState({ phase: 'ready', warnings: loaded.warnings })
  }

  /**
   * Type command lines, one after the other, at the end of the run. When they sent something, the playhead stays where
   * the run was, so that it can be stepped through; `watch: false` goes to the end.
   */
  async function exec(lines: readonly Command[], { watch = true } = {}): Promise<Executed[]> {
    player.toEnd()
    const before = run.records.length
    const done = await guard(() => engine.execAll(lines.map(({ host, sh }) => ({ host, line: sh }))))
    const sent = run.records.slice(before).some((record) => record.kind === 'flight')
    if (!watch || !sent) player.toEnd()
    await views.refresh()
    return done ?? []
  }

  /** Put away what follows the playhead as a branch; the run goes on from here. */
  async function forkHere(): Promise<void> {
    const record = run.records[player.playhead.getState().k]
    if (record === undefined) return
    await guard(() => engine.fork(record.event))
    player.toEnd()
    await views.refresh()
  }

  async function checkout(branch: number): Promise<void> {
    await guard(() => engine.checkout(branch))
    player.toEnd()
    await views.refresh()
  }

  const select = (host: HostId | undefined): void => state.setState({ selectedHost: host })
  const dispose = (): void => {
    stopTrace()
    player.dispose()
    views.dispose()
    engine.dispose()
  }
  return {
    engine,
    lab,
    run,
    lists,
    state,
    player,
    playhead: player.playhead,
    views,
    boot,
    exec,
    forkHere,
    checkout,
    select,
    dispose,
  }
}
