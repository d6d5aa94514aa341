import type { Io } from '../../sys.ts'
import { badOption, byLine, readOptions, textCommand, whole } from './filter.ts'

/** Tools that choose, count or order lines: head, tail, wc, sort, uniq, cut, tr, nl, tac, less. */

type Opened = ReturnType<Parameters<typeof textCommand>[2]>

function count(name: string, text: string | undefined, otherwise: number, io: Io): number | undefined {
  if (text === undefined) return otherwise
  if (/^[-+]?\d+$/.test(text)) return Number(text)
  io.err(`${name}: invalid number of lines: ‘${text}’\n`)
  return undefined
}

/** `-5` is the old form of `-n 5`. */
function modern(args: readonly string[]): string[] {
  return args.map((arg) => arg.replace(/^-(\d+)$/, '-n$1'))
}

function openHead(args: readonly string[], io: Io): Opened {
  const read = readOptions(modern(args), 'qv', 'nc')
  if (typeof read === 'string') return badOption('head', read, io)
  const most = count('head', read.value('n'), 10, io)
  if (most === undefined) return 1
  let seen = 0
  const kept: string[] = []
  const filter = byLine({
    line: (line) => {
      if (most < 0) {
        // all but the last lines
        kept.push(line)
        if (kept.length > -most) io.out(`${kept.shift() ?? ''}\n`)
        return true
      }
      if (seen++ < most) io.out(`${line}\n`)
      return seen < most
    },
    end: () => 0,
  })
  return { filter, files: read.rest }
}

function openTail(args: readonly string[], io: Io): Opened {
  const read = readOptions(modern(args), 'fqvF', 'nc')
  if (typeof read === 'string') return badOption('tail', read, io)
  const text = read.value('n')
  const lines = count('tail', text, 10, io)
  if (lines === undefined) return 1
  const fromStart = text?.startsWith('+') === true
  let seen = 0
  const kept: string[] = []
  const filter = byLine({
    line: (line) => {
      seen++
      if (fromStart) {
        if (seen >= lines) io.out(`${line}\n`)
      } else {
        kept.push(line)
        if (kept.length > Math.abs(lines)) kept.shift()
      }
      return true
    },
    end: () => {
      for (const line of kept) io.out(`${line}\n`)
      return 0
    },
  })
  return { filter, files: read.rest }
}

function openWc(args: readonly string[], io: Io): Opened {
  const read = readOptions(args, 'lwcm', '')
  if (typeof read === 'string') return badOption('wc', read, io)
  const wanted = ['l', 'w', 'c'].filter((flag) => read.has(flag) || (flag === 'c' && read.has('m')))
  const shown = wanted.length > 0 ? wanted : ['l', 'w', 'c']
  const filter = whole((text) => {
    const numbers: Record<string, number> = {
      l: text.split('\n').length - 1,
      w: text.split(/\s+/).filter((word) => word !== '').length,
      c: text.length,
    }
    const width = shown.length === 1 ? 0 : read.rest.length > 0 ? 2 : 7
    const columns = shown.map((flag) => String(numbers[flag]).padStart(width)).join(' ')
    io.out(`${columns}${read.rest.length === 1 ? ` ${read.rest[0] ?? ''}` : ''}\n`)
    return 0
  })
  return { filter, files: read.rest }
}

function openSort(args: readonly string[], io: Io): Opened {
  const read = readOptions(args, 'nruhV', 'kt')
  if (typeof read === 'string') return badOption('sort', read, io)
  const column = Number(/^\d+/.exec(read.value('k') ?? '')?.[0] ?? 0)
  const separator = read.value('t')
  const numeric = read.has('n') || read.has('h') || /n/.test(read.value('k') ?? '')
  const keyOf = (line: string): string => {
    if (column === 0) return line
    const fields = separator === undefined ? line.trim().split(/\s+/) : line.split(separator)
    return fields.slice(column - 1).join(' ')
  }
  const compare = (a: string, b: string): number => {
    if (numeric) {
      const difference = (Number.parseFloat(keyOf(a)) || 0) - (Number.parseFloat(keyOf(b)) || 0)
      if (difference !== 0) return difference
    }
    const [x, y] = [keyOf(a), keyOf(b)]
    return x < y ? -1 : x > y ? 1 : a < b ? -1 : a > b ? 1 : 0
  }
  const filter = whole((text) => {
    const lines = linesOf(text).sort((a, b) => (read.has('r') ? compare(b, a) : compare(a, b)))
    let before: string | undefined
    for (const line of lines) {
      if (!read.has('u') || line !== before) io.out(`${line}\n`)
      before = line
    }
    return 0
  })
  return { filter, files: read.rest }
}

