import { getSysctl, listSysctl } from '../../kernel/sysctl/registry.ts'
import type { Command, Io } from '../sys.ts'
import { strerror } from './words.ts'

const USAGE = `
Usage:
 sysctl [options] [variable[=value] ...]

Options:
  -a, --all            display all variables
  -e, --ignore         ignore unknown variables errors
  -N, --names          print variable names without values
  -n, --values         print only values of the given variable(s)
  -p, --load[=<file>]  read values from file
      --system         read values from all system directories
  -r, --pattern <expression>
                       select setting that match expression
  -q, --quiet          do not echo variable set
  -w, --write          enable writing a value to variable

For more details see sysctl(8).
`
const LONG: Record<string, string> = {
  all: 'a',
  ignore: 'e',
  names: 'N',
  values: 'n',
  load: 'p',
  pattern: 'r',
  quiet: 'q',
  write: 'w',
  system: 'S',
  help: 'h',
}

interface Options {
  all: boolean
  ignore: boolean
  form: 'both' | 'names' | 'values'
  load: boolean
  system: boolean
  quiet: boolean
  write: boolean
  pattern?: RegExp
}

/** procps 4.0. Keys that are not modelled do not exist. */
export const sysctl: Command = {
  name: 'sysctl',
  summary: 'read and write kernel parameters',
  run: (args, io) => {
    const options: Options = {
      all: false,
      ignore: false,
      form: 'both',
      load: false,
      system: false,
      quiet: false,
      write: false,
    }
    const names: string[] = []
    const status = readOptions(args, options, names, io)
    if (status !== undefined) return status
    if (options.system) return loadFiles(systemFiles(io), options, io)
    if (options.load) return loadFiles(names.length > 0 ? names : ['/etc/sysctl.conf'], options, io)
    if (options.all) return showAll(options, io)
    if (names.length === 0) {
      io.err(USAGE)
      return 1
    }
    return eachVariable(names, options, io)
  },
}

function readOptions(args: readonly string[], options: Options, names: string[], io: Io): number | undefined {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (!arg.startsWith('-') || arg === '-') {
      names.push(arg)
      continue
    }
    const [long = '', value] = arg.slice(2).split('=', 2)
    const flags = arg.startsWith('--')
      ? Object.hasOwn(LONG, long)
        ? (LONG[long] ?? '?')
        : '?'
      : arg.slice(1)
    for (const flag of flags) {
      if (flag === 'r') {
        const expression = value ?? args[++i] ?? ''
        try {
          options.pattern = new RegExp(expression)
        } catch {
          io.err('sysctl: Invalid preceding regular expression\n')
          return 1
        }
      } else if ((flag === 'p' || flag === 'f') && value !== undefined) {
        options.load = true
        names.push(value)
      } else if (!setFlag(options, flag)) {
        io.err(
          flag === 'h'
            ? USAGE
            : `sysctl: ${arg.startsWith('--') ? `unrecognized option '${arg}'` : `invalid option -- '${flag}'`}\n${USAGE}`,
        )
        return flag === 'h' ? 0 : 1
      }
    }
  }
  return undefined
}

function setFlag(options: Options, flag: string): boolean {
  if (flag === 'a' || flag === 'A' || flag === 'X') options.all = true
  else if (flag === 'e') options.ignore = true
  else if (flag === 'n') options.form = 'values'
  else if (flag === 'N') options.form = 'names'
  else if (flag === 'p' || flag === 'f') options.load = true
  else if (flag === 'S') options.system = true
  else if (flag === 'q') options.quiet = true
  else if (flag === 'w') options.write = true
  else return flag === 'o' || flag === 'x'
  return true
}

function format(key: string, value: string, form: Options['form']): string {
  if (form === 'values') return `${value}\n`
  return form === 'names' ? `${key}\n` : `${key} = ${value}\n`
}

