import type { Daemon, NodeName } from '../cli/command.ts'
import { type Part, parsePattern } from '../cli/pattern.ts'
import type { View } from './view.ts'

/** Words of the command written out, and the values in it. */
export interface Given {
  words: readonly string[]
  values: readonly string[]
}

/** What a command prints. `failed`: exit status 1. `write`: files to be written. */
export interface Printed {
  out: string
  failed?: true
  write?: Readonly<Record<string, string>>
}

export interface ShowCommand {
  node: NodeName
  parts: readonly Part[]
  /** The daemon that would answer. '' = vtysh itself. */
  needs: Daemon | ''
  goes?: 'quit' | 'config' | 'stay'
  /** May be typed in configuration without `do`. */
  anywhere?: true
  run: (view: View, given: Given) => string | Printed
}

type Run = ShowCommand['run']

/** A command that `needs` answers. */
export function show(needs: ShowCommand['needs'], pattern: string, run: Run): ShowCommand {
  return { node: 'enable', parts: parsePattern(pattern), needs, run }
}

/** A command that only leads elsewhere. */
export function move(goes: NonNullable<ShowCommand['goes']>, pattern: string): ShowCommand {
  return { ...show('', pattern, () => ''), goes }
}
