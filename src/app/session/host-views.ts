import { createStore } from 'zustand/vanilla'
import type { HostId } from '../../core/base/ids.ts'
import type { Engine, HostView } from '../../engine/engine.ts'
import { firstAfter } from '../model/stops.ts'
import type { PlayheadStore } from './playhead.ts'
import type { RunData } from './run-data.ts'

/** Views of all hosts as they were configured at the playhead, and every view ever seen (for owners of addresses). */
export interface HostViews {
  now: Readonly<Record<HostId, HostView>>
  /** Event of the last change of configuration that `now` shows. */
  event: number
  /** As they are at the end of the run, where the next command will act. */
  tail: Readonly<Record<HostId, HostView>>
  /** As they were when the lab had booted. */
  home: Readonly<Record<HostId, HostView>>
  /** Addresses once owned stay known: an old packet keeps its colours. */
  known: readonly HostView[]
}

const CONFIG_KINDS: readonly string[] = [
  ...['config', 'command', 'cable', 'link', 'fault', 'host'],
  // what daemons change by themselves
  ...['netlink', 'ospf.neighbor', 'ospf.interface', 'health', 'vrrp', 'rib'],
]

/**
 * Keeps the hosts' configuration at the playhead. Cards and knobs show addresses, routes, services and sysctls only,
 * and what daemons know, which change when somebody types something or a daemon changes its mind; so one look at each host per such change is enough.
 */
export function createHostViews(
  engine: Engine,
  run: RunData,
  playhead: PlayheadStore,
  hosts: readonly HostId[],
) {
  const store = createStore<HostViews>()(() => ({ now: {}, event: -1, tail: {}, home: {}, known: [] }))
  const cache = new Map<number, Record<HostId, HostView>>()
  const changes: number[] = []
  let seen = 0
  let wanted = -1

  function eventAt(k: number): number {
    for (; seen < run.records.length; seen++)
      if (CONFIG_KINDS.includes(run.records[seen]?.kind ?? '')) changes.push(seen)
    const last = changes[firstAfter(changes, k) - 1]
    const event = last === undefined ? run.bootEvents : (run.records[last]?.event ?? 0)
    return Math.max(event, run.bootEvents)
  }

  async function look(event: number): Promise<void> {
    wanted = event
    const views = cache.get(event) ?? (await inspectAll(event))
    cache.set(event, views)
    if (wanted !== event) return
    const known = store.getState().known
    const fresh = Object.values(views).filter((view) => !known.includes(view))
    store.setState({ now: views, event, known: [...known, ...fresh].slice(-40 * hosts.length) })
  }

  async function inspectAll(event: number): Promise<Record<HostId, HostView>> {
    const views = await Promise.all(hosts.map((host) => engine.inspect(host, event)))
    return Object.fromEntries(views.map((view) => [view.host, view]))
  }

  /** After something was typed: look at the end of the run, and at the playhead. */
  async function refresh(): Promise<void> {
    if (run.records.length === 0) return
    const tail = await inspectAll(run.events)
    const isBooted = Object.keys(store.getState().home).length > 0
    store.setState({ tail, ...(!isBooted && { home: await inspectAll(run.bootEvents) }) })
    await look(eventAt(playhead.getState().k))
  }

  const stop = playhead.subscribe((now, before) => {
    if (now.k === before.k || run.records.length === 0) return
    const event = eventAt(now.k)
    // a failed look leaves the old picture; the engine's own failure is told where it is called
    if (event !== wanted) void look(event).catch(() => undefined)
  })
  return {
    store,
    refresh,
    forget: () => {
      cache.clear()
      changes.length = 0
      seen = 0
      wanted = -1
    },
    dispose: stop,
  }
}

export type HostViewKeeper = ReturnType<typeof createHostViews>
