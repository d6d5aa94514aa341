import type { Io } from './sys.ts'

/** Commands of the lesson and of its kind that a person may well type; they are on Linux, so they are not "not found". */
const LATER = new Set('firewall-cmd vi vim nano nmap wget wrk su'.split(' '))

/** A command that is not there: bash's words, and the nearest name that is modelled. Its status. */
export function unknownCommand(typed: string, name: string, known: readonly string[], io: Io): number {
  if (LATER.has(name)) {
    io.err(`vipscope: ${name} is not modelled yet; \`help' lists what is\n`)
    return 127
  }
  io.err(`bash: ${typed}: ${typed.includes('/') ? 'No such file or directory' : 'command not found'}\n`)
  const near = nearest(name, known)
  if (near !== undefined) io.err(`vipscope: the nearest command that is modelled is \`${near}'\n`)
  return 127
}

function nearest(name: string, names: readonly string[]): string | undefined {
  if (name.length > 24) return undefined
  let best: string | undefined
  let least = Math.min(3, Math.ceil(name.length / 2))
  for (const known of names) {
    const d = distance(name, known)
    if (d < least) {
      least = d
      best = known
    }
  }
  return best
}

/** Levenshtein distance of two short words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
