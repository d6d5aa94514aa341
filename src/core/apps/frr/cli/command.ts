import { type Matched, matchCommand } from './match.ts'
import { type Part, parsePattern } from './pattern.ts'

/** Modes of the command line (enum node_type in lib/command.h). */
export type NodeName = 'enable' | 'config' | 'interface' | 'ospf' | 'rmap' | 'line'

/** FRR's number of a node, which its messages about a file show, and what the prompt shows. */
export const NODES: Readonly<Record<NodeName, { index: number; prompt: string }>> = {
  enable: { index: 3, prompt: '' },
  config: { index: 4, prompt: '(config)' },
  interface: { index: 17, prompt: '(config-if)' },
  ospf: { index: 41, prompt: '(config-router)' },
  rmap: { index: 59, prompt: '(config-route-map)' },
  line: { index: 77, prompt: '(config-line)' },
}

export type Daemon = 'zebra' | 'ospfd' | 'staticd'

/** A command of configuration, as vtysh and the daemon that takes it know it. */
export interface CliCommand {
  node: NodeName
  parts: readonly Part[]
  /** Empty: vtysh keeps it to itself. */
  to: readonly Daemon[]
  /** A daemon that is never there: it is known, but not modelled. */
  absent?: string
  /** Mode it leads into. */
  opens?: NodeName
}

export function command(
  node: NodeName,
  to: readonly Daemon[],
  pattern: string,
  opens?: NodeName,
): CliCommand {
  return { node, to, parts: parsePattern(pattern), ...(opens && { opens }) }
}

/** Words of a line; what follows `!` or `#` at its head is a remark. */
export function wordsOf(line: string): string[] {
  const text = line.trim()
  return text === '' || text.startsWith('!') || text.startsWith('#') ? [] : text.split(/\s+/)
}

/** The command of `node` that these words mean. */
export function findCommand<C extends { node: NodeName; parts: readonly Part[] }>(
  all: readonly C[],
  node: NodeName,
  words: readonly string[],
): Matched<C> {
  return matchCommand(
    words,
    all.filter((one) => one.node === node),
  )
}
