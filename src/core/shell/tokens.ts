import type { Result } from '../base/result.ts'
import { bad, ok } from '../base/result.ts'
import { readExpansion } from './expansion-text.ts'
import type { Piece } from './syntax.ts'

/**
 * Cuts a line into words and operators, quoting taken off (POSIX.1-2017, XCU 2.2 and 2.3). Never throws; linear in the
 * length of the line.
 */

export type Token =
  | { kind: 'word'; pieces: Piece[] }
  /** `fd`: the number written before a redirection. `body`: of a here document. */
  | { kind: 'op'; op: string; fd: number | null; body?: Piece[] }

/** Longest first: the shell takes the longest operator that fits. */
const OPERATORS = ('&>> <<< <<- && || ;; |& >> << <& >& &> <> >| ; & | < > ( ) ' as string)
  .trim()
  .split(' ')
  .concat('\n')
const LINE_LIMIT = 100_000

/** What a scan of text found and where it ended. */
export interface Scanned<T> {
  value: T
  end: number
}

interface Heredoc {
  token: Token & { kind: 'op' }
  delimiter: string
  literal: boolean
}

/** The error is a line as bash prints it, or names what is not modelled. */
export function tokenize(line: string): Result<Token[]> {
  if (line.length > LINE_LIMIT)
    return bad(`vipscope: a line of more than ${LINE_LIMIT} characters is refused`)
  const tokens: Token[] = []
  let waiting: Heredoc[] = []
  let wordEnd = -1
  let at = 0
  while (at < line.length) {
    const c = line.charAt(at)
    if (c === ' ' || c === '\t' || c === '\r') at++
    else if (c === '\\' && line.charAt(at + 1) === '\n') at += 2
    else if (c === '#') at = endOfLine(line, at)
    else {
      const op = OPERATORS.find((known) => line.startsWith(known, at))
      if (op === undefined) {
        const word = readWord(line, at)
        if (!word.ok) return word
        const before = tokens.at(-1)
        tokens.push({ kind: 'word', pieces: word.value.value })
        if (before?.kind === 'op' && (before.op === '<<' || before.op === '<<-'))
          waiting.push({ token: before, ...delimiterOf(word.value.value) })
        at = wordEnd = word.value.end
        continue
      }
      const fd = /^[<>]/.test(op) && wordEnd === at ? takeNumber(tokens) : null
      tokens.push({ kind: 'op', op, fd })
      at += op.length
      if (op !== '\n') continue
      for (const heredoc of waiting) {
        const body = readHeredoc(line, at, heredoc)
        if (!body.ok) return body
        heredoc.token.body = body.value.value
        at = body.value.end
      }
      waiting = []
    }
  }
  return ok(tokens)
}

/** `2>`: a number that touches the operator belongs to it. */
function takeNumber(tokens: Token[]): number | null {
  const last = tokens.at(-1)
  const piece = last?.kind === 'word' && last.pieces.length === 1 ? last.pieces[0] : undefined
  if (piece?.kind !== 'text' || piece.quoted || !/^\d$/.test(piece.text)) return null
  tokens.pop()
  return Number(piece.text)
}

function delimiterOf(pieces: Piece[]): { delimiter: string; literal: boolean } {
  return {
    delimiter: pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join(''),
    literal: pieces.some((piece) => piece.quoted),
  }
}

/** Lines up to the delimiter; bash takes the end of input for it too. */
function readHeredoc(
  line: string,
  start: number,
  { token, delimiter, literal }: Heredoc,
): Result<Scanned<Piece[]>> {
  const strip = token.op === '<<-'
  let text = ''
  let at = start
  while (at < line.length) {
    const end = endOfLine(line, at)
    const raw = strip ? line.slice(at, end).replace(/^\t+/, '') : line.slice(at, end)
    at = Math.min(end + 1, line.length)
    if (raw === delimiter) break
    text += `${raw}\n`
  }
  if (literal) return ok({ value: [{ kind: 'text', text, quoted: true }], end: at })
  const pieces = readQuoted(text, 0, null)
  return pieces.ok ? ok({ value: pieces.value.value, end: at }) : pieces
}

function endOfLine(line: string, at: number): number {
  const end = line.indexOf('\n', at)
  return end < 0 ? line.length : end
}

function endsWord(c: string): boolean {
  return ' \t\r\n;&|<>()'.includes(c)
}

function readWord(line: string, start: number): Result<Scanned<Piece[]>> {
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
      const quoted = readQuoted(line, at + 1, '"')
      if (!quoted.ok) return quoted
      pieces.push(...quoted.value.value)
      at = quoted.value.end
    } else {
      const expansion = readExpansion(line, at, false)
      if (!expansion.ok) return expansion
      if (expansion.value === null) {
        plain += c
        at++
      } else {
        flush()
        pieces.push(expansion.value.value)
        at = expansion.value.end
      }
    }
  }
  flush()
  return ok({ value: pieces, end: at })
}

/**
 * Inside double quotes (up to `close`) or a here document (to the end): a backslash quotes only $ ` " \ and the line's
 * end. The text is kept even when it is empty, so that "" is a word.
 */
export function readQuoted(line: string, start: number, close: '"' | null): Result<Scanned<Piece[]>> {
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
    if (c === close) {
      flush()
      return ok({ value: pieces, end: at + 1 })
    }
    if (c === '\\' && following !== '' && (close === null ? '$`\\\n' : '$`"\\\n').includes(following)) {
      if (following !== '\n') text += following
      at += 2
      continue
    }
    const expansion = readExpansion(line, at, true)
    if (!expansion.ok) return expansion
    if (expansion.value === null) {
      text += c
      at++
    } else {
      flush()
      pieces.push(expansion.value.value)
      at = expansion.value.end
    }
  }
  if (close !== null) return unclosed(close)
  flush()
  return ok({ value: pieces, end: at })
}

function unclosed(quote: string): Result<never> {
  return bad(`bash: unexpected EOF while looking for matching \`${quote}'`)
}
