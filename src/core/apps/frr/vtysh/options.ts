import { bad, ok, type Result } from '../../../base/result.ts'

export interface Options {
  mode: 'run' | 'boot' | 'file' | 'check' | 'write' | 'talk' | 'help'
  /** Commands of `-c`; the text of `--help`. */
  lines: readonly string[]
  file: string
  /** `-d`: only this one. */
  daemon: string
  /** `-E`: prompt and command stand before what it prints. */
  echo: boolean
}

const TRY = "Try `vtysh --help' for more information.\n"

const LONG: Readonly<Record<string, string>> = {
  '--boot': '-b',
  '--command': '-c',
  '--daemon': '-d',
  '--inputfile': '-f',
  '--dryrun': '-C',
  '--writeconfig': '-w',
  '--echo': '-E',
  '--user': '-u',
  '--help': '-h',
}

/** Options of vtysh (golden A9, `vtysh --help`); the error is its message. */
export function parseOptions(args: readonly string[], version: string): Result<Options, string> {
  const commands: string[] = []
  let mode: Options['mode'] = 'talk'
  let [file, daemon, echo] = ['', '', false]
  const rest = args.slice()
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const option = LONG[arg] ?? arg
    if (option === '-c' || option === '-d' || option === '-f') {
      const value = rest.shift()
      if (value === undefined)
        return bad(`vtysh: option requires an argument -- '${option.slice(1)}'\n${TRY}`)
      if (option === '-c') commands.push(value)
      else if (option === '-d') daemon = value
      else {
        file = value
        if (mode === 'talk') mode = 'file'
      }
    } else if (option === '-b') mode = 'boot'
    else if (option === '-C') mode = 'check'
    else if (option === '-w') mode = 'write'
    else if (option === '-E') echo = true
    else if (option === '-h') return ok({ mode: 'help', lines: helpText(version), file, daemon, echo })
    else if (option !== '-u') return bad(unknown(arg))
  }
  if (mode === 'talk' && commands.length > 0) mode = 'run'
  return ok({ mode, lines: commands, file: file === '' ? '/etc/frr/frr.conf' : file, daemon, echo })
}

function unknown(arg: string): string {
  const what = arg.startsWith('--')
    ? `vtysh: unrecognized option '${arg}'`
    : `vtysh: invalid option -- '${arg.slice(1, 2)}'`
  return `${what}\n${TRY}`
}

function helpText(version: string): string[] {
  return [
    'Usage : vtysh [OPTION...]',
    '',
    `Integrated shell for FRR (version ${version}). `,
    '',
    '-b, --boot               Execute boot startup configuration',
    '-c, --command            Execute argument as command',
    '-d, --daemon             Connect only to the specified daemon',
    '-f, --inputfile          Execute commands from specific file and exit',
    '-E, --echo               Echo prompt and command in -c mode',
    '-C, --dryrun             Check configuration for validity and exit',
    '-w, --writeconfig        Write integrated config (frr.conf) and exit',
    '-h, --help               Display this help and exit',
    '',
    'Note that multiple commands may be executed from the command',
    'line by passing multiple -c args, or by embedding linefeed',
    'characters in one or more of the commands.',
    '',
  ]
}
