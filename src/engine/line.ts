import { SEC, type HostId, type Nanos, type Pid } from '../core/base/ids.ts'
import type { ShellStep, ShellSys } from '../core/shell/sys.ts'
import { startLine } from '../core/shell/shell.ts'
import type { RunEnd, Timeline } from '../core/sim/timeline.ts'
import type { Until } from '../core/sim/until.ts'
import type { Executed } from './engine.ts'

/** Work that asks for runs of the timeline and is told how each ended; 'stopped': somebody asked to stop. */
export type Job<T> = Generator<Until, T, RunEnd | 'stopped'>

/** A line that takes longer in simulated time is interrupted, as by Ctrl-C: `ping` without a count never ends by itself. */
export const LINE_LIMIT_NS: Nanos = 600 * SEC
/** What is in flight after a command may take this long to come to rest. */
const QUIET_LIMIT_NS: Nanos = 10 * SEC
/** An interrupted program gets this long to say its last words. */
const LAST_WORDS_NS: Nanos = SEC
/** 128 + SIGINT, as bash has it. */
const INTERRUPTED = 130

/** Run a command line on a host to its end, note it down, and let the network come to rest. */
export function* runLine(timeline: Timeline, host: HostId, line: string): Job<Executed> {
  const fromEvent = timeline.events
  const fromNs = timeline.now
  const terminal = openTerminal(timeline, host)
  const run = startLine(line)
  let status = 0
  for (;;) {
    const step: ShellStep = run.next(terminal.sys, status)
    if (step.kind === 'done') {
      status = step.status
      break
    }
    const end = yield untilOf(step, host, fromNs + LINE_LIMIT_NS)
    if (end !== 'reached' || isOverdue(timeline, step, host, fromNs)) {
      if (step.kind === 'wait') yield* interrupt(timeline, host, step.pid)
      status = INTERRUPTED
      break
    }
    status = step.kind === 'wait' ? exitStatus(timeline, host, step.pid) : 0
  }
  const output = terminal.close()
  timeline.command(host, line, output, status)
  const done = { host, line, output, status, fromEvent, fromNs, toEvent: timeline.events, toNs: timeline.now }
  yield { idle: true, at: timeline.now + QUIET_LIMIT_NS }
  return done
}

function untilOf(step: Exclude<ShellStep, { kind: 'done' }>, host: HostId, limitNs: Nanos): Until {
  if (step.kind === 'sleep') return { at: Math.min(step.until, limitNs) }
  const proc = { host, pid: step.pid }
  return step.until === 'exit' ? { exit: proc, at: limitNs } : { started: proc, at: limitNs }
}

function isOverdue(timeline: Timeline, step: ShellStep, host: HostId, fromNs: Nanos): boolean {
  if (timeline.now < fromNs + LINE_LIMIT_NS) return false
  return step.kind !== 'wait' || timeline.world.hosts[host]?.procs[step.pid] !== undefined
}

function* interrupt(timeline: Timeline, host: HostId, pid: Pid): Job<void> {
  timeline.signal(host, pid, 'INT')
  const end = yield { exit: { host, pid }, at: timeline.now + LAST_WORDS_NS }
  if (end === 'reached' && timeline.world.hosts[host]?.procs[pid] !== undefined) {
    timeline.signal(host, pid, 'KILL')
    yield { exit: { host, pid }, at: timeline.now + LAST_WORDS_NS }
  }
}

/** Status with which a program ended; 0 while it runs. */
export function exitStatus(timeline: Timeline, host: HostId, pid: Pid): number {
  const { records } = timeline.trace
  for (let i = records.length - 1; i >= 0; i--) {
    const record = records[i]
    if (record?.kind === 'proc.exit' && record.pid === pid && record.host === host) return record.status
    if (record?.kind === 'proc.start' && record.pid === pid && record.host === host) return 0
  }
  return 0
}

/** Joins what the line prints itself and what its programs print, in the order in which it happened. */
function openTerminal(timeline: Timeline, host: HostId): { sys: ShellSys; close: () => string } {
  const pids = new Set<Pid>()
  let output = ''
  let seen = timeline.trace.records.length
  const collect = (): void => {
    const { records } = timeline.trace
    for (; seen < records.length; seen++) {
      const record = records[seen]
      if (record?.kind === 'stdout' && record.host === host && pids.has(record.pid)) output += record.text
    }
  }
  const sys: ShellSys = {
    now: () => timeline.now,
    host: () => {
      const found = timeline.world.hosts[host]
      if (found === undefined) throw new Error(`there is no host ${host}`)
      return found
    },
    apply: (op) => timeline.op(host, op),
    spawn: (argv) => {
      const pid = timeline.spawn(host, argv)
      if (pid.ok) pids.add(pid.value)
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
  const close = (): string => {
    collect()
    return output
  }
  return { sys, close }
}
