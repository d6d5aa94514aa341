import type { Result } from '../base/result.ts'
import { bad, ok } from '../base/result.ts'
import type { Piece } from './syntax.ts'

/**
 * Reads one expansion: `$name`, `${...}`, `$(...)`, `$((...))` or backquotes (POSIX.1-2017, XCU 2.6). Of the forms of
 * `${...}` there are the length and the four that put something in the place of an unset name; others are refused by name.
 */
export function readExpansion(
  line: string,
  at: number,
  quoted: boolean,
): Result<{ value: Piece; end: number } | null> {
  const c = line.charAt(at)
  if (c === '`') return readBackquotes(line, at, quoted)
  if (c !== '$') return ok(null)
  const rest = line.slice(at + 1, at + 100)
  if (rest.startsWith('((')) return readArith(line, at, quoted)
  if (rest.startsWith('(')) {
    const end = endOfParens(line, at + 1)
    if (end < 0) return bad("bash: unexpected EOF while looking for matching `)'")
    return ok({ value: { kind: 'command', line: line.slice(at + 2, end), quoted }, end: end + 1 })
  }
  if (rest.startsWith('{')) return readBraces(line, at, quoted)
  if (rest.startsWith("'") && !quoted) return bad("vipscope: `$'': this form of quoting is not modelled")
  const name = /^([A-Za-z_]\w*|[0-9?#@*$!])/.exec(rest)?.[0]
  // a lone $ is itself
  if (name === undefined) return ok(null)
  return ok({ value: param(name, quoted), end: at + 1 + name.length })
}

function param(name: string, quoted: boolean): Piece & { kind: 'param' } {
  return { kind: 'param', name, quoted, length: false, otherwise: null }
}

function readBackquotes(line: string, at: number, quoted: boolean): Result<{ value: Piece; end: number }> {
  let end = at + 1
  while (end < line.length && line.charAt(end) !== '`') end += line.charAt(end) === '\\' ? 2 : 1
  if (end >= line.length) return bad("bash: unexpected EOF while looking for matching ``'")
  const inner = line.slice(at + 1, end).replace(/\\([$`\\])/g, '$1')
  return ok({ value: { kind: 'command', line: inner, quoted }, end: end + 1 })
}

function readArith(line: string, at: number, quoted: boolean): Result<{ value: Piece; end: number }> {
  const end = endOfParens(line, at + 1)
  if (end < 0 || line.charAt(end - 1) !== ')')
    return bad("bash: unexpected EOF while looking for matching `)'")
  return ok({ value: { kind: 'arith', expression: line.slice(at + 3, end - 1), quoted }, end: end + 1 })
}

/** Place of the parenthesis that closes the one at `at`; -1: there is none. Quotes hide parentheses. */
function endOfParens(line: string, at: number): number {
  let depth = 0
  for (let i = at; i < line.length; i++) {
    const c = line.charAt(i)
    if (c === '\\') i++
    else if (c === "'" || c === '"') {
      const end = endOfQuotes(line, i)
      if (end < 0) return -1
      i = end
    } else if (c === '(') depth++
    else if (c === ')' && --depth === 0) return i
  }
  return -1
}

function endOfQuotes(line: string, at: number): number {
  const quote = line.charAt(at)
  for (let i = at + 1; i < line.length; i++) {
    if (quote === '"' && line.charAt(i) === '\\') i++
    else if (line.charAt(i) === quote) return i
  }
  return -1
}

function readBraces(line: string, at: number, quoted: boolean): Result<{ value: Piece; end: number }> {
  const end = line.indexOf('}', at)
  if (end < 0) return bad("bash: unexpected EOF while looking for matching `}'")
  const inner = line.slice(at + 2, end)
  const length = /^#([A-Za-z_]\w*)$/.exec(inner)?.[1]
  if (length !== undefined) return ok({ value: { ...param(length, quoted), length: true }, end: end + 1 })
  const m = /^([A-Za-z_]\w*|[0-9?#@*$!])(?:(:-|-|:=|:\+)([^$`'"\\]*))?$/.exec(inner)
  if (!m) return bad(`vipscope: \`\${${inner}}': this expansion is not modelled`)
  const [, name = '', op, text = ''] = m
  const otherwise = op === undefined ? null : { op: op as ':-', pieces: plainPieces(text, quoted) }
  return ok({ value: { ...param(name, quoted), otherwise }, end: end + 1 })
}

function plainPieces(text: string, quoted: boolean): Piece[] {
  return [{ kind: 'text', text, quoted }]
}
