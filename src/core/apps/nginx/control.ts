import { errorLogDate } from '../clock.ts'
import type { Sys } from '../sys.ts'
import { loadConfig, NO_EVENTS } from './config.ts'
import type { Config } from './types.ts'

/** Command line of nginx: -t, -s SIGNAL, -v, -c FILE. */
export interface Args {
  file: string
  test: boolean
  signal: string
  version: boolean
  error: string
  /** Read the configuration; undefined after its error was printed (and, unless told not to, the process ended). */
  load: (sys: Sys, fatal?: boolean) => Config | undefined
}

export function readArgs(argv: readonly string[]): Args {
  const args: Args = {
    file: '/etc/nginx/nginx.conf',
    test: false,
    signal: '',
    version: false,
    error: '',
    load,
  }
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] ?? ''
    const value = argv[i + 1]
    if (word === '-t') args.test = true
    else if (word === '-v') args.version = true
    else if (word === '-c' || word === '-s' || word === '-g') {
      i++
      if (value === undefined)
        args.error = `option "${word}" requires ${word === '-c' ? 'file name' : 'parameter'}`
      else if (word === '-c') args.file = value
      else if (word === '-s') args.signal = value
      else if (!/^((daemon|master_process) on;? *)+$/.test(value))
        args.error = 'option "-g" is not modelled here'
    } else
      args.error = word.startsWith('-') ? `invalid option: "${word.slice(1)}"` : `invalid option: "${word}"`
    if (args.error !== '') break
  }
  if (args.signal !== '' && !['stop', 'quit', 'reload', 'reopen'].includes(args.signal)) {
    args.error = `invalid option: "-s ${args.signal}"`
  }
  return args

  function load(sys: Sys, fatal = true): Config | undefined {
    const loaded = loadConfig(args.file, { read: (path) => sys.readFile(path), list: () => sys.listFiles() })
    if (loaded.ok) return loaded.value
    if (args.test && loaded.error === NO_EVENTS)
      sys.eprint(`nginx: the configuration file ${args.file} syntax is ok\n`)
    sys.eprint(`nginx: [emerg] ${loaded.error}\n`)
    if (args.test) sys.eprint(`nginx: configuration file ${args.file} test failed\n`)
    if (fatal) sys.exit(1)
    return undefined
  }
}

/** Do what the command line asks for, if that is not serving. True: the process has ended. */
export function runControl(sys: Sys, args: Args): boolean {
  if (args.error !== '') {
    sys.eprint(`nginx: ${args.error}\n`)
    sys.exit(1)
    return true
  }
  if (args.version) {
    sys.eprint(`nginx version: nginx/${sys.profile.nginx}\n`)
    sys.exit(0)
    return true
  }
  if (!args.test && args.signal === '') return false
  const config = args.load(sys)
  if (!config) return true
  if (args.test) {
    sys.eprint(`nginx: the configuration file ${args.file} syntax is ok\n`)
    sys.eprint(`nginx: configuration file ${args.file} test is successful\n`)
    sys.exit(0)
    return true
  }
  sendSignal(sys, config, args.signal)
  return true
}

/** What it logs goes to standard error: Debian's nginx has no error log before its configuration names one. */
function sendSignal(sys: Sys, config: Config, signal: string): void {
  sys.eprint(`${errorLogDate(sys.now)} [notice] ${sys.pid}#${sys.pid}: signal process started\n`)
  const text = sys.readFile(config.pidFile)
  if (text === undefined) {
    sys.eprint(`nginx: [error] open() "${config.pidFile}" failed (2: No such file or directory)\n`)
    return sys.exit(1)
  }
  const pid = Number(text.trim())
  const name = signal === 'reload' ? 'HUP' : 'TERM'
  if (signal === 'reopen' || sys.kill(pid, name)) return sys.exit(0)
  const number = { reload: 1, stop: 15, quit: 3 }[signal] ?? 15
  sys.eprint(`nginx: [alert] kill(${pid}, ${number}) failed (3: No such process)\n`)
  sys.exit(1)
}
