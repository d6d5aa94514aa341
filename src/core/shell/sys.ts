import type { Nanos, Pid } from '../base/ids.ts'
import type { Result } from '../base/result.ts'
import type { ProcEvent } from '../kernel/ctx.ts'
import type { Host } from '../kernel/host.ts'
import type { Errno, NetlinkOp } from '../kernel/netlink.ts'
import type { ShellEnv } from './env.ts'

/**
 * What a command line may do to its host, given by whoever owns time (the timeline, an engine). `apply`, `spawn` and
 * `signal` are what a timeline logs and replays; the text of a line is never replayed.
 */
export interface ShellSys {
  now: () => Nanos
  /** The host as it is now, to be read only (`ip addr`, `ipvsadm -L`). It is asked for again after every wait. */
  host: () => Host
  /** One change of configuration, done at once (kernel.ts applyOp). */
  apply: (op: NetlinkOp) => Result<void, Errno>
  /**
   * Start a program (apps/table.ts spawn), as a service if `unit` names one; the error is a line for the terminal. What it
   * prints goes to `print`, or to `output` if it is led elsewhere: at the latest before `next` is called after its end.
   */
  spawn: (argv: string[], how?: { output?: Output; unit?: string }) => Result<Pid, string>
  /** Send a signal to a program of this host. */
  signal: (pid: Pid, signal: Extract<ProcEvent, { kind: 'signal' }>['signal']) => void
  /** Text of the line itself, line ends included. Programs print through `stdout` notes; the driver joins both in order. */
  print: (text: string, err: boolean) => void
}

/** Where text goes: to the terminal, a file, a pipe. */
export type Output = (text: string, err: boolean) => void

/**
 * What the driver does next:
 * - `wait` until 'exit': let time pass until process `pid` has ended; pass its exit status to `next`. With `enough`: ask
 *   after every event that brought output; once it says yes, end the process (nobody reads its pipe any more). With
 *   `atMost`: at that time pass 124 though it has not ended.
 * - `wait` until 'started': let time pass until `pid` has handled its start event (a daemon that goes to the background);
 *   pass its exit status if it has ended by then, else 0.
 * - `sleep`: let time pass until `until`; pass 0.
 * - `done`: the line has ended; `background` are programs that were left running with `&`.
 */
export type ShellStep = Waiting | { kind: 'done'; status: number; background: Pid[] }
export type Waiting =
  | { kind: 'wait'; pid: Pid; until: 'exit' | 'started'; enough?: () => boolean; atMost?: Nanos }
  | { kind: 'sleep'; until: Nanos }

/**
 * A command line in execution. Call `next(sys, 0)` first; then, after each `wait` or `sleep`, `next(sys, status)` with
 * the status of what was waited for. After `done` it must not be called again. It is no part of a world: a driver that
 * drops it in the middle only leaves the rest of the line undone.
 */
export interface ShellRun {
  next: (sys: ShellSys, lastStatus: number) => ShellStep
}

/** What a command sees. */
export interface Io {
  sys: ShellSys
  out: (text: string) => void
  err: (text: string) => void
  /** The terminal's own: where `out` and `err` lead unless they were led elsewhere. */
  screen?: { out: (text: string) => void; err: (text: string) => void }
  /** What is left of standard input: whoever reads takes it away. Null = a terminal at which nobody types. */
  input: { text: string } | null
  /** Variables and working folder of the session. */
  env: ShellEnv
}

/** The exit status, or what to wait for and how to go on with the status of what was waited for. */
export type Outcome = number | Pending
interface Pending {
  step: Waiting
  then: (status: number) => Outcome
}

export interface Command {
  name: string
  /** One line for `help`, in the manner of `whatis`. */
  summary: string
  /** `args` without the name of the command. */
  run: (args: readonly string[], io: Io) => Outcome
  /** Set for tools that work line by line: in a pipe they see text as it comes. A number = wrong arguments, its status. */
  filter?: (args: readonly string[], io: Io) => Filter | number
}

/** A tool in a pipe. */
export interface Filter {
  write: (text: string) => void
  /** The input has ended; its exit status. */
  end: () => number
  /** It reads no further (`head`). */
  isDone?: () => boolean
}
