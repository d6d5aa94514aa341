/**
 * keepalived.conf as a stream of lines, each a list of words: comments gone, `$NAME=value` put in, files of `include` read in
 * their place, and every brace a line of its own (lib/parser.c: read_line, decomment, alloc_strvec).
 * Left out: @conditions (such a line is skipped, as without a configuration id), ~SEQ, ~LST, multi-line definitions.
 */
export interface Line {
  words: string[]
  line: number
  /** The whole of it, if a quote has no end: `words` are those before it. */
  unclosed?: string
}

export interface Lines {
  lines: Line[]
  /** Complaints of the reader itself. */
  errors: { line: number; text: string }[]
}

const INCLUDE_DEPTH = 8

/** `readFile` by full path; relative names in `include` start at the including file's folder. */
export function readLines(path: string, readFile: (path: string) => string | undefined): Lines {
  const out: Lines = { lines: [], errors: [] }
  const definitions = new Map<string, string>()
  readInto(path, readFile, out, definitions, 0)
  return out
}

function readInto(
  path: string,
  readFile: (path: string) => string | undefined,
  out: Lines,
  definitions: Map<string, string>,
  depth: number,
): void {
  let carried = ''
  const text = readFile(path) ?? ''
  text.split('\n').forEach((raw, index) => {
    const line = index + 1
    let clean = stripComment(raw, (message) => out.errors.push({ line, text: message }))
    if (clean.endsWith('\\')) {
      carried += clean.slice(0, -1)
      return
    }
    clean = carried + clean
    carried = ''
    if (clean === '' || clean.startsWith('@')) return
    const definition = /^\$([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)$/.exec(clean)
    if (definition) {
      definitions.set(definition[1] ?? '', definition[2] ?? '')
      return
    }
    clean = substitute(clean, definitions)
    const include = /^include[ \t]+(.*)$/.exec(clean)
    if (include && depth < INCLUDE_DEPTH) {
      const folder = path.slice(0, path.lastIndexOf('/') + 1)
      const name = include[1] ?? ''
      return readInto(name.startsWith('/') ? name : folder + name, readFile, out, definitions, depth + 1)
    }
    for (const piece of splitBraces(clean)) {
      const { words, isOpen } = splitWords(piece)
      if (isOpen) out.errors.push({ line, text: `Unmatched quote: '${piece}'` })
      if (words.length > 0) out.lines.push({ words, line, ...(isOpen && { unclosed: piece }) })
    }
  })
}

/** Without comment and outer blanks; `!` and `#` inside double quotes or after a backslash stay. */
function stripComment(raw: string, complain: (text: string) => void): string {
  let quoted = false
  let out = ''
  for (let i = 0; i < raw.length; i++) {
    const c = raw[i] ?? ''
    if (c === '"') quoted = !quoted
    if (c === '\\' && i + 1 < raw.length) {
      i++
      const next = raw[i] ?? ''
      out += !quoted && (next === '#' || next === '!') ? next : c + next
      continue
    }
    if (!quoted && (c === '!' || c === '#')) break
    out += c
  }
  if (quoted) complain(`Unterminated quote '${out.trim()}'`)
  return out.trim()
}

function substitute(line: string, definitions: Map<string, string>): string {
  if (!line.includes('$') || definitions.size === 0) return line
  return line.replace(
    /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
    (whole, braced?: string, plain?: string) => {
      return definitions.get(braced ?? plain ?? '') ?? whole
    },
  )
}

/** 'a { b }' -> 'a', '{', 'b', '}'; a brace inside double quotes is text. */
function splitBraces(line: string): string[] {
  const out: string[] = []
  let piece = ''
  let quoted = false
  for (const c of line) {
    if (c === '"') quoted = !quoted
    if (!quoted && (c === '{' || c === '}')) {
      out.push(piece, c)
      piece = ''
    } else piece += c
  }
  return [...out, piece].map((part) => part.trim()).filter((part) => part !== '')
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

/** `isOpen`: the last word's quote has no end, and the word is left out (alloc_strvec_r). */
function splitWords(line: string): { words: string[]; isOpen: boolean } {
  const words: string[] = []
  let at = 0
  while (at < line.length) {
    while (/[ \t]/.test(line[at] ?? '')) at++
    if (at >= line.length) break
    let word = ''
    let quote = ''
    for (; at < line.length; at++) {
      const c = line[at] ?? ''
      if (c === '\\') {
        at++
        word += ESCAPES[line[at] ?? ''] ?? line[at] ?? ''
      } else if (quote !== '') {
        if (c === quote) quote = ''
        else word += c
      } else if (c === '"' || c === "'") quote = c
      else if (/[ \t]/.test(c)) break
      else word += c
    }
    if (quote !== '') return { words, isOpen: true }
    words.push(word)
  }
  return { words, isOpen: false }
}
