import type { Pid } from '../base/ids.ts'
import type { ShellEnv } from './env.ts'
import type { Waits } from './expand.ts'
import type { Io, ShellSys } from './sys.ts'

/** One line in execution. */
export interface Session {
  sys: ShellSys
  env: ShellEnv
  /** Programs this line left running. */
  background: Pid[]
  /** Commands run so far: a loop that waits for nothing ends at a limit. */
  commands: number
}

/** How a list was left before its end. */
export type Leave = { kind: 'break' | 'continue'; levels: number } | { kind: 'exit' } | undefined

/** A command that runs other commands. `run` takes words, `text` a line; the status is then in the session's `env`. */
export type Wrapper = (args: readonly string[], tools: WrapperTools) => Waits<Leave>

export interface WrapperTools {
  session: Session
  io: Io
  run: (words: readonly string[], io: Io) => Waits<Leave>
  text: (line: string, io: Io) => Waits<Leave>
}
