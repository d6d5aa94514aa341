import { SEC } from '../base/ids.ts'
import { dateText } from './commands/date.ts'
import type { Waits } from './expand.ts'
import type { Leave, Wrapper, WrapperTools } from './session.ts'
import type { Io } from './sys.ts'

/** Commands that run other commands, and those that wait for what runs. */

const MAX_WATCH = 600

/** All that is left of the input; undefined at a terminal. */
function takeInput(io: Io): string | undefined {
  const text = io.input?.text
  if (io.input) io.input.text = ''
  return text
}

/** Run words with what they print kept. */
function* captured({ io, text, session }: WrapperTools, line: string): Waits<string> {
  let output = ''
  const keep = (more: string): void => void (output += more)
  const inner: Io = { ...io, out: keep, err: keep }
  const leave = yield* text(line, inner)
  if (leave?.kind === 'exit') session.env.status = 130
  return output
}

/** Everybody is root here. */
const sudo: Wrapper = function* (args, { io, session, run }) {
  const words = args.filter((arg, i) => !(i === 0 && arg.startsWith('-')))
  if (words.length === 0) {
    io.err('usage: sudo [-u user] command\n')
    session.env.status = 1
    return undefined
  }
  return yield* run(words, io)
}

/** Runs what follows as it is. */
const plain: Wrapper = function* (args, { io, session, run }) {
  if (args.length > 0) return yield* run(args, io)
  session.env.status = 0
  return undefined
}

const evaluated: Wrapper = function* (args, { io, text }) {
  return yield* text(args.join(' '), io)
}

const bash: Wrapper = function* (args, { io, session, text }) {
  const at = args.findIndex((arg) => /^-[a-z]*c$/.test(arg))
  const line = at >= 0 ? args[at + 1] : takeInput(io)
  if (line === undefined) {
    io.err("vipscope: a shell inside the shell is not modelled; `bash -c COMMAND' is\n")
    session.env.status = 1
    return undefined
  }
  const leave = yield* text(line, io)
  return leave?.kind === 'exit' ? undefined : leave
}

const wait: Wrapper = function* (args, { io, session }) {
  const { env } = session
  const pids = args.length > 0 ? args.map(Number) : env.jobs.splice(0)
  env.status = 0
  for (const pid of pids) {
    if (!io.sys.host().procs[pid]) continue
    const status = yield { kind: 'wait', pid, until: 'exit' }
    if (args.length > 0) env.status = status
  }
  return undefined
}

/** timeout(1): TERM after the time, status 124. */
const timeout: Wrapper = function* (args, { io, session, run }): Waits<Leave> {
  const words = args.filter((arg, i) => !(i === 0 && arg.startsWith('-')))
  const m = /^(\d+\.?\d*|\.\d+)([smh]?)$/.exec(words[0] ?? '')
  if (!m || words.length < 2) {
    io.err(
      words.length < 2
        ? 'timeout: missing operand\n'
        : `timeout: invalid time interval ‘${words[0] ?? ''}’\n`,
    )
    session.env.status = 125
    return undefined
  }
  const unit = m[2] === 'h' ? 3600 : m[2] === 'm' ? 60 : 1
  const deadline = io.sys.now() + Math.round(Number(m[1]) * unit * SEC)
  const inner = run(words.slice(1), io)
  let step = inner.next(0)
  while (step.done !== true) {
    const { value } = step
    if (value.kind === 'sleep') {
      const status = yield { kind: 'sleep', until: Math.min(value.until, deadline) }
      if (value.until <= deadline) step = inner.next(status)
    } else {
      const status = yield { ...value, atMost: deadline }
      if (io.sys.now() < deadline || !io.sys.host().procs[value.pid]) step = inner.next(status)
      else {
        io.sys.signal(value.pid, 'TERM')
        yield { kind: 'wait', pid: value.pid, until: 'exit', atMost: deadline + SEC }
      }
    }
    if (step.done !== true && io.sys.now() >= deadline) {
      session.env.status = 124
      return undefined
    }
  }
  return step.value
}

const watch: Wrapper = function* (args, tools) {
  const { io, session } = tools
  let seconds = 2
  let title = true
  let at = 0
  for (; args[at]?.startsWith('-') === true; at++) {
    const option = args[at] ?? ''
    const n = /^(?:-n|--interval=?)(.*)$/.exec(option)
    if (n) seconds = Number(n[1] === '' ? args[++at] : n[1])
    else if (option === '-t') title = false
    else if (option !== '-d') {
      io.err(`vipscope: \`watch ${option}' is not modelled\n`)
      session.env.status = 1
      return undefined
    }
  }
  const line = args.slice(at).join(' ')
  if (line === '' || !(seconds >= 0.1)) {
    io.err(
      line === ''
        ? 'Usage: watch [options] command\n'
        : `watch: failed to parse argument: '${args[1] ?? ''}'\n`,
    )
    session.env.status = 1
    return undefined
  }
  for (let n = 0; n < MAX_WATCH; n++) {
    const { sys } = io
    const head = `Every ${seconds.toFixed(1)}s: ${line}`
    const right = `${sys.host().id}: ${dateText(sys.now())}`
    const output = yield* captured(tools, line)
    const top = title ? `${head}${' '.repeat(Math.max(2, 80 - head.length - right.length))}${right}\n\n` : ''
    // home, clear: the picture of a terminal, replaced at each turn
    io.out(`\x1b[H\x1b[2J${top}${output}`)
    yield { kind: 'sleep', until: sys.now() + Math.round(seconds * SEC) }
  }
  session.env.status = 0
  return undefined
}

/** xargs: words of the input behind the command, `-n N` at a time, `-I R` one line at a time in the place of R. */
const xargs: Wrapper = function* (args, { io, session, run }) {
  let each = Infinity
  let mark: string | undefined
  let at = 0
  for (; args[at]?.startsWith('-') === true; at++) {
    const option = args[at] ?? ''
    if (option.startsWith('-n')) each = Number(option.slice(2) || args[++at]) || 1
    else if (option.startsWith('-I')) mark = option.slice(2) || args[++at]
    else if (option !== '-r') {
      io.err(`vipscope: \`xargs ${option}' is not modelled\n`)
      session.env.status = 1
      return undefined
    }
  }
  const base = at < args.length ? args.slice(at) : ['echo']
  const input = (takeInput(io) ?? '').trim()
  const pieces = input === '' ? [] : input.split(mark === undefined ? /\s+/ : '\n')
  let worst = 0
  while (pieces.length > 0) {
    const some = pieces.splice(0, mark === undefined ? each : 1)
    const words =
      mark === undefined ? [...base, ...some] : base.map((word) => word.replaceAll(mark, some[0] ?? ''))
    const leave = yield* run(words, { ...io, input: { text: '' } })
    if (leave) return leave
    if (session.env.status !== 0) worst = 123
  }
  session.env.status = worst
  return undefined
}

export const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  sudo,
  nohup: plain,
  command: plain,
  builtin: plain,
  exec: plain,
  eval: evaluated,
  bash,
  sh: bash,
  wait,
  timeout,
  watch,
  xargs,
}
