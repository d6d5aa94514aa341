import { must } from '../base/assert.ts'
import type { LineSys } from '../apps/lines.ts'
import type { ShellEnv } from './env.ts'
import type { ShellRun } from './sys.ts'

/** The door to the shell: its code and that of commands comes when lines are to be run (running is never asynchronous). */
let shell: typeof import('./shell.ts') | undefined
let atOnce: typeof import('./line-now.ts') | undefined

/** Load the shell and what these lines name; without lines, all of its commands. */
export async function loadShell(lines?: Iterable<string>): Promise<void> {
  const [code, table, now] = await Promise.all([
    import('./shell.ts'),
    import('./table.ts'),
    import('./line-now.ts'),
  ])
  await (lines === undefined ? table.loadCommands() : table.loadCommandsOf(lines))
  shell = code
  atOnce = now
}

/** shell.ts startLine. The shell must have been loaded. */
export function startLine(line: string, env?: ShellEnv): ShellRun {
  return must(shell, 'the shell is loaded').startLine(line, env)
}

/** line-now.ts runLineAtOnce: for lines that programs run. */
export function runLineAtOnce(line: string, sys: LineSys): number {
  return must(atOnce, 'the shell is loaded').runLineAtOnce(line, sys)
}
