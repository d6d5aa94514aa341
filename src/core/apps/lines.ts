import type { Pid } from '../base/ids.ts'
import type { Result } from '../base/result.ts'
import type { Host } from '../kernel/host.ts'
import type { Errno, NetlinkOp } from '../kernel/netlink.ts'

/**
 * Command lines that programs have run (notify scripts of keepalived). The shell is above programs, so it brings the way to run a
 * line when it is loaded for a program that may need it.
 */
export interface LineSys {
  now: number
  host: Host
  apply: (op: NetlinkOp) => Result<void, Errno>
  spawn: (argv: string[]) => Result<Pid, string>
  kill: (pid: Pid, signal: 'HUP' | 'INT' | 'TERM' | 'KILL') => void
  print: (text: string, err: boolean) => void
}

/** Runs a line at once and returns its status. */
type LineRunner = (line: string, sys: LineSys) => number

let runner: LineRunner | undefined

export function provideLines(run: LineRunner): void {
  runner = run
}

/** Status of a line; 127 where there is no shell. */
export function runLineNow(line: string, sys: LineSys): number {
  return runner ? runner(line, sys) : 127
}
