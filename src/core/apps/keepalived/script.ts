import type { Sys } from '../sys.ts'
import type { Config } from './config/types.ts'
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
  const notifies = [...instances, ...syncGroups].flatMap(({ notify }) => Object.values(notify))
  return scripts.length > 0 || notifies.some((line) => line !== '')
}
