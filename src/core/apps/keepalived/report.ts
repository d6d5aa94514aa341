import type { Sys } from '../sys.ts'
import type { Role } from './config/parse.ts'
import type { ConfigError } from './config/walk.ts'
import { log } from './log.ts'
import type { KeepalivedState } from './state.ts'

/** What is wrong with the configuration, with file and line; the parent, which reads one file, leaves the name out. */
export function complain(sys: Sys, state: KeepalivedState, errors: readonly ConfigError[]): void {
  for (const { line, text } of errors) log(sys, state, placed(state.role, state.args.configFile, line, text))
}

export function placed(role: Role, file: string, line: number, text: string): string {
  if (line === 0) return text
  const where = role === 'parent' ? `(Line ${line})` : `(${file}: Line ${line})`
  return `${where} ${text}`
}

/** No processor time passes in the simulation. */
export const CPU_OWN = 'used 0.000000 user time, 0.000000 system time'
export const CPU_BOTH = 'used (self/children) 0.000000/0.000000 user time, 0.000000/0.000000 system time'
export const CPU_PARENT = 'CPU usage (self/children) user: 0.000000/0.000000 system: 0.000000/0.000000'

export const NO_SCRIPT_USER = "Script user 'keepalived_script' does not exist"
export const INSECURE_CHECKS =
  'SECURITY VIOLATION - check scripts are being executed but script_security not enabled.'
export const INSECURE_SCRIPTS =
  'SECURITY VIOLATION - scripts are being executed but script_security not enabled.'
