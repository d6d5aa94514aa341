import { bad, ok, type Result } from '../../base/result.ts'

/** Syntax of nginx configuration files: simple directives, blocks, quotes, comments (ngx_conf_file.c). */

export interface Directive {
  name: string
  args: string[]
  line: number
  file: string
  /** Undefined for a directive that ends with ';'. */
  block?: Directive[]
}

interface Token {
  text: string
  line: number
  /** ';', '{' or '}' outside quotes. */
  special: boolean
}

const MAX_SIZE = 256 * 1024
const MAX_DEPTH = 20
const LONGEST = 4096

/** Tree of a file. The error is nginx's message without `nginx: [emerg] `. */
export function parseNginxConf(text: string, file: string): Result<Directive[]> {
  if (text.length > MAX_SIZE) return bad(`"${file}" is too large`)
  const tokens = tokenize(text, file)
  if (!tokens.ok) return tokens
  const reader = { tokens: tokens.value, at: 0, lastLine: text.split('\n').length, file }
  return parseBlock(reader, 0)
}

interface Reader {
  tokens: Token[]
  at: number
  lastLine: number
  file: string
}

function parseBlock(reader: Reader, depth: number): Result<Directive[]> {
  const { file } = reader
  if (depth > MAX_DEPTH) return bad(`blocks are nested too deep in ${file}`)
  const out: Directive[] = []
  let words: Token[] = []
  for (;;) {
    const token = reader.tokens[reader.at++]
    if (!token) {
      const expecting = words.length > 0 ? '";" or "}"' : '"}"'
      if (depth > 0 || words.length > 0) {
        return bad(`unexpected end of file, expecting ${expecting} in ${file}:${reader.lastLine}`)
      }
      return ok(out)
    }
    if (!token.special) {
      words.push(token)
      continue
    }
    const first = words[0]
    if (token.text === '}') {
      if (first || depth === 0) return bad(`unexpected "}" in ${file}:${token.line}`)
      return ok(out)
    }
    if (!first) return bad(`unexpected "${token.text}" in ${file}:${token.line}`)
    // nginx reports the line on which the directive ends.
    const directive: Directive = {
      name: first.text,
      args: words.slice(1).map((w) => w.text),
      line: token.line,
      file,
    }
    if (token.text === '{') {
      const inner = parseBlock(reader, depth + 1)
      if (!inner.ok) return inner
      directive.block = inner.value
    }
    out.push(directive)
    words = []
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  t: '\t',
  r: '\r',
  n: '\n',
  '"': '"',
  "'": "'",
  '\\': '\\',
}

function tokenize(text: string, file: string): Result<Token[]> {
  const tokens: Token[] = []
  let line = 1
  let i = 0
  while (i < text.length) {
    const c = text[i] ?? ''
    if (c === '\n') line++
    if (/\s/.test(c)) i++
    else if (c === '#') {
      while (i < text.length && text[i] !== '\n') i++
    } else if (c === ';' || c === '{' || c === '}') {
      tokens.push({ text: c, line, special: true })
      i++
    } else {
      const word = readWord(text, i, line)
      if (word === undefined || word.end - i + (word.quoted ? 0 : 1) > LONGEST) {
        const long = tooLong(text.slice(i))
        if (long !== undefined) return bad(`${long} in ${file}:${line}`)
      }
      if (!word)
        return bad(`unexpected end of file, expecting ";" or "}" in ${file}:${text.split('\n').length}`)
      tokens.push({ text: word.text, line: word.line, special: false })
      i = word.end
      line = word.line
      const next = text[i] ?? ' '
      if (word.quoted && !/[\s;{)]/.test(next)) return bad(`unexpected "${next}" in ${file}:${line}`)
    }
  }
  return ok(tokens)
}

/** What does not fit into the buffer of the parser (NGX_CONF_BUFFER); undefined: it does. */
function tooLong(rest: string): string | undefined {
  if (rest.length <= LONGEST) return undefined
  const [open = ''] = rest
  const isQuote = open === '"' || open === "'"
  return isQuote
    ? `too long parameter, probably missing terminating "${open}" character`
    : `too long parameter "${rest.slice(0, 10)}..." started`
}

/** A bare or quoted word from `start` on; undefined when a quote is never closed. */
function readWord(
  text: string,
  start: number,
  startLine: number,
): { text: string; end: number; line: number; quoted: boolean } | undefined {
  const open = text[start]
  const quoted = open === '"' || open === "'"
  let line = startLine
  let out = ''
  let i = quoted ? start + 1 : start
  for (; i < text.length; i++) {
    const c = text[i] ?? ''
    if (quoted ? c === open : /[\s;{]/.test(c) && !(c === '{' && out.endsWith('$'))) {
      return { text: out, end: quoted ? i + 1 : i, line, quoted }
    }
    if (c === '\n') line++
    const escaped = c === '\\' ? ESCAPES[text[i + 1] ?? ''] : undefined
    if (escaped === undefined) out += c
    else {
      out += escaped
      i++
    }
  }
  return quoted ? undefined : { text: out, end: i, line, quoted }
}
