import { SEC } from '../../base/ids.ts'
import type { ProcEvent } from '../../kernel/ctx.ts'
import type { Program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { type Args, parseArgs } from './args.ts'
import { runConfigTest } from './config-test.ts'
import { beginChecks, onCheckersEvent, reloadCheckers, startCheckers, stopCheckers } from './health/child.ts'
import { log } from './log.ts'
import { onParentEvent, startParent } from './parent.ts'
import { CPU_BOTH, CPU_OWN } from './report.ts'
import type { KeepalivedState } from './state.ts'
import { versionText } from './version.ts'
import { viewKeepalived } from './view.ts'
import { beginVrrp, onVrrpEvent, reloadVrrp, startVrrp, stopVrrp } from './vrrp/child.ts'

/**
 * keepalived 2.2: a parent and up to two children of the same name, told apart by what their parent tells them. BFD, SNMP,
 * mail, FIFOs, D-Bus and IPv6 are not modelled; scripts run at once and take no time.
 */
export const keepalived: Program<KeepalivedState> = {
  name: 'keepalived',
  init: () => ({
    role: 'parent',
    args: NO_ARGS,
    parent: { checkers: 0, vrrp: 0, stopping: false, waiting: [], reloading: false },
    checkers: null,
    vrrp: null,
    ranScripts: false,
  }),
  run,
  handles: ['HUP', 'TERM', 'INT'],
  view: viewKeepalived,
}

const NO_ARGS: Args = Object.freeze({
  words: [],
  configFile: '',
  console: false,
  detail: false,
  checkers: false,
  vrrp: false,
  test: false,
  version: false,
  help: false,
  keepVrrp: false,
  keepIpvs: false,
})
const EXIT_CONFIG = 78

function run(sys: Sys, state: KeepalivedState, event: ProcEvent): void {
  if (event.kind === 'start') return start(sys, state)
  if (event.kind === 'message' && event.what === 'role') return becomeChild(sys, state, event.body)
  if (state.role === 'parent') return onParentEvent(sys, state, event)
  if (event.kind === 'signal' && event.signal === 'HUP') return reload(sys, state)
  // The kernel sends SIGTERM to a child whose parent has died (PR_SET_PDEATHSIG).
  if (event.kind === 'signal' || (event.kind === 'message' && event.what === 'gone')) return stop(sys, state)
  if (event.kind === 'timer' && event.name === 'stopped') return finish(sys, state)
  if (event.kind === 'message' && event.what === 'begin') {
    return state.role === 'checkers' ? beginChecks(sys, state) : beginVrrp(sys, state)
  }
  if (state.role === 'checkers') onCheckersEvent(sys, state, event)
  else onVrrpEvent(sys, state, event)
}

function start(sys: Sys, state: KeepalivedState): void {
  const parsed = parseArgs(sys.argv)
  if (!parsed.ok) {
    sys.eprint(parsed.error)
    return sys.exit(1)
  }
  state.args = Object.freeze(parsed.value)
  if (sys.argvOf(sys.ppid) !== undefined && sys.pidsOf('keepalived').includes(sys.ppid)) return
  if (state.args.version || state.args.help) {
    sys.eprint(versionText(sys.profile))
    return sys.exit(0)
  }
  if (state.args.test) return runConfigTest(sys, state.args)
  startParent(sys, state)
}

function becomeChild(sys: Sys, state: KeepalivedState, body: unknown): void {
  const isVrrp = typeof body === 'object' && body !== null && 'role' in body && body.role === 'vrrp'
  state.role = isVrrp ? 'vrrp' : 'checkers'
  sys.watch(sys.ppid)
  if (state.role === 'checkers') startCheckers(sys, state, null)
  else if (!startVrrp(sys, state, null)) return badConfig(sys, state)
  sys.tell(sys.ppid, 'ready', null)
}

/** The configuration is read; the parent answers `begin`. */
function reload(sys: Sys, state: KeepalivedState): void {
  if (state.role === 'checkers') reloadCheckers(sys, state)
  else if (!reloadVrrp(sys, state)) return badConfig(sys, state)
  sys.tell(sys.ppid, 'ready', null)
}

function badConfig(sys: Sys, state: KeepalivedState): void {
  sys.tell(sys.ppid, 'bad-config', null)
  log(sys, state, `Stopped - ${state.ranScripts ? CPU_BOTH : CPU_OWN}`)
  sys.exit(EXIT_CONFIG)
}

/** The VRRP child waits a second, so that its leaving of the group gets out (vrrp_terminate_phase1). */
function stop(sys: Sys, state: KeepalivedState): void {
  if (state.role === 'checkers') {
    stopCheckers(sys, state)
    return finish(sys, state)
  }
  if (!state.vrrp || state.vrrp.stopping) return
  state.vrrp.stopping = true
  stopVrrp(sys, state)
  sys.sleep('stopped', SEC)
}

function finish(sys: Sys, state: KeepalivedState): void {
  log(sys, state, `Stopped - ${state.ranScripts ? CPU_BOTH : CPU_OWN}`)
  sys.exit(0)
}
