import type { Pid } from '../../base/ids.ts'
import type { ProcEvent } from '../../kernel/ctx.ts'
import type { Sys } from '../sys.ts'
import { parseConfig } from './config/parse.ts'
import type { Config } from './config/types.ts'
import { log } from './log.ts'
import { complain, CPU_PARENT } from './report.ts'
import type { KeepalivedState } from './state.ts'
import { keepalivedVersion, kernelLine } from './version.ts'

/**
 * The parent (core/main.c, core/keepalived_main.c): reads what there is to run, starts a child for each half, passes
 * signals on, starts a child again that has died. It does not go to the background: that is left to whoever starts it.
 */
const PID_FILE = '/run/keepalived.pid'
const EXIT_NO_CONFIG = 6

type Child = 'checkers' | 'vrrp'
const CHILDREN: readonly Child[] = ['checkers', 'vrrp']
const NAMES = { checkers: 'Healthcheck', vrrp: 'VRRP' } as const
const PID_FILES = { checkers: '/run/checkers.pid', vrrp: '/run/vrrp.pid' } as const

export function startParent(sys: Sys, state: KeepalivedState): void {
  log(sys, state, `Starting Keepalived ${keepalivedVersion(sys.profile).banner}`)
  log(sys, state, kernelLine(sys.profile))
  log(sys, state, `Command line: ${state.args.words.map((word) => `'${word}'`).join(' ')}`)
  const running = Number(sys.readFile(PID_FILE) ?? 0)
  if (running > 0 && running !== sys.pid && sys.pidsOf('keepalived').includes(running)) {
    log(sys, state, 'daemon is already running')
    return stopped(sys, state, 0)
  }
  for (const path of [PID_FILE, PID_FILES.checkers, PID_FILES.vrrp]) {
    if (sys.readFile(path) !== undefined) log(sys, state, `Remove a zombie pid file ${path}`)
    sys.removeFile(path)
  }
  sys.writeFile(PID_FILE, `${sys.pid}\n`)
  const config = readConfig(sys, state, false)
  if (!config) return stopped(sys, state, EXIT_NO_CONFIG)
  log(
    sys,
    state,
    'NOTICE: setting config option max_auto_priority should result in better keepalived performance',
  )
  const wanted = CHILDREN.filter((child) => wants(state, config, child))
  if (wanted.length === 0) log(sys, state, 'Warning - keepalived has no configuration to run')
  for (const child of wanted) startChild(sys, state, child)
}

function readConfig(sys: Sys, state: KeepalivedState, reload: boolean): Config | undefined {
  const path = state.args.configFile
  if (sys.readFile(path) === undefined) {
    log(sys, state, `Config files missing '${path}'.`)
    return undefined
  }
  log(sys, state, `Opening file '${path}'.`)
  const readFile = (name: string): string | undefined => sys.readFile(name)
  const hasDev = (dev: string): boolean => sys.hasDev(dev)
  const parsed = parseConfig({ path, readFile, hasDev, role: 'parent', reload, testing: false })
  log(sys, state, `Configuration file ${path}`)
  complain(sys, state, parsed.errors)
  return parsed.config
}

function wants(state: KeepalivedState, config: Config, child: Child): boolean {
  return state.args[child] && (child === 'vrrp' ? config.hasVrrp : config.hasChecker)
}

function startChild(sys: Sys, state: KeepalivedState, child: Child): void {
  const started = sys.spawn([...sys.argv])
  if (!started.ok) return log(sys, state, `${NAMES[child]} process: fork error (${started.error})`)
  const pid = started.value
  state.parent[child] = pid
  state.parent.waiting = [...state.parent.waiting, pid]
  sys.watch(pid)
  sys.tell(pid, 'role', Object.freeze({ role: child }))
  sys.writeFile(PID_FILES[child], `${pid}\n`)
  log(sys, state, `Starting ${NAMES[child]} child process, pid=${pid}`)
}

