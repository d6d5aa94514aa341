import { MS, type Pid } from '../../base/ids.ts'
import type { Proc } from '../../kernel/host.ts'
import type { Command, Io, Outcome, ShellSys } from '../sys.ts'
import { notModelled, refuse, tell } from './words.ts'

/** kill, killall, pkill, pidof and pgrep: signals by number or name. Signals that programs here do not know are refused by name. */
type Signal = Parameters<ShellSys['signal']>[1] | 'TEST'

const SIGNALS: Readonly<Record<string, Signal>> = {
  '0': 'TEST',
  '1': 'HUP',
  '2': 'INT',
  '9': 'KILL',
  '15': 'TERM',
  HUP: 'HUP',
  INT: 'INT',
  KILL: 'KILL',
  TERM: 'TERM',
}

/** '9', 'KILL', 'SIGKILL'; undefined: not one of those that are modelled. */
export function signalOf(typed: string): Signal | undefined {
  const name = typed.toUpperCase().replace(/^SIG/, '')
  return Object.hasOwn(SIGNALS, name) ? SIGNALS[name] : undefined
}

/** -9, -KILL, -s KILL, --signal=KILL out of the words; the rest are operands. */
function readSignal(args: readonly string[]): { signal: string; operands: string[] } {
  let signal = 'TERM'
  const operands: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    const named = /^(?:--signal=|-)((?:SIG)?[A-Z]{2,}[0-9]*|\d+)$/.exec(arg)?.[1]
    if (named !== undefined && operands.length === 0) signal = named
    else if (arg === '-s' || arg === '--signal') signal = args[++i] ?? ''
    else if (arg !== '--') operands.push(arg)
  }
  return { signal, operands }
}

/** The command ends a moment after the signals: by then they have arrived. */
const MOMENT = MS

export function afterSignals(io: Io, status: number): Outcome {
  return { step: { kind: 'sleep', until: io.sys.now() + MOMENT }, then: () => status }
}

function send(io: Io, pid: Pid, signal: Signal): void {
  if (signal !== 'TEST') io.sys.signal(pid, signal)
}

/** What ps calls it: the name of the program, without its folder. */
function nameOf(proc: Proc): string {
  return (proc.argv[0] ?? '').replace(/^.*\//, '').slice(0, 15)
}

function procs(io: Io): Proc[] {
  return Object.values(io.sys.host().procs)
}

export const kill: Command = {
  name: 'kill',
  summary: 'send a signal to processes by number',
  run: (args, io) => {
    if (args[0] === '-l') return tell(io, notModelled("`kill -l'"))
    const { signal: typed, operands } = readSignal(args)
    const signal = signalOf(typed)
    if (operands.length === 0) {
      return tell(
        io,
        refuse(
          'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]',
          2,
        ),
      )
    }
    if (signal === undefined) {
      if (/^(QUIT|USR1|USR2|STOP|CONT|3|10|12|17|18|19)$/.test(typed.replace(/^SIG/, ''))) {
        return tell(io, notModelled(`the signal ${typed}`))
      }
      return tell(io, refuse(`bash: kill: ${typed}: invalid signal specification`, 1))
    }
    let status = 0
    for (const word of operands) {
      const isNumber = /^\d+$/.test(word)
      if (isNumber && io.sys.host().procs[Number(word)]) send(io, Number(word), signal)
      else {
        io.err(
          isNumber
            ? `bash: kill: (${word}) - No such process\n`
            : `bash: kill: ${word}: arguments must be process or job IDs\n`,
        )
        status = 1
      }
    }
    return afterSignals(io, status)
  },
}

export const killall: Command = {
  name: 'killall',
  summary: 'send a signal to processes by name',
  run: (args, io) => {
    const { signal: typed, operands } = readSignal(args)
    const signal = signalOf(typed)
    const names = operands.filter((word) => !['-q', '-e', '-v', '-w'].includes(word))
    if (signal === undefined)
      return tell(io, refuse(`${typed}: unknown signal; killall -l lists signals.`, 1))
    let status = 0
    for (const name of names) {
      const found = procs(io).filter((proc) => nameOf(proc) === name || proc.argv[0] === name)
      for (const { pid } of found) send(io, pid, signal)
      if (found.length > 0) continue
      if (!operands.includes('-q')) io.err(`${name}: no process found\n`)
      status = 1
    }
    return names.length === 0
      ? tell(io, refuse('Usage: killall [OPTION]... [--] NAME...', 1))
      : afterSignals(io, status)
  },
}

function matching(io: Io, operands: readonly string[], tool: string): Proc[] | number {
  const pattern = operands.find((word) => !word.startsWith('-'))
  if (pattern === undefined) {
    return tell(
      io,
      refuse(`${tool}: no matching criteria specified\nTry \`${tool} --help' for more information.`, 2),
    )
  }
  // Simplified: the pattern is plain text, -x asks for the whole of it, -f looks at the whole command line.
  const full = operands.includes('-f')
  const exact = operands.includes('-x')
  return procs(io).filter((proc) => {
    const text = full ? proc.argv.join(' ') : nameOf(proc)
    return exact ? text === pattern : text.includes(pattern)
  })
}

export const pkill: Command = {
  name: 'pkill',
  summary: 'send a signal to processes whose name contains a text',
  run: (args, io) => {
    const { signal: typed, operands } = readSignal(args)
    const signal = signalOf(typed)
    if (signal === undefined) return tell(io, refuse(`pkill: invalid option -- '${typed.slice(0, 1)}'`, 2))
    const found = matching(io, operands, 'pkill')
    if (typeof found === 'number') return found
    for (const { pid } of found) send(io, pid, signal)
    return afterSignals(io, found.length > 0 ? 0 : 1)
  },
}

export const pgrep: Command = {
  name: 'pgrep',
  summary: 'numbers of processes whose name contains a text',
  run: (args, io) => {
    const found = matching(io, args, 'pgrep')
    if (typeof found === 'number') return found
    const all = args.includes('-a')
    for (const proc of found) {
      io.out(
        `${proc.pid}${all ? ` ${proc.argv.join(' ')}` : args.includes('-l') ? ` ${nameOf(proc)}` : ''}\n`,
      )
    }
    return found.length > 0 ? 0 : 1
  },
}

export const pidof: Command = {
  name: 'pidof',
  summary: 'numbers of the processes of a program, the newest first',
  run: (args, io) => {
    const names = args.filter((word) => !word.startsWith('-'))
    const pids = procs(io)
      .filter((proc) => names.includes(nameOf(proc)) || names.includes(proc.argv[0] ?? ''))
      .map(({ pid }) => pid)
      .reverse()
    if (pids.length === 0) return 1
    io.out(`${(args.includes('-s') ? pids.slice(0, 1) : pids).join(' ')}\n`)
    return 0
  },
}
