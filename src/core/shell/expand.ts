import { evaluate } from './arith.ts'
import type { ShellEnv } from './env.ts'
import type { Waiting } from './sys.ts'
import type { Piece, Word } from './syntax.ts'

/**
 * Expansion of words (POSIX.1-2017, XCU 2.6): braces (as bash), parameters, command substitution, arithmetic, splitting
 * of what came unquoted. Names of files are not matched against patterns: a pattern stays as it is, as bash leaves one
 * that fits nothing.
 */

export type Waits<T> = Generator<Waiting, T, number>

export interface Expander {
  env: ShellEnv
  /** Output of a command substitution. */
  substitute: (line: string) => Waits<string>
  /** A mistake in an expression. */
  complain: (text: string) => void
}

const BRACE_LIMIT = 10_000

export function* expandWords(words: readonly Word[], how: Expander): Waits<string[]> {
  const fields: string[] = []
  for (const word of words.flatMap(expandBraces)) fields.push(...(yield* expandWord(word, how)))
  return fields
}

/** A word that is never split: values of variables, targets of redirections, bodies of here documents. */
export function* expandText(word: Word, how: Expander): Waits<string> {
  let text = ''
  for (const [i, piece] of word.entries()) text += yield* valueOf(i === 0 ? expandHome(piece) : piece, how)
  return text
}

function* expandWord(word: Word, how: Expander): Waits<string[]> {
  const fields: string[] = []
  let field: string | undefined
  for (const [i, raw] of word.entries()) {
    const piece = i === 0 ? expandHome(raw) : raw
    const value = yield* valueOf(piece, how)
    if (piece.quoted || piece.kind === 'text') {
      field = (field ?? '') + value
      continue
    }
    const [head = '', ...rest] = value.split(/[ \t\n]+/)
    if (head !== '' || field !== undefined) field = (field ?? '') + head
    for (const part of rest) {
      if (field !== undefined) fields.push(field)
      field = part === '' ? undefined : part
    }
  }
  if (field !== undefined) fields.push(field)
  return fields
}

function expandHome(piece: Piece): Piece {
  return piece.kind === 'text' && !piece.quoted && /^~(?=\/|$)/.test(piece.text)
    ? { ...piece, text: `/root${piece.text.slice(1)}` }
    : piece
}

function* valueOf(piece: Piece, how: Expander): Waits<string> {
  switch (piece.kind) {
    case 'text':
      return piece.text
    case 'command':
      return (yield* how.substitute(piece.line)).replace(/\n+$/, '')
    case 'arith': {
      const value = evaluate(piece.expression, (name) => parameter(name, how.env) ?? '')
      if (!value.ok) how.complain(`bash: ${value.error}\n`)
      return value.ok ? String(value.value) : ''
    }
    case 'param': {
      const value = parameter(piece.name, how.env)
      if (piece.length) return String((value ?? '').length)
      const { otherwise } = piece
      if (!otherwise) return value ?? ''
      const isThere = otherwise.op === '-' ? value !== undefined : value !== undefined && value !== ''
      if (otherwise.op === ':+') return isThere ? yield* expandText(otherwise.pieces, how) : ''
      if (isThere) return value ?? ''
      const text = yield* expandText(otherwise.pieces, how)
      if (otherwise.op === ':=') how.env.vars[piece.name] = text
      return text
    }
  }
}

function parameter(name: string, env: ShellEnv): string | undefined {
  if (name === '?') return String(env.status)
  if (name === '#') return '0'
  if (name === '!') return env.jobs.length > 0 ? String(env.jobs[env.jobs.length - 1]) : undefined
  if (name === '0') return 'bash'
  return Object.hasOwn(env.vars, name) ? env.vars[name] : undefined
}

/** `{1..5}` and `{a,b}`, in unquoted text only. */
export function expandBraces(word: Word): Word[] {
  for (const [i, piece] of word.entries()) {
    if (piece.kind !== 'text' || piece.quoted) continue
    const m = /^(.*?)\{([^{}\s]*)\}(.*)$/s.exec(piece.text)
    const members = m ? braceMembers(m[2] ?? '') : undefined
    if (!m || !members) continue
    const text = (value: string): Piece[] =>
      value === '' ? [] : [{ kind: 'text', text: value, quoted: false }]
    return members.flatMap((member) =>
      expandBraces([
        ...word.slice(0, i),
        ...text(`${m[1] ?? ''}${member}`),
        ...text(m[3] ?? ''),
        ...word.slice(i + 1),
      ]),
    )
  }
  return [word]
}

function braceMembers(inner: string): string[] | undefined {
  const range = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(inner)
  if (range) {
    const from = Number(range[1])
    const to = Number(range[2])
    const by = Math.max(1, Math.abs(Number(range[3] ?? 1)))
    const count = Math.floor(Math.abs(to - from) / by) + 1
    if (count > BRACE_LIMIT) return undefined
    return Array.from({ length: count }, (_, i) => String(from + (to < from ? -i : i) * by))
  }
  return inner.includes(',') ? inner.split(',') : undefined
}
