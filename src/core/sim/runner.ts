import { must } from '../base/assert.ts'
import type { Bytes } from '../base/bytes.ts'
import { US, type DevName, type FrameId, type HostId, type Nanos, type Pid } from '../base/ids.ts'
import { ok, type Result } from '../base/result.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { Host } from '../kernel/host.ts'
import type { Errno, NetlinkOp } from '../kernel/netlink.ts'
import type { LinkFaults, Note } from '../kernel/note.ts'
import { type Way, withFaults } from './faults.ts'
import { countDrop, sendFrame } from './flight.ts'
import type { Handlers } from './handlers.ts'
import type { Input, SignalName } from './input.ts'
import { park, type PowerState, setPower } from './power.ts'
import { forgetPort, isDevUp, portOf } from './segment.ts'
import type { Frame, Trace } from './trace.ts'
import {
  clearTimer,
  type FrameEvent,
  popEvent,
  pushFrame,
  pushWake,
  setTimer,
  type SimEvent,
  type World,
} from './world.ts'

/** From the loopback device's transmit to its receive. */
export const LOOP_DELAY_NS: Nanos = US

/** Moves one world. With `trace` null nothing is kept, but notes and frames are numbered all the same. */
export interface Runner {
  readonly world: World
  /** Run the next event. False when none is left. */
  step: () => boolean
  op: (host: HostId, op: NetlinkOp) => Result<void, Errno>
  spawn: (host: HostId, argv: string[], unit?: string) => Result<Pid, string>
  signal: (host: HostId, pid: Pid, signal: SignalName) => void
  cable: (host: HostId, dev: DevName, plugged: boolean) => void
  fault: (host: HostId, dev: DevName, way: Way, faults: LinkFaults) => void
  power: (host: HostId, state: PowerState) => void
  /** An input that only leaves a note. */
  remark: (host: HostId, note: Note) => void
}

/** A runner for `world`, which it mutates. Hosts and devices named in inputs must exist. */
export function createRunner(world: World, handlers: Handlers, trace: Trace | null): Runner {
  const ctx = createCtx(world, handlers, trace)
  const begin = (id: HostId, cause: number): Host => {
    world.events++
    ctx.now = world.now
    ctx.cause = cause
    return must(world.hosts[id], `no host ${id}`)
  }
  const step = (): boolean => {
    const event = popEvent(world)
    if (event === undefined) return false
    world.now = event.at
    const host = begin(event.host, event.cause)
    if (world.halted === null || !divert(world, host, event, ctx)) dispatch(host, event, handlers, ctx)
    return true
  }
  return {
    world,
    step,
    op: (id, op) => {
      const host = begin(id, -1)
      // Noted first, so that what the change brings about follows from it; a refused one leaves no note.
      const noted = ctx.note(host, { kind: 'config', op })
      const done = handlers.applyOp(host, op, ctx)
      if (!done.ok && world.nextNote === noted + 1) {
        world.nextNote = noted
        trace?.records.pop()
      }
      if (op.op === 'link.set' && !isDevUp(host.devs[op.dev])) forgetDev(world, host, op.dev)
      return done
    },
    spawn: (id, argv, unit = '') => handlers.spawn(begin(id, -1), argv, ctx, { unit }),
    signal: (id, pid, signal) => {
      const host = begin(id, -1)
      ctx.wake(host, pid, { kind: 'signal', signal })
    },
    cable: (id, dev, plugged) => {
      const host = begin(id, -1)
      ctx.note(host, { kind: 'cable', dev, plugged })
      if (!plugged) loseInFlight(world, host, dev)
      handlers.setCarrier(host, dev, plugged, ctx)
      if (!plugged) forgetDev(world, host, dev)
    },
    fault: (id, dev, way, faults) => {
      const host = begin(id, -1)
      ctx.note(host, { kind: 'fault', dev, way, faults })
      world.faults = withFaults(world.faults, host, dev, way, faults)
    },
    power: (id, state) => {
      ctx.note(begin(id, -1), { kind: 'host', state })
      setPower(world, id, state)
    },
    remark: (id, note) => {
      ctx.note(begin(id, -1), note)
    },
  }
}

/** An event of a host that does not run: put aside, or a frame that is lost. False = the host runs. */
function divert(world: World, host: Host, event: SimEvent, ctx: Ctx): boolean {
  const parked = park(world, event)
  if (parked === 'lost' && event.kind === 'frame') {
    countDrop(host, 'HOST_OFF')
    ctx.note(host, { kind: 'drop', frame: event.frame.id, why: 'HOST_OFF', detail: '' })
  }
  return parked !== false
}

