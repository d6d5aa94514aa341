import { badOption, byLine, readOptions, textCommand } from './filter.ts'
import type { Io } from '../../sys.ts'

/** grep: basic and extended expressions are rewritten as ECMAScript's; back references and classes like [[:space:]] work. */

const CLASSES: Readonly<Record<string, string>> = {
  space: '\\s',
  digit: '\\d',
  alpha: 'A-Za-z',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  xdigit: '0-9A-Fa-f',
}
const PATTERN_LIMIT = 1000

export function makeRegExp(
  pattern: string,
  kind: 'basic' | 'extended' | 'fixed',
  flags: string,
): RegExp | undefined {
  if (pattern.length > PATTERN_LIMIT) return undefined
  try {
    const source =
      kind === 'fixed' ? pattern.split('\n').map(escape).join('|') : translate(pattern, kind === 'basic')
    return new RegExp(source, flags)
  } catch {
    return undefined
  }
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

/** In basic expressions \( \) \{ \} \| \+ \? are special, and the bare characters are themselves. */
function translate(pattern: string, basic: boolean): string {
  let out = ''
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern.charAt(i)
    if (c === '[') {
      const end = endOfSet(pattern, i)
      if (end < 0) return '['
      out += pattern
        .slice(i, end + 1)
        .replace(/\\/g, '\\\\')
        .replace(/\[:(\w+):\]/g, (_, name: string) => CLASSES[name] ?? '')
        .replace(/^\[(\^?)\]/, '[$1\\]')
      i = end
    } else if (c === '\\') {
      const next = pattern.charAt(++i)
      if (basic && '(){}|+?'.includes(next) && next !== '') out += next
      else if (next === '<' || next === '>') out += '\\b'
      else out += /[A-Za-z0-9]/.test(next) ? `\\${next}` : escape(next)
    } else if (basic && '(){}|+?'.includes(c)) out += `\\${c}`
    else if (basic && c === '*' && (out === '' || out === '^')) out += '\\*'
    else out += c
  }
  return out
}

function endOfSet(pattern: string, at: number): number {
  let i = at + 1
  if (pattern.charAt(i) === '^') i++
  if (pattern.charAt(i) === ']') i++
  for (; i < pattern.length; i++) {
    if (pattern.startsWith('[:', i)) {
      const end = pattern.indexOf(':]', i)
      if (end > 0) i = end + 1
    } else if (pattern.charAt(i) === ']') return i
  }
  return -1
}

function open(
  args: readonly string[],
  io: Io,
  extended: boolean,
): ReturnType<Parameters<typeof textCommand>[2]> {
  const read = readOptions(
    args.map((arg) => (arg.startsWith('--color') ? '-s' : arg)),
    'EFGivcnoqwxhsHal',
    'eABCm',
  )
  if (typeof read === 'string') return badOption('grep', read, io)
  const pattern = read.value('e') ?? read.rest.shift()
  if (pattern === undefined) {
    io.err("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n")
    return 2
  }
  const kind = read.has('F') ? 'fixed' : read.has('E') || extended ? 'extended' : 'basic'
  const found = makeRegExp(pattern, kind, `g${read.has('i') ? 'i' : ''}`)
  if (!found) {
    io.err('grep: Invalid regular expression\n')
    return 2
  }
  const source = read.has('x')
    ? `^(?:${found.source})$`
    : read.has('w')
      ? `\\b(?:${found.source})\\b`
      : found.source
  const context = Number(read.value('C') ?? 0)
  const how: Selection = {
    regexp: new RegExp(source, found.flags),
    inverted: read.has('v'),
    only: read.has('o'),
    numbered: read.has('n'),
    counted: read.has('c'),
    quiet: read.has('q'),
    most: Number(read.value('m') ?? Infinity),
    before: Number(read.value('B') ?? context),
    after: Number(read.value('A') ?? context),
  }
  return { filter: selection(how, io), files: read.rest }
}

interface Selection {
  regexp: RegExp
  inverted: boolean
  only: boolean
  numbered: boolean
  counted: boolean
  quiet: boolean
  most: number
  before: number
  after: number
}

function selection(how: Selection, io: Io): ReturnType<typeof byLine> {
  let number = 0
  let count = 0
  let follow = 0
  let lastShown = 0
  const kept: string[] = []
  const show = (line: string, at: number, mark: ':' | '-'): void => {
    if (how.counted || how.quiet) return
    if ((how.before > 0 || how.after > 0) && lastShown > 0 && at > lastShown + 1) io.out('--\n')
    lastShown = at
    io.out(`${how.numbered ? `${at}${mark}` : ''}${line}\n`)
  }
  return byLine({
    line: (line) => {
      number++
      how.regexp.lastIndex = 0
      if (how.regexp.test(line) !== how.inverted) {
        count++
        kept.forEach((earlier, i) => {
          show(earlier, number - kept.length + i, '-')
        })
        kept.length = 0
        how.regexp.lastIndex = 0
        if (how.only && !how.inverted)
          for (const [match] of line.matchAll(how.regexp)) if (match !== '') show(match, number, ':')
        if (!how.only) show(line, number, ':')
        follow = how.after
      } else if (follow-- > 0) show(line, number, '-')
      else if (how.before > 0) {
        kept.push(line)
        if (kept.length > how.before) kept.shift()
      }
      return count < how.most && !(how.quiet && count > 0)
    },
    end: () => {
      if (how.counted) io.out(`${count}\n`)
      return count > 0 ? 0 : 1
    },
  })
}

export const grep = textCommand('grep', 'lines that match an expression', (args, io) => open(args, io, false))
export const egrep = textCommand('egrep', 'grep -E', (args, io) => open(args, io, true))
