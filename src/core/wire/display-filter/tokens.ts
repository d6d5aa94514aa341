/** A word of a display filter and where it stands in the text. */
export interface Token {
  kind: 'word' | 'quoted' | 'sign'
  /** Words as typed; quoted text without its quotes. */
  text: string
  at: number
  length: number
}

/** Why a filter is not understood: a code, the word it is about, and its place. */
export interface FilterProblem {
  code:
    | 'quote'
    | 'sign'
    | 'missing'
    | 'unexpected'
    | 'bracket'
    | 'field'
    | 'value'
    | 'types'
    | 'regexp'
    | 'long'
    | 'slice'
  word: string
  at: number
  length: number
  /** What would fit: field names like the one typed, or what a value must look like. */
  hint?: string
}

export class Refused extends Error {
  readonly problem: FilterProblem

  constructor(problem: FilterProblem) {
    super(problem.code)
    this.problem = problem
  }
}

export const MAX_LENGTH = 2000
const SIGNS = /^(?:===|!==|==|!=|~=|>=|<=|&&|\|\||\^\^|[<>~!(){},&#[\]])/
/** Names, numbers, addresses with prefix length, bytes in hex; `..` between two ends of a range stays a sign of its own. */
const WORD = /^[A-Za-z0-9_:/-]+(?:\.(?!\.)[A-Za-z0-9_:/-]+)*/

/** Cuts a filter into words. Throws `Refused`. */
export function tokensOf(text: string): Token[] {
  if (text.length > MAX_LENGTH) throw new Refused({ code: 'long', word: '', at: MAX_LENGTH, length: 0 })
  const tokens: Token[] = []
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at)
    const space = /^\s+/.exec(rest)?.[0]
    if (space !== undefined) {
      at += space.length
      continue
    }
    const token = rest.startsWith('"') ? quotedAt(rest, at) : plainAt(rest, at)
    tokens.push(token)
    at += token.length
  }
  return tokens
}

function quotedAt(rest: string, at: number): Token {
  const found = /^"((?:[^"\\]|\\.)*)"/.exec(rest)
  if (found === null) throw new Refused({ code: 'quote', word: rest.slice(0, 20), at, length: rest.length })
  const text = (found[1] ?? '').replace(/\\(["\\])/g, '$1')
  return { kind: 'quoted', text, at, length: found[0].length }
}

function plainAt(rest: string, at: number): Token {
  if (rest.startsWith('..')) return { kind: 'sign', text: '..', at, length: 2 }
  const sign = SIGNS.exec(rest)?.[0]
  if (sign !== undefined) return { kind: 'sign', text: sign, at, length: sign.length }
  const word = WORD.exec(rest)?.[0]
  if (word === undefined) throw new Refused({ code: 'sign', word: rest.charAt(0), at, length: 1 })
  return { kind: 'word', text: word, at, length: word.length }
}
