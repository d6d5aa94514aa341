import type { ProcEvent } from '../../../kernel/ctx.ts'
import type { Sys } from '../../sys.ts'
import { parseConfig } from '../config/parse.ts'
import { log } from '../log.ts'
import { emptyConfig } from '../config/build.ts'
import { complain, INSECURE_CHECKS, NO_SCRIPT_USER } from '../report.ts'
import { checksUseScripts } from '../script.ts'
import type { KeepalivedState } from '../state.ts'
import { clearServices, initServices, type Pool, setQuorumStates } from './pool.ts'
import { closeChecks, onCheckSocket, onCheckTimer, onPing, startChecks } from './run-check.ts'
import { markNewServers, takeOver } from './reload.ts'
import type { CheckersState } from './types.ts'
import { resolveServices } from './validate.ts'
import { serverName, serviceName } from './words.ts'

/** Keepalived_healthcheckers (check/check_daemon.c). */

/** Read the configuration, bring IPVS to it and let the checks begin; `old`: what was in force before a reload. */
export function startCheckers(sys: Sys, state: KeepalivedState, old: CheckersState | null): void {
  const parsed = parseConfig({
    path: state.args.configFile,
    readFile: (path) => sys.readFile(path),
    hasDev: (dev) => sys.hasDev(dev),
    role: 'checkers',
    reload: old !== null,
    testing: false,
  })
  const insecure = checksUseScripts(parsed.config) && !parsed.config.globals.scriptSecurity
  if (insecure) log(sys, state, NO_SCRIPT_USER)
  complain(sys, state, parsed.errors)
  const resolved = resolveServices(parsed.config, old !== null, (text) => log(sys, state, text))
  if (insecure) log(sys, state, INSECURE_CHECKS)
  const own: CheckersState = {
    globals: Object.freeze(parsed.config.globals),
    ...resolved,
    generation: old?.generation ?? 0,
    stopping: false,
  }
  state.checkers = own
  const pool: Pool = { sys, state, own }
  setQuorumStates(own)
  if (own.services.some((vs) => vs.spec.haSuspend)) sys.netlinkListen()
  if (own.services.length > 0) log(sys, state, `${old ? 'Rei' : 'I'}nitializing ipvs`)
  if (!old && own.globals.flush) sys.netlink({ op: 'ipvs.clear' })
  if (old) {
    takeOver(pool, old)
    markNewServers(own)
  }
  initServices(pool)
}

/** register_checkers_thread, once the parent knows that the configuration is in force. */
export function beginChecks(sys: Sys, state: KeepalivedState): void {
  if (state.checkers) startChecks({ sys, state, own: state.checkers })
}

export function reloadCheckers(sys: Sys, state: KeepalivedState): void {
  const old = state.checkers ?? {
    globals: emptyConfig().globals,
    services: [],
    checks: [],
    generation: 0,
    stopping: false,
  }
  log(sys, state, 'Reloading')
  closeChecks({ sys, state, own: old })
  startCheckers(sys, state, old)
}

export function onCheckersEvent(sys: Sys, state: KeepalivedState, event: ProcEvent): void {
  const own = state.checkers
  if (!own) return
  const pool: Pool = { sys, state, own }
  if (event.kind === 'timer' && event.name.startsWith('check ')) onCheckTimer(pool, event.name)
  else if (event.kind === 'sock') onCheckSocket(pool, event)
  else if (event.kind === 'ping') onPing(pool, event)
  else if (event.kind === 'netlink' && event.change.what === 'addr') onAddress(pool, event.change)
}

/** ha_suspend: checks rest while the service's address is not here (update_checker_activity). */
function onAddress(pool: Pool, change: { ip: number; gone: boolean }): void {
  const { sys, state, own } = pool
  for (const check of own.checks) {
    const vs = own.services[check.service]
    const rs = vs?.servers[check.server]
    if (!vs || !rs || !vs.spec.haSuspend || vs.spec.ip !== change.ip) continue
    const enable = sys.isOwn(vs.spec.ip)
    if (enable === check.enabled) continue
    const verb = enable ? 'Activat' : 'Suspend'
    log(
      sys,
      state,
      `${verb}ing healthchecker for service ${serverName(rs.spec, vs.spec)} for VS ${serviceName(vs.spec)}`,
    )
    check.enabled = enable
  }
}

/** SIGTERM: IPVS is left as it was found, unless -I. */
export function stopCheckers(sys: Sys, state: KeepalivedState): void {
  if (state.checkers && !state.args.keepIpvs) clearServices({ sys, state, own: state.checkers })
}
