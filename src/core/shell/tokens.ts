import type { Result } from '../base/result.ts'
import { bad, ok } from '../base/result.ts'

/** A word is made of pieces: literal text (quoting already taken off) and `$?`. */
export type Piece = { kind: 'text'; text: string; quoted: boolean } | { kind: 'status' }
export type Token = { kind: 'word'; pieces: Piece[] } | { kind: 'op'; op: string }

/** Longest first: the shell takes the longest operator that fits (POSIX.1-2017, XCU 2.3). */
const OPERATORS = [
  '&>>',
  '<<<',
  '&&',
  '||',
  ';;',
  '|&',
  '>>',
  '<<',
  '<&',
  '>&',
  '&>',
  '<>',
  '>|',
  ';',
  '&',
  '|',
  '<',
  '>',
  '(',
  ')',
  '\n',
]
const LINE_LIMIT = 100_000

/** Cut a line into words and operators. Never throws; linear in the length of the line. */
export function tokenize(line: string): Result<Token[]> {
  if (line.length > LINE_LIMIT)
    return bad(`vipscope: a line of more than ${LINE_LIMIT} characters is refused`)
  const tokens: Token[] = []
  let at = 0
  while (at < line.length) {
    const c = line.charAt(at)
    if (c === ' ' || c === '\t' || c === '\r') at++
    else if (c === '#') at = endOfComment(line, at)
    else {
      const op = operatorAt(line, at)
      if (op !== undefined) {
        tokens.push({ kind: 'op', op })
        at += op.length
        continue
      }
      const word = readWord(line, at)
      if (!word.ok) return word
      tokens.push({ kind: 'word', pieces: word.value.pieces })
      at = word.value.end
    }
  }
  return ok(tokens)
}

function endOfComment(line: string, at: number): number {
  const end = line.indexOf('\n', at)
  return end < 0 ? line.length : end
}

function operatorAt(line: string, at: number): string | undefined {
  return OPERATORS.find((op) => line.startsWith(op, at))
}

function endsWord(c: string): boolean {
  return ' \t\r\n;&|<>()'.includes(c)
}

function readWord(line: string, start: number): Result<{ pieces: Piece[]; end: number }> {
  const pieces: Piece[] = []
  let at = start
  let plain = ''
  const flush = (): void => {
    if (plain !== '') pieces.push({ kind: 'text', text: plain, quoted: false })
    plain = ''
  }
  while (at < line.length && !endsWord(line.charAt(at))) {
    const c = line.charAt(at)
    if (c === '\\') {
      flush()
      // a backslash before the line's end joins lines; at the very end bash keeps it
      if (line.charAt(at + 1) !== '\n')
        pieces.push({ kind: 'text', text: line.charAt(at + 1) || '\\', quoted: true })
      at += 2
    } else if (c === "'") {
      const end = line.indexOf("'", at + 1)
      if (end < 0) return unclosed("'")
      flush()
      pieces.push({ kind: 'text', text: line.slice(at + 1, end), quoted: true })
      at = end + 1
    } else if (c === '"') {
      flush()
      const quoted = readDouble(line, at + 1)
      if (!quoted.ok) return quoted
      pieces.push(...quoted.value.pieces)
      at = quoted.value.end
    } else if (c === '$' && line.charAt(at + 1) === '?') {
      flush()
      pieces.push({ kind: 'status' })
      at += 2
    } else {
      const refused = expansionAt(line, at)
      if (refused !== undefined) return bad(refused)
      plain += c
      at++
    }
  }
  flush()
  return ok({ pieces, end: at })
}

/** Inside double quotes a backslash quotes only $ ` " \ and the line's end. */
function readDouble(line: string, start: number): Result<{ pieces: Piece[]; end: number }> {
  const pieces: Piece[] = []
  let text = ''
  let at = start
  const flush = (): void => {
    pieces.push({ kind: 'text', text, quoted: true })
    text = ''
  }
  while (at < line.length) {
    const c = line.charAt(at)
    const following = line.charAt(at + 1)
    if (c === '"') {
      flush()
      return ok({ pieces, end: at + 1 })
    }
    if (c === '\\' && following !== '' && '$`"\\\n'.includes(following)) {
      if (following !== '\n') text += following
      at += 2
    } else if (c === '$' && following === '?') {
      flush()
      pieces.push({ kind: 'status' })
      at += 2
    } else {
      const refused = expansionAt(line, at)
      if (refused !== undefined) return bad(refused)
      text += c
      at++
    }
  }
  return unclosed('"')
}

/** `$name`, `${...}`, `$(...)` and backquotes would be replaced by bash; a lone `$` is itself. */
function expansionAt(line: string, at: number): string | undefined {
  const c = line.charAt(at)
  if (c === '`') return "vipscope: `` ` '': command substitution is not modelled yet"
  if (c !== '$') return undefined
  const following = line.charAt(at + 1)
  if (following === '(') return "vipscope: `$(': command substitution is not modelled yet"
  if (/[A-Za-z_0-9{@*#!$'"-]/.test(following) && !/^\$["\s]|^\$$/.test(line.slice(at, at + 2))) {
    return `vipscope: \`$${following}': expansion of variables is not modelled yet`
  }
  return undefined
}

function unclosed(quote: string): Result<never> {
  return bad(`bash: unexpected EOF while looking for matching \`${quote}'`)
}
