import { bad, ok, type Result } from '../../base/result.ts'

/** Options of tcpdump 4.99. Colouring, rotation of files and decryption are not modelled and refused by name. */
export interface TcpdumpOptions {
  /** '' = the first interface that is up, as pcap_findalldevs gives it. */
  dev: string
  link: boolean
  verbose: number
  quiet: boolean
  /** Stop after so many packets, 0 = never. */
  count: number
  /** -t, -tt, -ttt, -tttt. */
  time: number
  absolute: boolean
  dump: '' | 'A' | 'x' | 'X'
  /** Link header in the dump too. */
  dumpLink: boolean
  number: boolean
  way: 'in' | 'out' | 'inout'
  read: string
  write: string
  list: boolean
  expression: string
}

const FLAGS = 'aAbdDefhHIJKlLnNOpqStuUvxX#'
const VALUED = 'BcCEFGijMQrsTVwWyzZ'
const LATER = 'dEFGCWzZyV'

/** The error is what tcpdump prints. */
export function parseTcpdump(argv: readonly string[]): Result<TcpdumpOptions> {
  const options = noOptions()
  const words: string[] = []
  for (let i = 1; i < argv.length; i++) {
    const arg = argv[i] ?? ''
    if (arg === '--') {
      words.push(...argv.slice(i + 1))
      break
    }
    // options count wherever they stand, behind the expression too
    if (!arg.startsWith('-') || arg === '-') {
      words.push(arg)
      continue
    }
    if (arg.startsWith('--')) {
      const [name = '', value] = arg.slice(2).split('=')
      const letter = { interface: 'i', number: '#', 'list-interfaces': 'D', direction: 'Q' }[name]
      if (letter === undefined) {
        if (/^(immediate-mode|no-promiscuous-mode|print)$/.test(name)) continue
        return bad(`tcpdump: unrecognized option '${arg}'\n`)
      }
      const problem = take(options, letter, VALUED.includes(letter) ? (value ?? argv[++i] ?? '') : '')
      if (problem !== undefined) return bad(problem)
      continue
    }
    for (let k = 1; k < arg.length; k++) {
      const letter = arg.charAt(k)
      if (LATER.includes(letter)) return bad(`vipscope: \`tcpdump -${letter}' is not modelled\n`)
      const isValued = VALUED.includes(letter)
      if (!isValued && !FLAGS.includes(letter)) return bad(`tcpdump: invalid option -- '${letter}'\n`)
      const value = isValued ? arg.slice(k + 1) || argv[++i] : ''
      if (value === undefined) return bad(`tcpdump: option requires an argument -- '${letter}'\n`)
      const problem = take(options, letter, value)
      if (problem !== undefined) return bad(problem)
      if (isValued) break
    }
  }
  return ok({ ...options, expression: words.join(' ') })
}

function noOptions(): TcpdumpOptions {
  const none = { link: false, verbose: 0, quiet: false, count: 0, time: 0, absolute: false, dumpLink: false }
  return {
    ...none,
    dev: '',
    dump: '',
    number: false,
    way: 'inout',
    read: '',
    write: '',
    list: false,
    expression: '',
  }
}

function take(options: TcpdumpOptions, letter: string, value: string): string | undefined {
  switch (letter) {
    case 'i':
      options.dev = value
      break
    case 'c':
      if (!/^[1-9]\d*$/.test(value)) return `tcpdump: invalid packet count ${value}\n`
      options.count = Number(value)
      break
    case 'Q':
      if (value !== 'in' && value !== 'out' && value !== 'inout')
        return `tcpdump: unknown capture direction \`${value}'\n`
      options.way = value
      break
    case 'r':
      options.read = value
      break
    case 'w':
      options.write = value
      break
    default:
      flag(options, letter)
  }
  return undefined
}

function flag(options: TcpdumpOptions, letter: string): void {
  if (letter === 'e') options.link = true
  else if (letter === 'v') options.verbose++
  else if (letter === 'q') options.quiet = true
  else if (letter === 't') options.time++
  else if (letter === 'S') options.absolute = true
  else if (letter === 'A') options.dump = 'A'
  else if (letter === 'x' || letter === 'X') {
    options.dumpLink = options.dump === letter
    options.dump = letter
  } else if (letter === '#') options.number = true
  else if (letter === 'D') options.list = true
}
