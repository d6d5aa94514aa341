import { must } from '../base/assert.ts'
import type { Nanos, Pid } from '../base/ids.ts'
import { bad, ok, type Result } from '../base/result.ts'
import type { Ctx, ProcEvent } from '../kernel/ctx.ts'
import type { Host, Proc } from '../kernel/host.ts'
import type { DaemonView } from './daemon-view.ts'
import type { Program } from './program.ts'
import { type SignalName, Sys } from './sys.ts'
import { services } from './services.ts'

/** A program whose state type has been forgotten; `runProcess` gives each its own state only. */
interface AnyProgram {
  name: string
  init: () => object
  run: (sys: Sys, state: unknown, event: ProcEvent) => void
  handles: readonly SignalName[]
  view: ((state: unknown, now: Nanos) => DaemonView | undefined) | undefined
}

function entry<S extends object>({ name, init, run, view, handles = [] }: Program<S>): AnyProgram {
  return {
    ...{ name, init, handles },
    run: (sys, state, event) => run(sys, state as S, event),
    view: view && ((state, now) => view(state as S, now)),
  }
}

/** Programs by name, each loaded when first needed (`loadPrograms`); running is never asynchronous. */
const LOADERS: Readonly<Record<string, () => Promise<AnyProgram>>> = {
  ab: async () => entry((await import('./ab/ab.ts')).ab),
  arping: async () => entry((await import('./arping/arping.ts')).arping),
  curl: async () => entry((await import('./curl/curl.ts')).curl),
  keepalived: async () => entry((await import('./keepalived/keepalived.ts')).keepalived),
  nc: async () => entry((await import('./nc/nc.ts')).nc),
  nginx: async () => entry((await import('./nginx/nginx.ts')).nginx),
  ospfd: async () => entry((await import('./frr/ospfd/ospfd.ts')).ospfd),
  ping: async () => entry((await import('./ping/ping.ts')).ping),
  staticd: async () => entry((await import('./frr/staticd/staticd.ts')).staticd),
  tcpdump: async () => entry((await import('./tcpdump/tcpdump.ts')).tcpdump),
  traceroute: async () => entry((await import('./traceroute/traceroute.ts')).traceroute),
  vtysh: async () => entry((await import('./frr/vtysh/vtysh.ts')).vtysh),
  watchfrr: async () => entry((await import('./frr/watchfrr.ts')).watchfrr),
  zebra: async () => entry((await import('./frr/zebra/zebra.ts')).zebra),
}

/** Code that is there. No part of any world: a program's memory is its process's state. */
const ready = new Map<string, AnyProgram>()

/** Load programs by name, all by default. */
export async function loadPrograms(names: readonly string[] = Object.keys(LOADERS)): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      const program = ready.has(name) ? undefined : await LOADERS[name]?.()
      if (program) ready.set(name, program)
    }),
  )
}

/** Exit status of a process that a signal ended, as a shell reports it. */
const SIGNAL_STATUS: Readonly<Record<SignalName, number>> = { HUP: 129, INT: 130, KILL: 137, TERM: 143 }

const MAX_PROCS = 1000

export function isProgram(name: string): boolean {
  return Object.hasOwn(LOADERS, name)
}

/** Start `argv[0]`; paths such as /usr/sbin/nginx work too. The error is a line for the terminal. */
export function spawn(
  host: Host,
  argv: string[],
  ctx: Ctx,
  { ppid = 1, unit = '' }: { ppid?: Pid; unit?: string } = {},
): Result<Pid, string> {
  const name = (argv[0] ?? '').replace(/^\/(usr\/)?(s?bin|lib\/frr)\//, '')
  if (!isProgram(name)) return bad(`bash: ${argv[0] ?? ''}: command not found`)
  if (Object.keys(host.procs).length >= MAX_PROCS) return bad('bash: fork: Resource temporarily unavailable')
  const program = must(ready.get(name), `the program ${name} is loaded`)
  const pid = host.nextPid++
  const proc: Proc = { pid, argv, program: name, state: program.init(), startedNs: ctx.now, ppid, unit }
  host.procs[pid] = proc
  if (unit !== '') services().joinUnit(host, proc, ctx)
  ctx.note(host, { kind: 'proc.start', pid, argv })
  ctx.wake(host, pid, { kind: 'start' })
  return ok(pid)
}

/** Hand an event to a process. One that has ended meanwhile is left alone. */
export function runProcess(host: Host, pid: Pid, event: ProcEvent, ctx: Ctx): void {
  const proc = host.procs[pid]
  const program = proc ? ready.get(proc.program) : undefined
  if (!proc || !program) return
  const sys = new Sys(host, proc, ctx, spawn)
  if (event.kind === 'signal' && (event.signal === 'KILL' || !program.handles.includes(event.signal))) {
    return sys.exit(SIGNAL_STATUS[event.signal])
  }
  program.run(sys, proc.state, event)
  if (event.kind === 'start' && proc.unit !== '') services().unitStarted(host, proc, ctx)
}

/** What the daemons of a host let be looked up, in the order of their process numbers. */
export function viewDaemons(host: Host, now: Nanos): DaemonView[] {
  return Object.values(host.procs).flatMap(
    ({ program, state }) => ready.get(program)?.view?.(state, now) ?? [],
  )
}

export { cloneProc } from './program.ts'
