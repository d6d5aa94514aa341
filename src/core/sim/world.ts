import { heapPop, heapPush } from '../base/heap.ts'
import {
  type DevName,
  type FrameId,
  type HostId,
  type Nanos,
  type Pid,
  type SegmentId,
  US,
} from '../base/ids.ts'
import type { ProcEvent } from '../kernel/ctx.ts'
import type { Host } from '../kernel/host.ts'
import { cloneFaults, type FaultTable } from './faults.ts'
import { attachPort, cloneSegment, createSegment, type Segment } from './segment.ts'
import type { Frame } from './trace.ts'

/** From the moment a program can go on until it runs. Simplified: one constant, whatever the load. */
export const SCHED_DELAY_NS: Nanos = 20 * US

/** What every pending event has. Events are immutable. */
interface Due {
  readonly at: Nanos
  readonly seq: number
  readonly host: HostId
  /** Number of the note that scheduled it, -1 = none. */
  readonly cause: number
}

/**
 * `lost`: why it does not arrive, '' = it does: 'cable' = its receiver's was pulled while it was in flight, 'loss' = a fault,
 * 'mtu' = longer than the receiver takes.
 */
export interface FrameEvent extends Due {
  readonly kind: 'frame'
  readonly dev: DevName
  readonly frame: Frame
  readonly lost: '' | 'cable' | 'loss' | 'mtu'
}

export interface TimerEvent extends Due {
  readonly kind: 'timer'
  readonly key: string
}

export interface WakeEvent extends Due {
  readonly kind: 'proc'
  readonly pid: Pid
  readonly event: ProcEvent
}

export type SimEvent = FrameEvent | TimerEvent | WakeEvent

/**
 * What is pending: three binary heaps by (at, seq), in one order of time. Apart, because frames and wakes are few and soon,
 * timers many and late; and whether a network is at rest is asked of the first two only.
 */
export interface Pending {
  frames: FrameEvent[]
  wakes: WakeEvent[]
  /** May hold stale ones: those whose key has another live number, or none. */
  timers: TimerEvent[]
  /** About how many of `timers` are stale. */
  stale: number
}

/** A host that does not run. */
export interface Halted {
  state: 'frozen' | 'off'
  /** What was due meanwhile, in order. */
  parked: readonly SimEvent[]
}

/** The state of everything. JSON-shaped but for the bytes of frames and payloads. */
export interface World {
  now: Nanos
  nextSeq: number
  nextFrame: FrameId
  nextNote: number
  /** How long a program takes to go on. Another than `SCHED_DELAY_NS` only where a slow machine is played again. */
  schedNs: Nanos
  /** Events and inputs so far: the number of this state. */
  events: number
  hosts: Record<HostId, Host>
  segments: Record<SegmentId, Segment>
  pending: Pending
  faults: FaultTable
  /** Hosts that do not run; null = all do. */
  halted: Record<HostId, Halted> | null
}

export function createWorld(): World {
  return {
    now: 0,
    nextSeq: 1,
    nextFrame: 1,
    nextNote: 0,
    schedNs: SCHED_DELAY_NS,
    events: 0,
    hosts: {},
    segments: {},
    pending: { frames: [], wakes: [], timers: [], stale: 0 },
    faults: null,
    halted: null,
  }
}

/** A switch with nothing plugged in. `delayNs`: from one device to another; `mtu` in bytes of IP packet. */
export function addSegment(world: World, id: SegmentId, spec: { delayNs: Nanos; mtu: number }): void {
  world.segments[id] = createSegment(id, spec.delayNs, spec.mtu)
}

/** A host with its devices; each is plugged into its segment, in their order. */
export function addHost(world: World, host: Host): void {
  world.hosts[host.id] = host
  for (const dev of Object.values(host.devs)) {
    const segment = world.segments[dev.segment]
    if (segment !== undefined) attachPort(segment, host.id, dev.name)
  }
}

/** A frame arrives at a device at `at`. */
export function pushFrame(
  world: World,
  at: Nanos,
  host: HostId,
  cause: number,
  dev: DevName,
  frame: Frame,
  lost: FrameEvent['lost'] = '',
): void {
  const seq = world.nextSeq++
  heapPush(world.pending.frames, { at, seq, host, cause, kind: 'frame', dev, frame, lost })
}

/** A program goes on at `at`, now at the earliest. */
export function pushWake(
  world: World,
  at: Nanos,
  host: HostId,
  cause: number,
  pid: Pid,
  event: ProcEvent,
): void {
  const seq = world.nextSeq++
  const due = at < world.now ? world.now : at
  heapPush(world.pending.wakes, { at: due, seq, host, cause, kind: 'proc', pid, event })
}

