import { must } from '../base/assert.ts'
import { SEC, type HostId, type Nanos, type Pid } from '../base/ids.ts'
import type { ShellEnv } from '../shell/env.ts'
import { startLine } from '../shell/module.ts'
import type { Output, ShellStep, ShellSys } from '../shell/sys.ts'
import type { RunEnd, Timeline } from '../sim/timeline.ts'
import type { Until } from '../sim/until.ts'

/**
 * Drives command lines over a timeline. Work is a generator that asks for runs of the timeline, so that one way of
 * driving serves a worker in slices and the command line at once.
 */

/** Work that asks for runs of the timeline and is told how each ended; 'stopped': somebody asked to stop. */
export type Job<T> = Generator<Until, T, RunEnd | 'stopped'>

/** A line that takes longer in simulated time is interrupted, as by Ctrl-C: `ping` without a count never ends by itself. */
export const LINE_LIMIT_NS: Nanos = 600 * SEC
/** An interrupted program gets this long to say its last words. */
const LAST_WORDS_NS: Nanos = SEC
/** 128 + SIGINT, as bash has it. */
const INTERRUPTED = 130
/** As timeout(1) has it. */
const TIMED_OUT = 124

export interface LineResult {
  host: HostId
  line: string
  /** Standard output and error, as a terminal would show them. */
  output: string
  status: number
  /** State and time at which the line was given, and at which it had ended. */
  fromEvent: number
  toEvent: number
  fromNs: Nanos
  toNs: Nanos
}

/** A line that has been started. `until` is what it waits for; null when it has ended and `result` is there. */
export interface OpenLine {
  until: () => Until | null
  /** What it has printed so far, that of programs which still run included. */
  printed: () => string
  /** Go on: what it waited for is there. */
  resume: () => void
  /** Ctrl-C: signal what runs and do not go on with the line. Its last words are still heard until `close`. */
  interrupt: () => Pid | null
  /** End of the line: note it down. */
  close: () => LineResult
}

/** Start a line on a host; it runs at once up to its first wait. `env`: what the session remembers, a new one by default. */
export function openLine(timeline: Timeline, host: HostId, line: string, env?: ShellEnv): OpenLine {
  const fromEvent = timeline.events
  const fromNs = timeline.now
  const terminal = openTerminal(timeline, host)
  const run = startLine(line, env)
  let step: ShellStep = run.next(terminal.sys, 0)
  let interrupted = false

  return {
    until: () => {
      if (interrupted) return null
      const until = untilOf(step, host, fromNs + LINE_LIMIT_NS)
      // what is led into a pipe is handed on after every event: its reader may have had enough, and a tool may print
      const isLed =
        step.kind === 'wait' &&
        step.until === 'exit' &&
        (step.enough !== undefined || terminal.isLed(step.pid))
      return until && isLed ? { ...until, events: timeline.events + 1 } : until
    },
    printed: terminal.printed,
    resume: () => {
      if (step.kind === 'done' || interrupted) return
      terminal.collect()
      if (step.kind === 'wait' && step.until === 'exit' && isAlive(timeline, host, step.pid)) {
        if (step.enough?.() === true) timeline.signal(host, step.pid, 'KILL')
        else if (timeline.now < (step.atMost ?? Infinity)) return
        else step = run.next(terminal.sys, TIMED_OUT)
        return
      }
      const status = step.kind === 'wait' ? exitStatus(timeline, host, step.pid) : 0
      step = run.next(terminal.sys, status)
    },
    interrupt: () => {
      interrupted = true
      if (step.kind !== 'wait' || !isAlive(timeline, host, step.pid)) return null
      timeline.signal(host, step.pid, 'INT')
      return step.pid
    },
    close: () => {
      const status = interrupted ? INTERRUPTED : step.kind === 'done' ? step.status : 0
      const output = terminal.close()
      timeline.command(host, line, output, status)
      return { host, line, output, status, fromEvent, fromNs, toEvent: timeline.events, toNs: timeline.now }
    },
  }
}

