import { SEC, type HostId, type Nanos, type Pid } from '../base/ids.ts'
import { matchesCue, type Cue } from './checks.ts'
import type { Trace } from './trace.ts'
import { nextWakeAt, type WakeEvent, type World } from './world.ts'

/** When a run stops: as soon as one of the given conditions holds. An empty one runs until nothing is pending. */
export interface Until {
  /** Time, absolute. The clock stands at this time afterwards, even if nothing happens then. */
  at?: Nanos
  /** Number of events and inputs. */
  events?: number
  /** Process that has ended. */
  exit?: { host: HostId; pid: Pid }
  /** Process that has handled its start. */
  started?: { host: HostId; pid: Pid }
  /** No frame in flight and no program due within a second; timers of services, and those such as TIME_WAIT, do not count. */
  idle?: boolean
  /** A note that appears from now on. Needs a trace. */
  cue?: Cue
}

/** A program that sleeps longer than this does not keep the network busy. */
const IDLE_NS: Nanos = SEC

/** Whether a condition other than `at` and `cue` holds now. */
export function isReached(world: World, until: Until): boolean {
  if (until.events !== undefined && world.events >= until.events) return true
  if (until.exit !== undefined && !isAlive(world, until.exit)) return true
  if (until.started !== undefined && hasStarted(world, until.started)) return true
  return until.idle === true && isIdle(world)
}

function isAlive(world: World, { host, pid }: { host: HostId; pid: Pid }): boolean {
  return world.hosts[host]?.procs[pid] !== undefined
}

function hasStarted(world: World, proc: { host: HostId; pid: Pid }): boolean {
  if (!isAlive(world, proc)) return true
  return !world.pending.wakes.some(
    ({ event, pid, host }) => event.kind === 'start' && pid === proc.pid && host === proc.host,
  )
}

export function isIdle(world: World): boolean {
  if (world.pending.frames.length > 0) return false
  const soon = world.now + IDLE_NS
  return (
    nextWakeAt(world) > soon || world.pending.wakes.every((wake) => wake.at > soon || isRoutine(world, wake))
  )
}

/** A hello, an advert, a check: services go on for ever, so their timers do not keep the network busy. */
function isRoutine(world: World, { host, pid, event }: WakeEvent): boolean {
  if (event.kind !== 'timer') return false
  const proc = world.hosts[host]?.procs[pid]
  return proc === undefined || proc.unit !== ''
}

/** Whether one of the records from index `from` on is what the cue waits for. */
export function hasCue(trace: Trace, from: number, cue: Cue): boolean {
  const { records } = trace
  for (let i = from; i < records.length; i++) {
    const record = records[i]
    if (record !== undefined && matchesCue(record, cue)) return true
  }
  return false
}