/** Set a host's timer, now at the earliest; the one set before under that key is stale from now on. */
export function setTimer(world: World, host: Host, key: string, at: Nanos, cause: number): void {
  clearTimer(world, host, key)
  const seq = world.nextSeq++
  host.timers[key] = seq
  const due = at < world.now ? world.now : at
  heapPush(world.pending.timers, { at: due, seq, host: host.id, cause, kind: 'timer', key })
}

/** Stale timers are left where they are until they are half of all: then all of them go. */
export function clearTimer(world: World, host: Host, key: string): void {
  if (host.timers[key] === undefined) return
  delete host.timers[key]
  const { pending } = world
  pending.stale++
  if (pending.stale < STALE_LIMIT || 2 * pending.stale < pending.timers.length) return
  pending.timers = liveTimers(world)
  pending.stale = 0
}
const STALE_LIMIT = 256

function isTimerLive(world: World, event: TimerEvent): boolean {
  return world.hosts[event.host]?.timers[event.key] === event.seq
}

/** Sorted, which is a heap too. */
function liveTimers(world: World): TimerEvent[] {
  return world.pending.timers.filter((event) => isTimerLive(world, event)).sort(byTime)
}

function isWakeLive(world: World, event: WakeEvent): boolean {
  return world.hosts[event.host]?.procs[event.pid] !== undefined
}

function byTime(a: SimEvent, b: SimEvent): number {
  return a.at - b.at || a.seq - b.seq
}

/** When the next program runs; Infinity when none is waiting for anything but frames. */
export function nextWakeAt(world: World): Nanos {
  const { wakes } = world.pending
  for (;;) {
    const wake = wakes[0]
    if (wake === undefined) return Infinity
    if (isWakeLive(world, wake)) return wake.at
    heapPop(wakes)
  }
}

/** The next event that still means something, left where it is; stale ones before it are thrown away. */
export function peekEvent(world: World): SimEvent | undefined {
  const { pending } = world
  nextWakeAt(world)
  const next = earlier(pending.frames[0], pending.wakes[0])
  for (;;) {
    const timer = pending.timers[0]
    if (timer === undefined || earlier(timer, next) !== timer) return next
    if (isTimerLive(world, timer)) return timer
    heapPop(pending.timers)
    if (pending.stale > 0) pending.stale--
  }
}

function earlier(a: SimEvent | undefined, b: SimEvent | undefined): SimEvent | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a.at < b.at || (a.at === b.at && a.seq < b.seq) ? a : b
}

/** Take the next event out. */
export function popEvent(world: World): SimEvent | undefined {
  const next = peekEvent(world)
  if (next?.kind === 'frame') heapPop(world.pending.frames)
  else if (next?.kind === 'proc') heapPop(world.pending.wakes)
  else if (next?.kind === 'timer') {
    heapPop(world.pending.timers)
    delete world.hosts[next.host]?.timers[next.key]
  }
  return next
}

/** An event that was put aside happens now. A timer that was set anew meanwhile stays as it was set. */
export function unpark(world: World, event: SimEvent): void {
  const { host, cause } = event
  if (event.kind === 'frame') pushFrame(world, world.now, host, cause, event.dev, event.frame, event.lost)
  else if (event.kind === 'proc') pushWake(world, world.now, host, cause, event.pid, event.event)
  else {
    const owner = world.hosts[host]
    if (owner && owner.timers[event.key] === undefined) setTimer(world, owner, event.key, world.now, cause)
  }
}

export function countPending({ pending }: World): number {
  return pending.frames.length + pending.wakes.length + pending.timers.length
}

/** A copy that shares nothing mutable with `world`; frames, bytes and queued events are shared, being immutable. */
export function cloneWorld(world: World, cloneHost: (host: Host) => Host): World {
  const hosts: World['hosts'] = {}
  for (const id of Object.keys(world.hosts)) {
    const host = world.hosts[id]
    if (host !== undefined) hosts[id] = cloneHost(host)
  }
  const segments: World['segments'] = {}
  for (const id of Object.keys(world.segments)) {
    const segment = world.segments[id]
    if (segment !== undefined) segments[id] = cloneSegment(segment)
  }
  const { frames, wakes, timers, stale } = world.pending
  const pending = { frames: frames.slice(), wakes: wakes.slice(), timers: timers.slice(), stale }
  return { ...world, hosts, segments, pending, faults: cloneFaults(world.faults) }
}

/** The world in one canonical shape, for comparing two of them: stale events left out, the others in order of time. */
export function canonicalWorld(world: World): World {
  const { frames, wakes } = world.pending
  const live = wakes.filter((event) => isWakeLive(world, event)).sort(byTime)
  const pending = { frames: frames.slice().sort(byTime), wakes: live, timers: liveTimers(world), stale: 0 }
  return { ...world, pending }
}
