/**
 * Which command a line means (lib/command_match.c): every word may be shortened as long as it stays clear, a whole word
 * beats a shortened one, a word of the command beats a value.
 */
import { parseCidr } from '../../../base/cidr.ts'
import { parseIp4 } from '../../../base/ids.ts'
import type { Part } from './pattern.ts'

/** A command that a line may mean. */
export interface Candidate {
  parts: readonly Part[]
}

export type Matched<C> =
  | { kind: 'ok'; command: C; words: readonly string[]; values: readonly string[] }
  | { kind: 'unknown' | 'ambiguous' | 'incomplete' }

/** How well a word fits, least is best. */
const EXACT = 0
const SHORTENED = 1
const VALUE = 2
const ANY_WORD = 3

interface Path {
  /** The command's words, abbreviations written out. */
  words: readonly string[]
  /** Values of variables in order. */
  values: readonly string[]
  ranks: readonly number[]
  /** Tokens of the pattern passed: two paths with the same ones are the same command. */
  key: string
}

const START: Path = { words: [], values: [], ranks: [], key: '' }

/** Match a line (already split at blanks) against commands. */
export function matchCommand<C extends Candidate>(
  words: readonly string[],
  commands: readonly C[],
): Matched<C> {
  const found: { command: C; path: Path }[] = []
  let isPrefix = false
  for (const command of commands) {
    const walk = new Walk(words, (path) => void found.push({ command, path }))
    walk.run(command.parts)
    isPrefix ||= walk.ranOut
  }
  const [best, ...others] = found.sort((a, b) => compareRanks(a.path.ranks, b.path.ranks))
  if (!best) return { kind: isPrefix ? 'incomplete' : 'unknown' }
  const { command, path } = best
  const isClear = others.every(
    (other) => other.path.key === path.key || compareRanks(other.path.ranks, path.ranks) !== 0,
  )
  return isClear ? { kind: 'ok', command, words: path.words, values: path.values } : { kind: 'ambiguous' }
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] ?? 0) - (b[i] ?? 0)
  return 0
}

/** Tries every way through one pattern. */
class Walk {
  /** The line ended where the pattern wanted more. */
  ranOut = false
  private readonly words: readonly string[]
  private readonly found: (path: Path) => void

  constructor(words: readonly string[], found: (path: Path) => void) {
    this.words = words
    this.found = found
  }

  run(parts: readonly Part[]): void {
    this.sequence(parts, START, (path) => {
      if (path.ranks.length >= this.words.length) this.found(path)
    })
  }

  private sequence(parts: readonly Part[], path: Path, then: (path: Path) => void): void {
    const [first, ...rest] = parts
    if (!first) return then(path)
    const after = (next: Path): void => this.sequence(rest, next, then)
    switch (first.kind) {
      case 'word':
      case 'var':
        return this.leaf(first, path, after)
      case 'option':
        after(path)
        for (const branch of first.of) this.sequence(branch, path, after)
        return
      case 'choice':
        for (const branch of first.of) this.sequence(branch, path, after)
        return
      case 'set':
        return this.anyOrder(first.of, path, after)
    }
  }

  private anyOrder(of: readonly (readonly Part[])[], path: Path, then: (path: Path) => void): void {
    then(path)
    for (const branch of of) {
      const others = of.filter((other) => other !== branch)
      this.sequence(branch, path, (next) => {
        if (next !== path) this.anyOrder(others, next, then)
      })
    }
  }

  private leaf(part: Extract<Part, { kind: 'word' | 'var' }>, path: Path, then: (path: Path) => void): void {
    const word = this.words[path.ranks.length]
    if (word === undefined) {
      this.ranOut = true
      return
    }
    if (part.kind === 'word') {
      const rank = word === part.text ? EXACT : part.text.startsWith(word) && word !== '' ? SHORTENED : -1
      if (rank >= 0) then(step(path, part.text, rank, part.text))
      return
    }
    if (part.type === 'line') {
      const rest = this.words.slice(path.ranks.length)
      const next = step(path, rest.join(' '), ANY_WORD, part.shown, rest.join(' '))
      return then({ ...next, ranks: [...path.ranks, ...rest.map(() => ANY_WORD)] })
    }
    if (!isValue(part, word)) return
    then(step(path, word, part.type === 'word' ? ANY_WORD : VALUE, part.shown, word))
  }
}

function step(path: Path, word: string, rank: number, token: string, value?: string): Path {
  return {
    words: [...path.words, word],
    values: value === undefined ? path.values : [...path.values, value],
    ranks: [...path.ranks, rank],
    key: `${path.key} ${token}`,
  }
}

function isValue(part: Extract<Part, { kind: 'var' }>, word: string): boolean {
  switch (part.type) {
    case 'ip':
      return parseIp4(word) !== undefined
    case 'prefix':
      return word.includes('/') && parseCidr(word) !== undefined
    case 'range':
      return /^\d{1,10}$/.test(word) && Number(word) >= part.low && Number(word) <= part.high
    default:
      return true
  }
}
