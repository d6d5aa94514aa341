import { bad, ok, type Result } from '../../base/result.ts'

/** Command line of keepalived(8). What is about pid files, core dumps, syslog facilities and snapshots is read and ignored. */
export interface Args {
  /** Quoted in the log. */
  words: string[]
  configFile: string
  console: boolean
  detail: boolean
  checkers: boolean
  vrrp: boolean
  test: boolean
  version: boolean
  help: boolean
  /** -V and -I: leave addresses and services as they are at the end. */
  keepVrrp: boolean
  keepIpvs: boolean
}

const LONG: Readonly<Record<string, string>> = {
  'use-file': 'f',
  vrrp: 'P',
  check: 'C',
  'log-console': 'l',
  'log-detail': 'D',
  'dont-fork': 'n',
  'config-test': 't',
  version: 'v',
  help: 'h',
  'dont-release-vrrp': 'V',
  'dont-release-ipvs': 'I',
  'dont-respawn': 'R',
  'dump-conf': 'd',
  'log-facility': 'S',
  pid: 'p',
  checkers_pid: 'c',
  vrrp_pid: 'r',
  'release-vips': 'X',
  'no-syslog': 'G',
  'no-mem-check': 'M',
  all: 'a',
}
const WITH_VALUE = 'fScrpbioxsuk'
/** An optional value that stands in the same word. */
const MAYBE_VALUE = 'tgx'
const PLAIN = 'PCBlDndVIRXGavhmN'

/** The error is what is written to the terminal. */
export function parseArgs(argv: readonly string[]): Result<Args, string> {
  const args: Args = {
    words: [...argv],
    configFile: '/etc/keepalived/keepalived.conf',
    console: false,
    detail: false,
    checkers: true,
    vrrp: true,
    test: false,
    version: false,
    help: false,
    keepVrrp: false,
    keepIpvs: false,
  }
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? ''
    const letters = lettersOf(word)
    if (letters === undefined) return bad(`Unexpected argument(s): ${argv.slice(i).join(' ')}\n`)
    if (letters.error !== undefined) return bad(`keepalived: ${letters.error}\n`)
    for (let at = 0; at < letters.text.length; at++) {
      const letter = letters.text[at] ?? ''
      if (WITH_VALUE.includes(letter)) {
        const rest = letters.value ?? letters.text.slice(at + 1)
        const value = rest !== '' ? rest : argv[++i]
        if (value === undefined) return bad(`keepalived: option requires an argument -- '${letter}'\n`)
        if (letter === 'f') args.configFile = value
        break
      }
      if (!MAYBE_VALUE.includes(letter) && !PLAIN.includes(letter)) {
        return bad(`keepalived: invalid option -- '${letter}'\n`)
      }
      set(args, letter)
      if (MAYBE_VALUE.includes(letter)) break
    }
  }
  return ok(args)
}

interface Letters {
  text: string
  value?: string
  error?: string
}

function lettersOf(word: string): Letters | undefined {
  if (word.startsWith('--')) {
    const [name = '', value] = word.slice(2).split('=')
    const letter = LONG[name]
    if (letter === undefined) return { text: '', error: `unrecognized option '--${name}'` }
    return value === undefined ? { text: letter } : { text: letter, value }
  }
  return word.startsWith('-') && word.length > 1 ? { text: word.slice(1) } : undefined
}

function set(args: Args, letter: string): void {
  if (letter === 'l') args.console = true
  if (letter === 'D') args.detail = true
  if (letter === 'P') args.checkers = false
  if (letter === 'C') args.vrrp = false
  if (letter === 't') args.test = true
  if (letter === 'v') args.version = true
  if (letter === 'h') args.help = true
  if (letter === 'V') args.keepVrrp = true
  if (letter === 'I') args.keepIpvs = true
}