export function onParentEvent(sys: Sys, state: KeepalivedState, event: ProcEvent): void {
  if (event.kind === 'signal') return event.signal === 'HUP' ? reload(sys, state) : stop(sys, state)
  if (event.kind !== 'message') return
  if (event.what === 'ready') return onReady(sys, state, event.from)
  if (event.what === 'bad-config') return onBadConfig(sys, state, event.from)
  if (event.what === 'gone') onGone(sys, state, event.from)
}

/** A child has read its configuration and acted on it. */
function onReady(sys: Sys, state: KeepalivedState, pid: Pid): void {
  const { parent } = state
  if (!parent.waiting.includes(pid)) return
  sys.tell(pid, 'begin', null)
  parent.waiting = parent.waiting.filter((other) => other !== pid)
  if (parent.waiting.length > 0) return
  log(sys, state, parent.reloading ? 'Reload complete' : 'Startup complete')
  parent.reloading = false
}

function reload(sys: Sys, state: KeepalivedState): void {
  const { parent } = state
  log(sys, state, 'Reloading ...')
  const config = readConfig(sys, state, true)
  if (!config) return
  parent.reloading = true
  for (const child of CHILDREN) {
    const pid = parent[child]
    if (pid !== 0) {
      parent.waiting = [...parent.waiting, pid]
      sys.kill(pid, 'HUP')
    } else if (wants(state, config, child)) startChild(sys, state, child)
  }
}

function stop(sys: Sys, state: KeepalivedState): void {
  const { parent } = state
  if (parent.stopping) return
  parent.stopping = true
  log(sys, state, 'Stopping')
  for (const child of CHILDREN) if (parent[child] !== 0) sys.kill(parent[child], 'TERM')
  if (parent.checkers === 0 && parent.vrrp === 0) stopped(sys, state, 0)
}

/** A child that has found its configuration to be no good has ended for good, and so does everything. */
function onBadConfig(sys: Sys, state: KeepalivedState, pid: Pid): void {
  const child = CHILDREN.find((name) => state.parent[name] === pid)
  if (!child) return
  const ident = child === 'vrrp' ? 'Keepalived_vrrp' : 'Keepalived_healthcheckers'
  log(sys, state, `${ident} exited with permanent error CONFIG. Terminating`)
  state.parent[child] = 0
  stop(sys, state)
}

/** SIGCHLD. One that did not end because it was told to is started again. */
function onGone(sys: Sys, state: KeepalivedState, pid: Pid): void {
  const { parent } = state
  const child = CHILDREN.find((name) => parent[name] === pid)
  if (!child) return
  parent[child] = 0
  sys.removeFile(PID_FILES[child])
  parent.waiting = parent.waiting.filter((other) => other !== pid)
  if (parent.stopping) {
    if (parent.checkers === 0 && parent.vrrp === 0) stopped(sys, state, 0)
    return
  }
  log(sys, state, `pid ${pid} exited due to signal 9 (Killed) - has rlimit_rttime been exceeded?`)
  log(sys, state, `${NAMES[child]} child process(${pid}) died: Respawning`)
  log(sys, state, '  Please log an issue at https://github.com/acassen/keepalived/issues/')
  log(sys, state, '  and include a full copy of your keepalived configuration files, and')
  log(sys, state, '  copies of the keepalived system log entries around the time this happened')
  log(sys, state, `Restart of ${NAMES[child]} process delayed 0 seconds to limit respawn rate`)
  startChild(sys, state, child)
}

function stopped(sys: Sys, state: KeepalivedState, status: number): void {
  if (Number(sys.readFile(PID_FILE) ?? 0) === sys.pid) sys.removeFile(PID_FILE)
  log(sys, state, CPU_PARENT)
  log(sys, state, `Stopped Keepalived ${keepalivedVersion(sys.profile).banner}`)
  sys.exit(status)
}
