import type { Sys } from '../sys.ts'
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