/** Apply a logged input once more. */
export function applyInput(runner: Runner, input: Input): Result<number, string> {
  const { host } = input
  if (input.kind === 'op') {
    const done = runner.op(host, input.op)
    return done.ok ? ok(0) : done
  }
  if (input.kind === 'spawn') return runner.spawn(host, input.argv, input.unit)
  if (input.kind === 'signal') runner.signal(host, input.pid, input.signal)
  else if (input.kind === 'cable') runner.cable(host, input.dev, input.plugged)
  else if (input.kind === 'fault') runner.fault(host, input.dev, input.way, input.faults)
  else if (input.kind === 'power') runner.power(host, input.state)
  else if (input.kind === 'limit') {
    runner.remark(host, { kind: 'limit', what: input.what, value: input.value })
  } else {
    const { line, output, status } = input
    runner.remark(host, { kind: 'command', line, output, status })
  }
  return ok(0)
}

type RunnerCtx = { -readonly [K in keyof Ctx]: Ctx[K] }

function createCtx(world: World, handlers: Handlers, trace: Trace | null): RunnerCtx {
  const note = (host: Host, body: Note): number => {
    const i = world.nextNote++
    if (trace !== null) {
      trace.records.push({ i, at: world.now, host: host.id, event: world.events, cause: ctx.cause, ...body })
    }
    ctx.cause = i
    return i
  }
  const birth = (bytes: Bytes, parent: FrameId): Frame => {
    const frame = { id: world.nextFrame++, bytes, parent, event: world.events }
    if (trace !== null) trace.frames.push(frame)
    return frame
  }
  const ctx: RunnerCtx = {
    now: world.now,
    stack: handlers.stack,
    cause: -1,
    note,
    drop: (host, skb, why, detail = '') => {
      countDrop(host, why)
      note(host, { kind: 'drop', frame: skb.frame, why, detail })
    },
    transmit: (host, dev, bytes, parent) => {
      const frame = birth(bytes, parent)
      note(host, { kind: 'tx', dev, frame: frame.id })
      sendFrame(world, host, dev, frame, note, birth)
    },
    loop: (host, dev, bytes, parent) => {
      const frame = birth(bytes, parent)
      note(host, { kind: 'tx', dev, frame: frame.id })
      pushFrame(world, world.now + LOOP_DELAY_NS, host.id, ctx.cause, dev, frame)
    },
    tap: (host, dev, bytes, parent) => {
      const frame = birth(bytes, parent)
      note(host, { kind: 'tx', dev, frame: frame.id })
      return frame.id
    },
    reenter: (host, dev, bytes, parent, merge) => {
      const waiting = merge && lastWaiting(world, host, dev)
      const whole = waiting && merge(waiting.frame.bytes, bytes)
      if (whole) return replaceFrame(world, waiting, birth(whole, parent))
      pushFrame(world, world.now, host.id, ctx.cause, dev, birth(bytes, parent))
    },
    setTimer: (host, key, at) => {
      setTimer(world, host, key, at, ctx.cause)
    },
    clearTimer: (host, key) => {
      clearTimer(world, host, key)
    },
    wake: (host, pid, event, at = world.now + world.schedNs) => {
      pushWake(world, at, host.id, ctx.cause, pid, event)
    },
  }
  return ctx
}

/** The packet that came in on this device of late and is to be handled now. */
function lastWaiting(world: World, host: Host, dev: DevName): FrameEvent | undefined {
  let last: FrameEvent | undefined
  for (const event of world.pending.frames)
    if (event.at === world.now && event.host === host.id && event.dev === dev && event.seq > (last?.seq ?? 0))
      last = event
  return last
}

/** Events are shared by clones, so another takes its place in the queue. */
function replaceFrame({ pending }: World, event: FrameEvent, frame: Frame): void {
  pending.frames[pending.frames.indexOf(event)] = { ...event, frame }
}

function dispatch(host: Host, event: SimEvent, handlers: Handlers, ctx: Ctx): void {
  if (event.kind === 'timer') {
    handlers.fireTimer(host, event.key, ctx)
  } else if (event.kind === 'proc') {
    handlers.runProcess(host, event.pid, event.event, ctx)
  } else if (event.lost !== '') {
    const why = event.lost === 'mtu' ? 'PKT_TOO_BIG' : 'LOST_ON_LINK'
    countDrop(host, why)
    ctx.note(host, { kind: 'drop', frame: event.frame.id, why, detail: event.lost })
  } else {
    handlers.receiveFrame(host, event.dev, event.frame, ctx)
  }
}

function forgetDev(world: World, host: Host, dev: DevName): void {
  const segment = world.segments[host.devs[dev]?.segment ?? '']
  if (segment !== undefined) forgetPort(segment, portOf(segment, host.id, dev))
}

/** Events are shared by clones, so those of frames on the pulled cable are replaced, not written to. */
function loseInFlight(world: World, host: Host, dev: DevName): void {
  const { pending } = world
  pending.frames = pending.frames.map((event) =>
    event.host === host.id && event.dev === dev ? { ...event, lost: 'cable' } : event,
  )
}
