import type { Command, Io } from '../sys.ts'
import { absolutePath } from '../env.ts'
import { isFolder, readHostFile } from './proc-files.ts'
import { notModelled, refuse, tell } from './words.ts'

/** What bash itself knows: variables, tests, numbers, names of commands. */

export const exportVars: Command = {
  name: 'export',
  summary: 'set variables',
  run: (args, io) => {
    for (const arg of args) {
      const at = arg.indexOf('=')
      if (at > 0) io.env.vars[arg.slice(0, at)] = arg.slice(at + 1)
      else if (!/^-|^[A-Za-z_]\w*$/.test(arg))
        return tell(io, refuse(`bash: export: \`${arg}': not a valid identifier`, 1))
    }
    return 0
  },
}

export const unset: Command = {
  name: 'unset',
  summary: 'forget variables',
  run: (args, io) => {
    for (const name of args) delete io.env.vars[name]
    return 0
  },
}

export const env: Command = {
  name: 'env',
  summary: 'the variables',
  run: (_args, io) => {
    for (const [name, value] of Object.entries(io.env.vars)) if (name !== 'IFS') io.out(`${name}=${value}\n`)
    return 0
  },
}

export const read: Command = {
  name: 'read',
  summary: 'put the first line of the input in variables',
  run: (args, io) => {
    const names = args.filter((arg) => !arg.startsWith('-'))
    if (io.input === null) return tell(io, notModelled('reading from the terminal'))
    const { text } = io.input
    if (text === '') return 1
    const end = text.indexOf('\n')
    const line = end < 0 ? text : text.slice(0, end)
    io.input.text = end < 0 ? '' : text.slice(end + 1)
    const words = line.trim().split(/\s+/)
    const wanted = names.length > 0 ? names : ['REPLY']
    wanted.forEach((name, i) => {
      io.env.vars[name] = i === wanted.length - 1 ? words.slice(i).join(' ') : (words[i] ?? '')
    })
    return 0
  },
}

const NUMBER_TESTS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
}

/** test(1): one primary, `!`, and `-a` `-o` between primaries. */
function evaluate(args: readonly string[], io: Io): boolean | string {
  const or = args.indexOf('-o')
  if (or > 0) return both(evaluate(args.slice(0, or), io), () => evaluate(args.slice(or + 1), io), true)
  const and = args.indexOf('-a')
  if (and > 0) return both(evaluate(args.slice(0, and), io), () => evaluate(args.slice(and + 1), io), false)
  const [a = '', b = '', c = ''] = args
  if (args.length === 0) return false
  if (a === '!') {
    const value = evaluate(args.slice(1), io)
    return typeof value === 'string' ? value : !value
  }
  if (args.length === 1) return a !== ''
  if (args.length === 2) {
    if (a === '-n') return b !== ''
    if (a === '-z') return b === ''
    const path = absolutePath(io.env, b)
    if (a === '-d') return isFolder(path, io)
    if ('-e -f -r -s -w'.split(' ').includes(a))
      return readHostFile(path, io) !== undefined || (a === '-e' && isFolder(path, io))
    return `${a}: unary operator expected`
  }
  if (args.length > 3) return 'too many arguments'
  if (b === '=' || b === '==') return a === c
  if (b === '!=') return a !== c
  const compare = Object.hasOwn(NUMBER_TESTS, b) ? NUMBER_TESTS[b] : undefined
  if (!compare) return `${b}: binary operator expected`
  for (const text of [a, c]) if (!/^\s*-?\d+\s*$/.test(text)) return `${text}: integer expression expected`
  return compare(Number(a), Number(c))
}

function both(first: boolean | string, second: () => boolean | string, isOr: boolean): boolean | string {
  return typeof first === 'string' || first === isOr ? first : second()
}

function runTest(name: string, args: readonly string[], io: Io): number {
  const value = evaluate(args, io)
  if (typeof value === 'boolean') return value ? 0 : 1
  return tell(io, refuse(`bash: ${name}: ${value}`, 2))
}

export const test: Command = {
  name: 'test',
  summary: 'compare texts and numbers, look for files',
  run: (args, io) => runTest('test', args, io),
}

export const bracket: Command = {
  name: '[',
  summary: 'test',
  run: (args, io) =>
    args[args.length - 1] === ']'
      ? runTest('[', args.slice(0, -1), io)
      : tell(io, refuse("bash: [: missing `]'", 2)),
}

const SEQ_LIMIT = 100_000

export const seq: Command = {
  name: 'seq',
  summary: 'numbers, one a line',
  run: (args, io) => {
    const numbers = args.map(Number)
    const wrong = args.find((arg, i) => arg === '' || !Number.isFinite(numbers[i]))
    if (wrong !== undefined) return tell(io, refuse(`seq: invalid floating point argument: ‘${wrong}’`, 1))
    if (args.length === 0 || args.length > 3) return tell(io, refuse('seq: missing operand', 1))
    const [from, by, to] =
      numbers.length === 1
        ? [1, 1, numbers[0] ?? 0]
        : numbers.length === 2
          ? [numbers[0] ?? 1, 1, numbers[1] ?? 0]
          : [numbers[0] ?? 1, numbers[1] ?? 1, numbers[2] ?? 0]
    if (by === 0) return tell(io, refuse('seq: invalid Zero increment value: ‘0’', 1))
    const count = Math.floor((to - from) / by + 1e-9) + 1
    if (count > SEQ_LIMIT) return tell(io, notModelled(`\`seq' of more than ${SEQ_LIMIT} numbers`))
    for (let i = 0; i < count; i++) io.out(`${Number((from + i * by).toFixed(9))}\n`)
    return 0
  },
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ n: '\n', t: '\t', r: '\r', a: '\x07' },
  ...{ b: '\b', e: '\x1b', f: '\f', v: '\v' },
}

export const printf: Command = {
  name: 'printf',
  summary: 'print by a format',
  run: (args, io) => {
    const [format = '', ...values] = args
    let left: number
    do {
      left = values.length
      const text = format.replace(
        /\\([ntrabefv\\"])|%(-?0?\d*)([sdixXuc%])/g,
        (_, escape: string, width: string, kind: string) => {
          if (escape) return ESCAPES[escape] ?? escape
          if (kind === '%') return '%'
          const value = values.shift() ?? (kind === 's' || kind === 'c' ? '' : '0')
          const shown = kind === 's' ? value : kind === 'c' ? value.slice(0, 1) : number(value, kind)
          const n = Math.min(1000, Math.abs(Number(width)))
          return width.startsWith('-')
            ? shown.padEnd(n)
            : shown.padStart(n, width.startsWith('0') ? '0' : ' ')
        },
      )
      io.out(text)
    } while (values.length > 0 && values.length < left)
    return 0
  },
}

function number(value: string, kind: string): string {
  const n = Math.trunc(Number(value)) || 0
  return kind === 'x' ? n.toString(16) : kind === 'X' ? n.toString(16).toUpperCase() : String(n)
}

/** Settings of the shell that change nothing here. */
export const set: Command = { name: 'set', summary: 'settings of the shell', run: () => 0 }
/** The terminal is wiped by whoever shows it: the text is what a terminal takes as the order. */
export const clear: Command = {
  name: 'clear',
  summary: 'wipe the terminal',
  run: (_args, io) => {
    io.out('\x1b[H\x1b[2J\x1b[3J')
    return 0
  },
}
