/** The command line of vtysh: what one line means where it stands. Pure; the program carries it out. */
import { findCommand, NODES, wordsOf } from '../cli/command.ts'
import type { Daemon } from '../cli/command.ts'
import { interpretConfig, type Place, TOP } from '../config/read.ts'
import type { VtyLine } from '../zapi.ts'
import { SHOW_COMMANDS } from './commands.ts'
import type { ShowCommand } from './show-command.ts'

export const ENABLE: Place = { node: 'enable', opened: '' }

export type Meaning =
  /** Nothing but perhaps another mode. */
  | { kind: 'place'; place: Place }
  | { kind: 'quit' }
  | { kind: 'config'; place: Place; to: readonly Daemon[]; line: VtyLine }
  | {
      kind: 'run'
      place: Place
      command: ShowCommand
      words: readonly string[]
      values: readonly string[]
      filter: string
    }
  | { kind: 'wrong'; text: string }

/** What follows `hostname` before `#`. */
export function promptOf(place: Place): string {
  return `${NODES[place.node].prompt}# `
}

/** One line as typed. */
export function interpret(place: Place, typed: string): Meaning {
  const [line = '', ...pipe] = typed.split('|')
  const filter = pipe.length > 0 ? pipe.join('|').trim() : ''
  const words = wordsOf(line)
  if (words.length === 0) return { kind: 'place', place }
  if (place.node === 'enable') return interpretEnable(place, words, typed, filter)
  if (words[0] === 'do') return interpretEnable(place, words.slice(1), typed, filter)
  const done = interpretConfig(place, line)
  if (done.kind === 'end') return { kind: 'place', place: ENABLE }
  if (done.kind === 'exit') return { kind: 'place', place: place.node === 'config' ? ENABLE : TOP }
  if (done.kind === 'ok') {
    const { command, text, at } = done
    if (command.absent !== undefined) return { kind: 'wrong', text: `${command.absent} is not running\n` }
    return { kind: 'config', place: done.place, to: command.to, line: { line: 0, node: at.opened, text } }
  }
  // A few commands work in every mode.
  const anywhere = interpretEnable(place, words, typed, filter)
  if (anywhere.kind === 'run' && anywhere.command.anywhere) return anywhere
  return { kind: 'wrong', text: wrongText(done.kind, typed) }
}

function interpretEnable(place: Place, words: readonly string[], typed: string, filter: string): Meaning {
  const rest = words[0] === 'do' && place.node === 'enable' ? words.slice(1) : words
  const found = findCommand(SHOW_COMMANDS, 'enable', rest)
  if (found.kind !== 'ok') return { kind: 'wrong', text: wrongText(found.kind, typed) }
  const { command, words: full, values } = found
  if (command.goes === 'quit') return { kind: 'quit' }
  if (command.goes === 'config') return { kind: 'place', place: TOP }
  if (command.goes === 'stay') return { kind: 'place', place }
  return { kind: 'run', place, command, words: full, values, filter }
}

function wrongText(kind: 'unknown' | 'ambiguous' | 'incomplete', typed: string): string {
  if (kind === 'ambiguous') return `% Ambiguous command: ${typed}\n`
  return `% ${kind === 'incomplete' ? 'Command incomplete' : 'Unknown command'}: ${typed}\n`
}
