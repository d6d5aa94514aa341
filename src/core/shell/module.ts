import { must } from '../base/assert.ts'
import type { ShellEnv } from './env.ts'
import type { ShellRun } from './sys.ts'

/** The door to the shell: its code and that of commands comes when lines are to be run (running is never asynchronous). */
let shell: typeof import('./shell.ts') | undefined

/** Load the shell and what these lines name; without lines, all of its commands. */
export async function loadShell(lines?: Iterable<string>): Promise<void> {
  const [code, table] = await Promise.all([import('./shell.ts'), import('./table.ts')])
  await (lines === undefined ? table.loadCommands() : table.loadCommandsOf(lines))
  shell = code
}

/** shell.ts startLine. The shell must have been loaded. */
export function startLine(line: string, env?: ShellEnv): ShellRun {
  return must(shell, 'the shell is loaded').startLine(line, env)
}
