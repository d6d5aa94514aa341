/**
 * A configuration file, line by line, as vtysh reads it (vtysh_config_from_file, command_config_read_one_line): a line
 * that does not fit its mode is tried in the modes around it; a wrong one is named and left out, the rest goes on.
 */
import type { CliCommand, Daemon, NodeName } from '../cli/command.ts'
import { findCommand, NODES, wordsOf } from '../cli/command.ts'
import type { VtyLine } from '../zapi.ts'
import { CONFIG_COMMANDS } from './commands.ts'

/** Where the command line stands. `opened`: the line that led there. */
export interface Place {
  node: NodeName
  opened: string
}

export const TOP: Place = { node: 'config', opened: '' }
/** Where `end`, or one `exit` too many, leads; another `exit` there ends vtysh, in the middle of a file, too. */
const OUT: Place = { node: 'enable', opened: '' }

export type Interpreted =
  | { kind: 'ok'; command: CliCommand; text: string; place: Place; at: Place }
  | { kind: 'exit' | 'end'; place: Place }
  | { kind: 'unknown' | 'ambiguous' | 'incomplete' }

/** What a line of configuration means where it stands: the mode it was found in (`at`) and the one it leads to (`place`). */
export function interpretConfig(place: Place, line: string): Interpreted {
  const words = wordsOf(line)
  if (isWord(words, 'exit', 'quit')) return { kind: 'exit', place: TOP }
  if (isWord(words, 'end')) return { kind: 'end', place: TOP }
  const found = findCommand(CONFIG_COMMANDS, place.node, words)
  const own =
    found.kind === 'ok'
      ? { found, at: place }
      : { found: findCommand(CONFIG_COMMANDS, 'config', words), at: TOP }
  if (own.found.kind !== 'ok') return { kind: found.kind === 'ok' ? 'unknown' : found.kind }
  const { command, words: full } = own.found
  const text = full.join(' ')
  const next = command.opens ? { node: command.opens, opened: text } : own.at
  return { kind: 'ok', command, text, place: next, at: own.at }
}

function isWord(words: readonly string[], ...names: string[]): boolean {
  return words.length === 1 && names.includes(words[0] ?? '')
}

export interface ReadConfig {
  /** For each daemon its lines in order. */
  lines: Readonly<Record<Daemon, readonly VtyLine[]>>
  /** vtysh's words about lines that are wrong, each with the line's number. */
  errors: readonly string[]
  /** `hostname` and `service integrated-vtysh-config` of the file, which vtysh keeps itself. */
  integrated: boolean
  /** The file told vtysh to leave: it read no further and says nothing of what was wrong before. */
  left: boolean
}

/** Read a whole frr.conf. Any text is good: what is wrong stands in `errors`. */
export function readConfig(text: string): ReadConfig {
  const lines: Record<Daemon, VtyLine[]> = { zebra: [], ospfd: [], staticd: [] }
  const errors: string[] = []
  let place = TOP
  let integrated = false
  let left = false
  /** In the section of a daemon that is not there: vtysh knows its commands, and nobody hears them. */
  let isAbsent = false
  for (const [i, raw] of text.split('\n').entries()) {
    const words = wordsOf(raw)
    if (words.length === 0) continue
    const done = interpretConfig(place, raw)
    if (done.kind === 'exit' || done.kind === 'end') {
      left = place.node === 'enable' && done.kind === 'exit'
      if (left) break
      place = done.kind === 'end' || (place.node === 'config' && !isAbsent) ? OUT : TOP
      isAbsent = false
    } else if (place.node === 'enable') {
      if (words.join(' ').startsWith('conf')) place = TOP
      else errors.push(wrongLine('unknown', i + 1, place.node, raw))
    } else if (done.kind !== 'ok') {
      if (!isAbsent) errors.push(wrongLine(done.kind, i + 1, place.node, raw))
    } else {
      place = done.place
      isAbsent = done.command.absent !== undefined
      integrated ||= done.text === 'service integrated-vtysh-config'
      for (const daemon of done.command.to)
        lines[daemon].push({ line: i + 1, node: done.at.opened, text: done.text })
    }
  }
  return { lines, errors, integrated, left }
}

function wrongLine(
  kind: 'unknown' | 'ambiguous' | 'incomplete',
  line: number,
  node: NodeName,
  raw: string,
): string {
  const where = `[${NODES[node].index}]: ${raw}\n`
  if (kind === 'ambiguous') return `line ${line}: % Ambiguous command${where}`
  return kind === 'incomplete'
    ? `line ${line}: % Command incomplete${where}\n`
    : `line ${line}: % Unknown command${where}`
}
