import { heapPop, heapPush } from '../base/heap.ts'
import type { DevName, FrameId, HostId, Nanos, Pid, SegmentId } from '../base/ids.ts'
import type { ProcEvent } from '../kernel/ctx.ts'
import type { Host } from '../kernel/host.ts'
import { attachPort, cloneSegment, createSegment, type Segment } from './segment.ts'
import type { Frame } from './trace.ts'

/** What is due. A frame with `lost` was in flight when the cable of its receiver was pulled. */
export type EventBody =
  | { readonly kind: 'frame'; readonly dev: DevName; readonly frame: Frame; readonly lost: boolean }
  | { readonly kind: 'timer'; readonly key: string }
  | { readonly kind: 'proc'; readonly pid: Pid; readonly event: ProcEvent }

/** A pending event, immutable. `cause`: number of the note that scheduled it, -1 = none. */
export type SimEvent = {
  readonly at: Nanos
  readonly seq: number
  readonly host: HostId
  readonly cause: number
} & EventBody

/** The state of everything. JSON-shaped but for the bytes of frames and payloads. */
export interface World {
  now: Nanos
  nextSeq: number
  nextFrame: FrameId
  nextNote: number
  /** Events and inputs so far: the number of this state. */
  events: number
  /** Frame events in the queue. */
  inFlight: number
  hosts: Record<HostId, Host>
  segments: Record<SegmentId, Segment>
  /** Binary heap by (at, seq). May hold stale timers: those whose key has another live number. */
  queue: SimEvent[]
}

export function createWorld(): World {
  return {
    now: 0,
    nextSeq: 1,
    nextFrame: 1,
    nextNote: 0,
    events: 0,
    inFlight: 0,
    hosts: {},
    segments: {},
    queue: [],
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

/** Put `body` into the queue for `at` (absolute, not before now). Returns its sequence number. */
export function pushEvent(world: World, at: Nanos, host: HostId, cause: number, body: EventBody): number {
  const seq = world.nextSeq++
  if (body.kind === 'frame') world.inFlight++
  heapPush<SimEvent>(world.queue, { at: at < world.now ? world.now : at, seq, host, cause, ...body })
  return seq
}

/** Whether a queued event still means something: its timer was not set anew, its process has not ended. */
export function isLive(world: World, event: SimEvent): boolean {
  const host = world.hosts[event.host]
  if (host === undefined) return false
  if (event.kind === 'timer') return host.timers[event.key] === event.seq
  if (event.kind === 'proc') return host.procs[event.pid] !== undefined
  return true
}

/** The next live event, left in the queue; stale ones before it are thrown away. */
export function peekEvent(world: World): SimEvent | undefined {
  for (;;) {
    const top = world.queue[0]
    if (top === undefined || isLive(world, top)) return top
    popRaw(world)
  }
}

/** Take the next live event out. */
export function popEvent(world: World): SimEvent | undefined {
  for (;;) {
    const event = popRaw(world)
    if (event === undefined || isLive(world, event)) return event
  }
}

function popRaw(world: World): SimEvent | undefined {
  const event = heapPop(world.queue)
  if (event?.kind === 'frame') world.inFlight--
  return event
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
  return { ...world, hosts, segments, queue: world.queue.slice() }
}

/** The world in one canonical shape, for comparing two of them: stale events left out, the queue in order of time. */
export function canonicalWorld(world: World): World {
  const queue = world.queue.filter((event) => isLive(world, event))
  queue.sort((a, b) => a.at - b.at || a.seq - b.seq)
  return { ...world, queue }
}
