import type { Command, Io, Outcome } from './sys.ts'

const COMMANDS: readonly Command[] = []

/** Run one command by name. Unknown names get bash's words and status 127, and the nearest name that is modelled. */
export function runCommand(name: string, args: readonly string[], io: Io): Outcome {
  const command = COMMANDS.find((c) => c.name === name)
  if (command !== undefined) return command.run(args, io)
  io.err(`bash: ${name}: command not found\n`)
  return 127
}