/** Run one line to its end. A stop or its time limit interrupts it. `onOpen` is given the line once it has begun. */
export function* runLine(
  timeline: Timeline,
  host: HostId,
  line: string,
  env?: ShellEnv,
  onOpen?: (open: OpenLine) => void,
): Job<LineResult> {
  const fromNs = timeline.now
  const open = openLine(timeline, host, line, env)
  onOpen?.(open)
  for (;;) {
    const until = open.until()
    if (until === null) return open.close()
    const end = yield until
    if (end === 'reached' && timeline.now < fromNs + LINE_LIMIT_NS) open.resume()
    else yield* interruptLine(timeline, host, open)
  }
}

/** Ctrl-C, then a second to end in order, then the hard way. */
export function* interruptLine(timeline: Timeline, host: HostId, open: OpenLine): Job<void> {
  const pid = open.interrupt()
  if (pid === null) return
  yield { exit: { host, pid }, at: timeline.now + LAST_WORDS_NS }
  if (!isAlive(timeline, host, pid)) return
  timeline.signal(host, pid, 'KILL')
  yield { exit: { host, pid }, at: timeline.now + LAST_WORDS_NS }
}

/** Run a job to its end, at once. */
export function finish<T>(timeline: Timeline, job: Job<T>): T {
  let next = job.next()
  while (next.done !== true) next = job.next(timeline.run(next.value))
  return next.value
}

function untilOf(step: ShellStep, host: HostId, limitNs: Nanos): Until | null {
  if (step.kind === 'done') return null
  if (step.kind === 'sleep') return { at: Math.min(step.until, limitNs) }
  const proc = { host, pid: step.pid }
  const at = Math.min(limitNs, step.atMost ?? Infinity)
  if (step.until === 'started') return { started: proc, at }
  return { exit: proc, at }
}

function isAlive(timeline: Timeline, host: HostId, pid: Pid): boolean {
  return timeline.world.hosts[host]?.procs[pid] !== undefined
}

/** Status with which a program ended; 0 while it runs. */
function exitStatus(timeline: Timeline, host: HostId, pid: Pid): number {
  const { records } = timeline.trace
  for (let i = records.length - 1; i >= 0; i--) {
    const record = records[i]
    if (record?.kind === 'proc.exit' && record.pid === pid && record.host === host) return record.status
    if (record?.kind === 'proc.start' && record.pid === pid && record.host === host) return 0
  }
  return 0
}

interface Terminal {
  sys: ShellSys
  /** Take what programs have printed meanwhile. */
  collect: () => void
  /** As a person sees it now; nothing is taken. */
  printed: () => string
  /** Whether what a program prints goes elsewhere than to the screen. */
  isLed: (pid: Pid) => boolean
  close: () => string
}

/** Joins what the line prints itself and what its programs print, in the order in which it happened. */
function openTerminal(timeline: Timeline, host: HostId): Terminal {
  let output = ''
  const screen: Output = (text) => void (output += text)
  const outputs = new Map<Pid, Output>()
  let seen = timeline.trace.records.length
  /** What is collected may be printed on: then it is no time to collect again. */
  let isCollecting = false
  const collect = (): void => {
    if (isCollecting) return
    isCollecting = true
    const { records } = timeline.trace
    for (; seen < records.length; seen++) {
      const record = records[seen]
      if (record?.kind === 'stdout' && record.host === host)
        outputs.get(record.pid)?.(record.text, record.err)
    }
    isCollecting = false
  }
  const sys: ShellSys = {
    now: () => timeline.now,
    host: () => must(timeline.world.hosts[host], `host ${host}`),
    apply: (op) => timeline.op(host, op),
    spawn: (argv, how) => {
      const pid = timeline.spawn(host, argv, how?.unit)
      if (pid.ok) outputs.set(pid.value, how?.output ?? screen)
      return pid
    },
    signal: (pid, signal) => {
      timeline.signal(host, pid, signal)
    },
    print: (text) => {
      collect()
      output += text
    },
  }
  const printed = (): string => {
    const { records } = timeline.trace
    let text = output
    for (let i = seen; i < records.length; i++) {
      const record = records[i]
      if (record?.kind === 'stdout' && record.host === host && outputs.get(record.pid) === screen)
        text += record.text
    }
    return text
  }
  const close = (): string => {
    collect()
    return output
  }
  return { sys, collect, printed, isLed: (pid) => outputs.get(pid) !== screen, close }
}
