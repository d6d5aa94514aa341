import type { Sys } from '../sys.ts'
import type { Config, Notify } from './config/types.ts'
import type { KeepalivedState } from './state.ts'

/**
 * Run a command line of the configuration (lib/notify.c). It runs at once and to its end: what a program needs time for is
 * started and not waited for. Returns the exit status.
 */
export function runScript(sys: Sys, state: KeepalivedState, line: string): number {
  if (line === '') return 0
  state.ranScripts = true
  return sys.system(line)
}

export function checksUseScripts({ services }: Config): boolean {
  return services.some(
    (vs) => vs.quorumUp + vs.quorumDown + vs.servers.map((rs) => rs.notifyUp + rs.notifyDown).join('') !== '',
  )
}

export function vrrpUsesScripts({ scripts, instances, syncGroups }: Config): boolean {
  const runs = ({ notify }: { notify: Notify }): boolean =>
    notify.master + notify.backup + notify.fault + notify.stop + notify.any !== ''
  return scripts.length > 0 || instances.some(runs) || syncGroups.some(runs)
}
