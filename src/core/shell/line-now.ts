import type { LineSys } from '../apps/lines.ts'
import { firstWords } from './first-words.ts'
import { startLine } from './shell.ts'
import { NOTIFY_COMMANDS } from './notify.ts'
import { parseLine } from './parse.ts'
import type { ShellSys } from './sys.ts'

/** Lines in a script of a program, at most. */
const MAX_LINES = 200

/**
 * Run a line, or the lines of a script file that it names, in no time (apps/lines.ts). Simplified: nothing is waited for -
 * a program that it starts runs on beside it, `sleep` does not sleep, and only
 * a few commands are there (notify.ts). The status is that of the last line.
 */
export function runLineAtOnce(line: string, sys: LineSys): number {
  const shell: ShellSys = {
    now: () => sys.now,
    host: () => sys.host,
    apply: sys.apply,
    spawn: (argv) => sys.spawn(argv),
    signal: sys.kill,
    print: sys.print,
  }
  let status = 0
  for (const text of linesOf(line, sys.host.files)) status = runOne(text, shell)
  return status
}

function linesOf(line: string, files: Readonly<Record<string, string>>): string[] {
  const [path = ''] = line.trim().split(/\s+/)
  if (!Object.hasOwn(files, path)) return [line]
  const lines = (files[path] ?? '').split('\n').map((text) => text.trim())
  return lines.filter((text) => text !== '' && !text.startsWith('#')).slice(0, MAX_LINES)
}

function runOne(line: string, shell: ShellSys): number {
  const parsed = parseLine(line)
  const firsts = parsed.ok ? firstWords(parsed.value) : []
  const strange = firsts.find((name) => !NOTIFY_COMMANDS.includes(name.replace(/^\/(usr\/)?s?bin\//, '')))
  if (strange !== undefined) {
    shell.print(`vipscope: ${strange} is not modelled in lines that a program runs\n`, true)
    return 127
  }
  const run = startLine(line)
  let step = run.next(shell, 0)
  while (step.kind !== 'done') step = run.next(shell, 0)
  return step.status
}