function showAll(options: Options, io: Io): number {
  for (const [key, value] of listSysctl(io.sys.host())) {
    if (!options.pattern || options.pattern.test(key)) io.out(format(key, value, options.form))
  }
  return 0
}

/** Slashes may stand for dots: net/ipv4/ip_forward. */
function dotted(name: string): string {
  const slash = name.indexOf('/')
  const dot = name.indexOf('.')
  return slash >= 0 && (dot < 0 || slash < dot) ? name.replaceAll('/', '.') : name
}

function cannotStat(key: string): string {
  return `sysctl: cannot stat /proc/sys/${key.replaceAll('.', '/')}: No such file or directory\n`
}

function eachVariable(names: readonly string[], options: Options, io: Io): number {
  let status = 0
  for (const name of names) {
    if (options.write || name.includes('=')) {
      const set = parseSetting(name)
      if (set) status |= write(set, options, io)
      else {
        // a word too short to be a setting fails without a word
        if (name.length > 1) io.err('sysctl: command line(0): invalid syntax, continuing...\n')
        status = 1
      }
    } else status |= read(dotted(name), options, io)
  }
  return status
}

function read(key: string, options: Options, io: Io): number {
  const host = io.sys.host()
  const value = getSysctl(host, key)
  if (value !== undefined) {
    io.out(format(key, value, options.form))
    return 0
  }
  const below = listSysctl(host).filter(([name]) => name.startsWith(`${key}.`))
  for (const [name, text] of below) io.out(format(name, text, options.form))
  if (below.length > 0 || options.ignore) return 0
  io.err(cannotStat(key))
  return 1
}

interface Setting {
  key: string
  value: string
  /** `-key = value`: a failure to write it is no error. */
  mayFail: boolean
}

function parseSetting(text: string): Setting | undefined {
  const at = text.indexOf('=')
  if (at < 0) return undefined
  const name = text.slice(0, at).trim()
  const mayFail = name.startsWith('-')
  return { key: dotted(mayFail ? name.slice(1) : name), value: text.slice(at + 1).trim(), mayFail }
}

function write({ key, value, mayFail }: Setting, options: Options, io: Io): number {
  if (getSysctl(io.sys.host(), key) === undefined) {
    if (options.ignore) return 0
    io.err(cannotStat(key))
    return mayFail ? 0 : 1
  }
  const done = io.sys.apply({ op: 'sysctl', key, value })
  if (!done.ok) {
    io.err(`sysctl: setting key "${key}": ${strerror(done.error)}\n`)
    return mayFail ? 0 : 1
  }
  if (!options.quiet) io.out(format(key, value, options.form))
  return 0
}

/** The files `--system` reads that a host may hold, in its order. */
function systemFiles(io: Io): string[] {
  const files = Object.keys(io.sys.host().files).filter((path) =>
    /^\/etc\/sysctl\.d\/[^/]+\.conf$/.test(path),
  )
  return [...files.sort(), '/etc/sysctl.conf'].filter((path) => Object.hasOwn(io.sys.host().files, path))
}

/** All lines are read before the first is written, so complaints about the form come first. */
function loadFiles(paths: readonly string[], options: Options, io: Io): number {
  let status = 0
  for (const path of paths) {
    const { files } = io.sys.host()
    const text = Object.hasOwn(files, path) ? files[path] : undefined
    if (text === undefined) {
      io.err(`sysctl: cannot open "${path}": No such file or directory\n`)
      status = 1
      continue
    }
    if (options.system) io.out(`* Applying ${path} ...\n`)
    const settings: Setting[] = []
    text.split('\n').forEach((raw, i) => {
      const line = raw.trim()
      if (line === '' || line.startsWith('#') || line.startsWith(';')) return
      const setting = parseSetting(line)
      if (setting) settings.push(setting)
      else io.err(`sysctl: ${path}(${i + 1}): invalid syntax, continuing...\n`)
    })
    for (const setting of settings) status |= write(setting, options, io)
  }
  return status
}
