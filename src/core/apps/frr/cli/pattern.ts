/**
 * Command patterns in FRR's own notation (lib/command_parse.y): words, `A.B.C.D`, `A.B.C.D/M`, `(1-255)`, UPPERCASE
 * names, `LINE...`, choices `<a|b c>`, options `[a]` and sets `{a|b}` of which each member may come once, in any order.
 */
export type VarKind = 'ip' | 'prefix' | 'range' | 'word' | 'line'

export type Part =
  | { kind: 'word'; text: string }
  | { kind: 'var'; type: VarKind; shown: string; low: number; high: number }
  | { kind: 'choice'; of: readonly (readonly Part[])[] }
  | { kind: 'option'; of: readonly (readonly Part[])[] }
  | { kind: 'set'; of: readonly (readonly Part[])[] }

const CLOSING: Readonly<Record<string, string>> = { '<': '>', '[': ']', '{': '}' }
const KINDS = { '<': 'choice', '[': 'option', '{': 'set' } as const

/** Parse a pattern. Patterns are part of the program: a wrong one throws. */
export function parsePattern(text: string): readonly Part[] {
  const tokens = text.match(/[<>[\]{}|]|\([^)]*\)|[^\s<>[\]{}|]+/g) ?? []
  let at = 0

  function branches(closing: string): Part[][] {
    const all: Part[][] = [[]]
    for (;;) {
      const token = tokens[at++]
      if (token === closing) return all
      if (token === undefined) throw new Error(`pattern ends too soon: ${text}`)
      if (token === '|') all.push([])
      else all[all.length - 1]?.push(part(token))
    }
  }

  function part(token: string): Part {
    const closing = CLOSING[token]
    if (closing !== undefined) return { kind: KINDS[token as keyof typeof KINDS], of: branches(closing) }
    return leaf(token)
  }

  const parts: Part[] = []
  while (at < tokens.length) parts.push(part(tokens[at++] ?? ''))
  return parts
}

function leaf(token: string): Part {
  const range = /^\((\d+)-(\d+)\)$/.exec(token)
  const low = Number(range?.[1] ?? 0)
  const high = Number(range?.[2] ?? 0)
  const variable = (type: VarKind): Part => ({ kind: 'var', type, shown: token, low, high })
  if (range) return variable('range')
  if (token === 'A.B.C.D') return variable('ip')
  if (token === 'A.B.C.D/M') return variable('prefix')
  if (token === 'LINE...') return variable('line')
  return /^[A-Z][A-Z_0-9]+$/.test(token) ? variable('word') : { kind: 'word', text: token }
}
