import { keep, readKept } from '../prefs/storage.ts'

/** Lines kept per host, as HISTSIZE does. */
const KEPT = 500
const KEY = 'history'

/** A line is added as bash does with HISTCONTROL=ignoreboth: not twice in a row, not when it begins with a blank. */
export function addLine(lines: readonly string[], line: string): readonly string[] {
  if (line.trim() === '' || line.startsWith(' ') || lines.at(-1) === line) return lines
  return [...lines, line].slice(-KEPT)
}

/** What was typed on each host in this browser, oldest first. */
export function readHistory(host: string): readonly string[] {
  const lines = readAll()[host]
  return Array.isArray(lines) ? lines.filter((line): line is string => typeof line === 'string') : []
}

export function keepHistory(host: string, lines: readonly string[]): void {
  keep(KEY, { ...readAll(), [host]: lines })
}

function readAll(): Record<string, unknown> {
  const kept = readKept(KEY)
  return typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {}
}
