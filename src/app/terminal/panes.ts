import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { HostId } from '../../core/base/ids.ts'
import { keep, readKept } from '../prefs/storage.ts'

/** Which terminals are in sight. Kept in the browser; what stands in them is the run's. */
interface Panes {
  hosts: readonly HostId[]
  active: number
  full: boolean
  /** The file panel lies over the terminals: of this host, at this file ('' = none yet). */
  file: { host: HostId; path: string } | undefined
}

const KEY = 'panes'
const MOST = 4

const panes = createStore<Panes>()(() => ({ hosts: keptHosts(), active: 0, full: false, file: undefined }))

function keptHosts(): HostId[] {
  const kept = readKept(KEY)
  return Array.isArray(kept) ? kept.filter((host): host is string => typeof host === 'string') : []
}

function set(change: Partial<Panes>): void {
  panes.setState(change)
  if (change.hosts) keep(KEY, change.hosts)
}

/** Panes of hosts that this lab has; at least one. */
function inLab(all: readonly HostId[], { hosts, active }: Panes): Pick<Panes, 'hosts' | 'active'> {
  const shown = hosts.filter((host) => all.includes(host)).slice(0, MOST)
  const some = shown.length > 0 ? shown : all.slice(0, 1)
  return { hosts: some, active: Math.min(active, some.length - 1) }
}

export function usePanes(all: readonly HostId[]): Panes {
  const state = useStore(panes)
  return { ...state, ...inLab(all, state) }
}

/** Turn to a host's terminal: the pane that shows it, else the active pane shows it now. */
export function showHost(all: readonly HostId[], host: HostId): void {
  const { hosts, active } = inLab(all, panes.getState())
  const at = hosts.indexOf(host)
  const { file } = panes.getState()
  const change = file && file.host !== host ? { file: { host, path: '' } } : {}
  if (at >= 0) set({ active: at, ...change })
  else set({ hosts: hosts.map((old, i) => (i === active ? host : old)), ...change })
}

/** One more beside the others, of the next host that is not in sight. */
export function splitPane(all: readonly HostId[]): void {
  const { hosts } = inLab(all, panes.getState())
  const next = all.find((host) => !hosts.includes(host))
  if (next !== undefined && hosts.length < MOST) set({ hosts: [...hosts, next], active: hosts.length })
}

export function closePane(i: number): void {
  const { hosts } = panes.getState()
  if (hosts.length > 1) set({ hosts: hosts.filter((_, at) => at !== i), active: 0 })
}

export function seePane(i: number): void {
  if (panes.getState().active !== i) set({ active: i })
}

export function fill(full: boolean): void {
  set({ full })
}

export function isFull(): boolean {
  return panes.getState().full
}

/** Open a file of a host in the editor; no host: back to the terminals. */
export function openFile(host: HostId | undefined, path: string): void {
  set({ file: host === undefined ? undefined : { host, path } })
}
