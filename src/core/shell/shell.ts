import type { Pid } from '../base/ids.ts'
import { newEnv, type ShellEnv } from './env.ts'
import { runItems } from './exec.ts'
import { parseLine } from './parse.ts'
import type { Session } from './session.ts'
import type { ShellRun, ShellSys } from './sys.ts'

/**
 * Start a command line. Nothing happens before the first `next`. Syntax errors come out of it as bash words them,
 * status 2. Never throws on any text. `env` is the session's memory: give the same one again for its next line.
 */
export function startLine(line: string, env: ShellEnv = newEnv()): ShellRun {
  remember(line, env)
  const parsed = parseLine(line)
  if (!parsed.ok) return failed(parsed.error, env)
  const background: Pid[] = []
  let running: ReturnType<typeof runItems> | undefined
  return {
    next: (sys: ShellSys, lastStatus: number) => {
      if (running === undefined) {
        const session: Session = { sys, env, background, commands: 0 }
        const screen = {
          out: (text: string) => sys.print(text, false),
          err: (text: string) => sys.print(text, true),
        }
        running = runItems(parsed.value, session, { sys, ...screen, screen, input: null, env })
      }
      const step = running.next(lastStatus)
      return step.done === true ? { kind: 'done', status: env.status, background } : step.value
    },
  }
}

const HISTORY_LIMIT = 1000

/** A line is remembered as it was typed, unless it is empty or the same as the last one (HISTCONTROL=ignoredups). */
function remember(line: string, { history }: ShellEnv): void {
  if (line.trim() === '' || history.at(-1) === line) return
  history.push(line)
  if (history.length > HISTORY_LIMIT) history.shift()
}

function failed(message: string, env: ShellEnv): ShellRun {
  return {
    next: (sys) => {
      env.status = 2
      sys.print(`${message}\n`, true)
      return { kind: 'done', status: 2, background: [] }
    },
  }
}
