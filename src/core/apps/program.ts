import type { ProcEvent } from '../kernel/ctx.ts'
import type { Nanos } from '../base/ids.ts'
import type { Proc } from '../kernel/host.ts'
import type { DaemonView } from './daemon-view.ts'
import type { SignalName, Sys } from './sys.ts'

/**
 * A program. `state` is what `init` returned, changed in place: plain data, with byte arrays and frozen parts as leaves that
 * are never changed. A signal goes to `run` only if the program handles it, else it ends the process.
 */
export interface Program<S extends object> {
  name: string
  init: () => S
  run: (sys: Sys, state: S, event: ProcEvent) => void
  handles?: readonly SignalName[]
  /** What a person may look up in its memory; shares nothing that is ever written. */
  view?: (state: S, now: Nanos) => DaemonView | undefined
}

/** A copy of a process that shares nothing that is ever written. */
export function cloneProc(proc: Proc): Proc {
  return { ...proc, state: cloneState(proc.state) }
}

/** Most members are numbers and words: the object is copied at once, then what is inside it. */
function cloneState(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Array.isArray(value)) return value.map(cloneState)
  if (value instanceof Uint8Array) return value
  const copy: Record<string, unknown> = { ...value }
  for (const key in copy) {
    const member = copy[key]
    if (typeof member === 'object' && member !== null) copy[key] = cloneState(member)
  }
  return copy
}