function openUniq(args: readonly string[], io: Io): Opened {
  const read = readOptions(args, 'cdu', '')
  if (typeof read === 'string') return badOption('uniq', read, io)
  let line: string | undefined
  let times = 0
  const flush = (): void => {
    if (line === undefined || (read.has('d') && times < 2) || (read.has('u') && times > 1)) return
    io.out(`${read.has('c') ? `${String(times).padStart(7)} ` : ''}${line}\n`)
  }
  const filter = byLine({
    line: (next) => {
      if (next === line) times++
      else {
        flush()
        line = next
        times = 1
      }
      return true
    },
    end: () => {
      flush()
      return 0
    },
  })
  return { filter, files: read.rest }
}

function openCut(args: readonly string[], io: Io): Opened {
  const read = readOptions(args, 's', 'dfc')
  if (typeof read === 'string') return badOption('cut', read, io)
  const list = read.value('f') ?? read.value('c')
  const ranges = (list ?? '').split(',').map((part) => /^(\d*)(-?)(\d*)$/.exec(part))
  if (list === undefined || ranges.some((range) => range === null)) {
    io.err('cut: you must specify a list of bytes, characters, or fields\n')
    return 1
  }
  const isIn = (n: number): boolean =>
    ranges.some((m) => {
      const from = Number(m?.[1] ?? '') || 1
      const to = m?.[2] === '-' ? Number(m[3]) || Infinity : from
      return n >= from && n <= to
    })
  const separator = read.value('f') === undefined ? '' : (read.value('d') ?? '\t')
  const filter = byLine({
    line: (line) => {
      const parts = line.split(separator)
      const shown =
        separator !== '' && parts.length === 1 ? line : parts.filter((_, i) => isIn(i + 1)).join(separator)
      io.out(`${shown}\n`)
      return true
    },
    end: () => 0,
  })
  return { filter, files: read.rest }
}

function openTr(args: readonly string[], io: Io): Opened {
  const read = readOptions(args, 'ds', '')
  if (typeof read === 'string') return badOption('tr', read, io)
  const [from = '', to = ''] = read.rest.map(expandSet)
  const target = (c: string): string => {
    const at = from.indexOf(c)
    if (at < 0) return c
    return read.has('d') ? '' : to === '' ? c : (to[Math.min(at, to.length - 1)] ?? '')
  }
  const squeezed = to === '' ? from : to
  let last = ''
  const write = (text: string): void => {
    let out = ''
    for (const c of text) {
      const mapped = target(c)
      if (read.has('s') && mapped !== '' && mapped === last && squeezed.includes(mapped)) continue
      if (mapped !== '') last = mapped
      out += mapped
    }
    io.out(out)
  }
  return { filter: { write, end: () => 0 }, files: [] }
}

/** `a-z`, `\n`, classes. */
function expandSet(text: string): string {
  return text
    .replace('[:space:]', ' \t\n')
    .replace('[:upper:]', 'A-Z')
    .replace('[:lower:]', 'a-z')
    .replace('[:digit:]', '0-9')
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
    .replace(/(.)-(.)/g, (all, a: string, b: string) => {
      const from = a.charCodeAt(0)
      const to = b.charCodeAt(0)
      if (to < from || to - from > 200) return all
      return Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i)).join('')
    })
}

function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines[lines.length - 1] === '') lines.pop()
  return lines
}

function openThrough(args: readonly string[], io: Io): Opened {
  const files = args.filter((arg) => !arg.startsWith('-') || arg === '-')
  return { filter: { write: io.out, end: () => 0 }, files }
}

function openTac(args: readonly string[], io: Io): Opened {
  const filter = whole((text) => {
    for (const line of linesOf(text).reverse()) io.out(`${line}\n`)
    return 0
  })
  return { filter, files: [...args] }
}

function openNl(args: readonly string[], io: Io): Opened {
  let number = 0
  const filter = byLine({
    line: (line) => {
      io.out(line === '' ? '       \n' : `${String(++number).padStart(6)}\t${line}\n`)
      return true
    },
    end: () => 0,
  })
  return { filter, files: args.filter((arg) => !arg.startsWith('-')) }
}

export const head = textCommand('head', 'the first lines', openHead)
export const tail = textCommand('tail', 'the last lines', openTail)
export const wc = textCommand('wc', 'count lines, words and characters', openWc)
export const sort = textCommand('sort', 'put lines in order', openSort)
export const uniq = textCommand('uniq', 'join equal lines that follow each other', openUniq)
export const cut = textCommand('cut', 'fields or characters of each line', openCut)
export const tr = textCommand('tr', 'put characters in the place of others', openTr)
export const tac = textCommand('tac', 'lines from the last to the first', openTac)
export const nl = textCommand('nl', 'number lines', openNl)
export const cat = textCommand('cat', 'print files of the host, and a few of /proc', openThrough)
/** There is a terminal to scroll in, so a pager has nothing to do. */
export const less = textCommand('less', 'show text', openThrough)
