import type { Pid } from '../base/ids.ts'
import { bad, ok, type Result } from '../base/result.ts'
import type { Ctx, ProcEvent } from '../kernel/ctx.ts'
import type { Host, Proc } from '../kernel/host.ts'
import { arping } from './arping/arping.ts'
import { curl } from './curl/curl.ts'
import { nginx } from './nginx/nginx.ts'
import { ping } from './ping/ping.ts'
import { traceroute } from './traceroute/traceroute.ts'
import type { Program, SignalName } from './program.ts'
import { Sys } from './sys.ts'

/** A program whose state type has been forgotten; `runProcess` gives each its own state only. */
interface AnyProgram {
  name: string
  init: () => object
  run: (sys: Sys, state: unknown, event: ProcEvent) => void
  handles: readonly SignalName[]
}

function entry<S extends object>({ name, init, run, handles = [] }: Program<S>): AnyProgram {
  return { name, init, handles, run: (sys, state, event) => run(sys, state as S, event) }
}

const PROGRAMS: Readonly<Record<string, AnyProgram>> = {
  arping: entry(arping),
  curl: entry(curl),
  nginx: entry(nginx),
  ping: entry(ping),
  traceroute: entry(traceroute),
}

/** Exit status of a process that a signal ended, as a shell reports it. */
const SIGNAL_STATUS: Readonly<Record<SignalName, number>> = { HUP: 129, INT: 130, KILL: 137, TERM: 143 }

const MAX_PROCS = 1000

export function isProgram(name: string): boolean {
  return Object.hasOwn(PROGRAMS, name)
}

/** Start `argv[0]`; paths such as /usr/sbin/nginx work too. The error is a line for the terminal. */
export function spawn(host: Host, argv: string[], ctx: Ctx): Result<Pid, string> {
  const name = (argv[0] ?? '').replace(/^\/(usr\/)?s?bin\//, '')
  const program = isProgram(name) ? PROGRAMS[name] : undefined
  if (!program) return bad(`bash: ${argv[0] ?? ''}: command not found`)
  if (Object.keys(host.procs).length >= MAX_PROCS) return bad('bash: fork: Resource temporarily unavailable')
  const pid = host.nextPid++
  const proc: Proc = { pid, argv, program: name, state: program.init(), startedNs: ctx.now }
  host.procs[pid] = proc
  ctx.note(host, { kind: 'proc.start', pid, argv })
  ctx.wake(host, pid, { kind: 'start' })
  return ok(pid)
}

/** Hand an event to a process. One that has ended meanwhile is left alone. */
export function runProcess(host: Host, pid: Pid, event: ProcEvent, ctx: Ctx): void {
  const proc = host.procs[pid]
  const program = proc ? PROGRAMS[proc.program] : undefined
  if (!proc || !program) return
  const sys = new Sys(host, proc, ctx)
  if (event.kind === 'signal' && (event.signal === 'KILL' || !program.handles.includes(event.signal))) {
    return sys.exit(SIGNAL_STATUS[event.signal])
  }
  program.run(sys, proc.state, event)
}

export { cloneProc } from './program.ts'
