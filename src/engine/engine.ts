import type { Bytes } from '../core/base/bytes.ts'
import type { DevName, FrameId, HostId, Nanos } from '../core/base/ids.ts'
import type { LinkFaults } from '../core/kernel/note.ts'
import type { LineResult } from '../core/lab/line.ts'
import type { Lab } from '../core/lab/schema.ts'
import type { HostView } from '../core/sim/inspect.ts'
import type { PowerState } from '../core/sim/power.ts'
import type { BranchInfo } from '../core/sim/timeline.ts'
import type { Frame, TraceRecord } from '../core/sim/trace.ts'

/**
 * The boundary between the simulator and everything that shows it. Two makers: in-process (tests, lessons in CI) and
 * worker (the page). Only plain data crosses; never a World or a function.
 */
export interface Engine {
  /** Boot a lab (boot commands, then settle). Replaces what ran before. A bad lab rejects with its errors, one a line. */
  load: (lab: Lab, options?: { seed?: number }) => Promise<Loaded>
  /**
   * Type one command line on a host at the end of the run, and run on until it has ended and the network is quiet
   * (no frame in flight, no program waiting for less than a second). The past is changed by `fork` first.
   * `paced`: as typed in a terminal: simulated time passes as fast as `setPace` says, other calls and other hosts' terminals
   * go on meanwhile, and what the line prints is told as it comes (TraceBatch.typed).
   */
  exec: (host: HostId, line: string, options?: { paced?: boolean }) => Promise<Executed>
  /** Type several lines, each when the one before has ended. Progress comes through `onTrace`. */
  execAll: (lines: readonly { host: HostId; line: string }[]) => Promise<Executed[]>
  /** Let simulated time pass. */
  advance: (byNs: Nanos) => Promise<void>
  /** Take the cable of an interface out or put it in. */
  cable: (host: HostId, dev: DevName, plugged: boolean) => Promise<void>
  /** What the link of an interface does to frames from now on, one way; all zero = nothing. */
  fault: (host: HostId, dev: DevName, way: 'in' | 'out', faults: LinkFaults) => Promise<void>
  /** Freeze, thaw or switch off a host; switching on boots it as the lab does, and waits until it has. */
  power: (host: HostId, state: PowerState) => Promise<void>
  /**
   * A capture file of this branch from the end of boot on: of one interface as `tcpdump -i DEV` on the host would write it,
   * without a point of every link, each frame once.
   */
  capture: (point?: { host: HostId; dev: DevName }) => Promise<Bytes>
  /** Drop everything after event number `event` and go on from there; the old branch is kept under its number. */
  fork: (event: number) => Promise<number>
  /** Return to a kept branch. */
  checkout: (branch: number) => Promise<void>
  /** A host's tables as they were after event number `event`. */
  inspect: (host: HostId, event: number) => Promise<HostView>
  /** What a command line would print at the end of the run. It is typed on a copy, so it changes nothing. */
  probe: (host: HostId, line: string) => Promise<{ output: string; status: number }>
  /** What the shell of a host knows, for its prompt and for completion. */
  shell: (host: HostId) => Promise<ShellView>
  /**
   * Ask what is at work to stop, as by Ctrl-C: a program in the foreground is interrupted, lines that wait are not typed.
   * What was computed stays. With a host: only the line on it.
   */
  stop: (host?: HostId) => void
  /** Simulated seconds per second in which typed lines run: 0 = time stands still, Infinity = at once. At first 1. */
  setPace: (rate: number) => void
  /**
   * Trace and frames arrive in order. `reset` tells that a new run or branch begins: forget what came before; the batch
   * holds all of it. Who comes late is given what there is at once.
   */
  onTrace: (listener: (batch: TraceBatch) => void) => () => void
  dispose: () => void
}

export interface Loaded {
  lab: Lab
  branch: number
  /** Number of events and time when boot and settling were done: the run proper begins here. */
  bootEvents: number
  bootNs: Nanos
  /** Lines that the daemons reported while booting (unknown directives and the like). */
  warnings: string[]
}

export interface TraceBatch {
  reset: boolean
  branch: number
  branches: readonly BranchInfo[]
  records: TraceRecord[]
  frames: Frame[]
  now: Nanos
  events: number
  /** Events up to here belong to boot. */
  bootEvents: number
  /** Lines that have not ended, in the order in which they began. */
  typed: readonly TypedText[]
}

/** What a line has printed: from character `from` on, `text`. Before it the receiver has all. */
export interface TypedText {
  host: HostId
  line: string
  from: number
  text: string
}

export interface ShellView {
  user: string
  cwd: string
  /** Names of variables. */
  vars: string[]
  /** All that can be typed as a command, wrappers and words of the shell included. */
  commands: string[]
}

/** A line that was typed: what it printed, and from which event and time to which it ran. */
export type Executed = LineResult

export type { BranchInfo, Frame, FrameId, HostView, LinkFaults, PowerState, TraceRecord }
export type { DevView, HookView, NeighView, ProcView } from '../core/sim/inspect.ts'
export type { SocketView } from '../core/sim/sockets.ts'
