/**
 * vtysh as a program: `-c` commands in a row until one fails, `-b` and `-f` files of configuration, `-C` their check, `-w`.
 * Lines of configuration go to the daemons as messages, and the next line waits for their answers. Without `-c` it greets
 * and ends: the terminal keeps the conversation (session.ts has what a line means).
 */
import { SEC } from '../../../base/ids.ts'
import type { Program } from '../../program.ts'
import type { Sys } from '../../sys.ts'
import type { Daemon } from '../cli/command.ts'
import { type Place, readConfig } from '../config/read.ts'
import type { VtyLine, VtyMessages } from '../zapi.ts'
import type { Printed } from './show-command.ts'
import { type Options, parseOptions } from './options.ts'
import { ENABLE, interpret, type Meaning, promptOf } from './session.ts'
import { running, viewOf } from './view.ts'

/** A daemon that does not answer (it ended meanwhile) is not waited for longer. */
const PATIENCE_NS = 5 * SEC

export interface VtyshState {
  options: Options
  todo: string[]
  place: Place
  /** Daemons that have not answered yet. */
  waiting: number
  /** Raised with every question, so that an old timer is known as such. */
  round: number
  status: number
}

export const vtysh: Program<VtyshState> = {
  name: 'vtysh',
  init: () => ({
    options: { mode: 'help', lines: [], file: '', daemon: '', echo: false },
    ...{ todo: [], place: ENABLE, waiting: 0, round: 0, status: 0 },
  }),
  run: (sys, st, event) => {
    if (event.kind === 'start') start(sys, st)
    else if (event.kind === 'message' && event.what === 'vty.reply')
      reply(sys, st, event.body as VtyMessages['vty.reply'])
    else if (event.kind === 'timer' && event.name === `round ${st.round}` && st.waiting > 0) {
      st.waiting = 0
      goOn(sys, st)
    }
  },
}

function start(sys: Sys, st: VtyshState): void {
  const parsed = parseOptions(sys.argv.slice(1), sys.profile.frr)
  if (!parsed.ok) {
    sys.eprint(parsed.error)
    return sys.exit(1)
  }
  st.options = parsed.value
  const { mode, lines, file } = st.options
  if (mode === 'help') {
    sys.print(lines.join('\n'))
    return sys.exit(0)
  }
  if (mode === 'check') return check(sys, file)
  if (daemons(sys, st).length === 0) {
    sys.eprint('Exiting: failed to connect to any daemons.\n')
    return sys.exit(1)
  }
  if (mode === 'boot' || mode === 'file') return readFile(sys, st, file, mode === 'boot')
  st.todo = mode === 'write' ? ['write memory'] : lines.flatMap((line) => line.split('\n'))
  if (mode === 'talk') {
    sys.print(
      `\nHello, this is FRRouting (version ${sys.profile.frr}).\nCopyright 1996-2005 Kunihiro Ishiguro, et al.\n\n`,
    )
    sys.eprint('vipscope: the conversation with vtysh is not modelled here; use vtysh -c "COMMAND"\n')
  }
  goOn(sys, st)
}

function daemons(sys: Sys, st: VtyshState): Daemon[] {
  const all = running(sys)
  return st.options.daemon === '' ? all : all.filter((name) => name === st.options.daemon)
}

/** `-C`: only read. */
function check(sys: Sys, path: string): void {
  const text = sys.readFile(path)
  if (text === undefined) return cannotOpen(sys, path)
  const { errors, left } = readConfig(text)
  for (const error of errors) sys.eprint(error)
  sys.exit(errors.length > 0 && !left ? 2 : 0)
}

function cannotOpen(sys: Sys, path: string): void {
  sys.eprint(`% Can't open configuration file ${path} due to 'No such file or directory'.\n`)
  sys.exit(1)
}

/** The lines of a file, to each daemon its own, in one message. */
function readFile(sys: Sys, st: VtyshState, path: string, isBoot: boolean): void {
  const text = sys.readFile(path)
  if (text === undefined) return cannotOpen(sys, path)
  const { lines, errors, left } = readConfig(text)
  for (const error of errors) sys.eprint(error)
  const isWrong = errors.length > 0 && !left
  if (isWrong) st.status = 2
  for (const daemon of daemons(sys, st)) ask(sys, st, daemon, lines[daemon], true)
  if (isWrong && isBoot) sys.eprint(`Configuration file[${path}] processing failure: 2\n`)
  if (st.waiting === 0) goOn(sys, st)
}

function ask(sys: Sys, st: VtyshState, daemon: Daemon, lines: readonly VtyLine[], boot: boolean): void {
  const [pid] = sys.pidsOf(daemon)
  if (pid === undefined) return
  const body = { lines: Object.freeze(lines.map((line) => Object.freeze(line))), boot }
  if (!sys.tell(pid, 'vty.config', Object.freeze(body satisfies VtyMessages['vty.config']))) return
  st.waiting++
  st.round++
  sys.sleep(`round ${st.round}`, PATIENCE_NS)
}

function reply(sys: Sys, st: VtyshState, { errors }: VtyMessages['vty.reply']): void {
  const isFile = st.options.mode === 'boot' || st.options.mode === 'file'
  for (const { line, text, warning } of errors) {
    const words = text.endsWith('\n') ? text : `${text}\n`
    if (isFile) sys.eprint(line > 0 && text.startsWith('% Unknown') ? `line ${line}: ${words}` : words)
    else sys.print(words)
    if (!warning && !isFile) st.status = 1
  }
  st.waiting--
  if (st.waiting <= 0) goOn(sys, st)
}

/** Work off lines until one has to wait, one fails, or there are no more. */
function goOn(sys: Sys, st: VtyshState): void {
  while (st.status === 0 && st.waiting <= 0) {
    const line = st.todo.shift()
    if (line === undefined) break
    if (st.options.echo) sys.print(`${viewOf(sys).hostname}${promptOf(st.place)}${line}\n`)
    const meaning = interpret(st.place, line)
    if (meaning.kind === 'quit') break
    carryOut(sys, st, meaning)
  }
  if (st.waiting <= 0) sys.exit(st.status)
}

function carryOut(sys: Sys, st: VtyshState, meaning: Meaning): void {
  if (meaning.kind === 'wrong') {
    sys.print(meaning.text)
    st.status = 1
  } else if (meaning.kind === 'config') configure(sys, st, meaning)
  else if (meaning.kind === 'run') run(sys, st, meaning)
  else if (meaning.kind === 'place') st.place = meaning.place
}

function configure(sys: Sys, st: VtyshState, meaning: Extract<Meaning, { kind: 'config' }>): void {
  st.place = meaning.place
  st.waiting = 0
  const there = daemons(sys, st)
  for (const daemon of meaning.to) {
    if (there.includes(daemon)) ask(sys, st, daemon, [meaning.line], false)
    else {
      sys.print(`${daemon} is not running\n`)
      st.status = 1
    }
  }
}

function run(sys: Sys, st: VtyshState, meaning: Extract<Meaning, { kind: 'run' }>): void {
  const { command, words, values, filter, place } = meaning
  st.place = place
  if (command.needs !== '' && !daemons(sys, st).includes(command.needs)) {
    sys.print(`${command.needs} is not running\n`)
    st.status = 1
    return
  }
  const result = command.run(viewOf(sys), { words, values })
  const { out, failed, write = {} }: Printed = typeof result === 'string' ? { out: result } : result
  for (const [path, text] of Object.entries(write)) sys.writeFile(path, text)
  const shown = filtered(out, filter)
  if (shown !== '') sys.print(shown)
  if (failed) st.status = 1
}

/** `| include REGEX`. Of regular expressions only `^`, `$`, `.`, `.*` and `|` are known: no text may take long. */
function filtered(out: string, filter: string): string {
  const [verb = '', ...rest] = filter.split(/\s+/)
  if (verb === '' || !'include'.startsWith(verb)) return out
  const safe = rest
    .join(' ')
    .replace(/[\\*+?()[\]{}]/g, (sign, at: number, all: string) =>
      sign === '*' && all[at - 1] === '.' ? '*' : `\\${sign}`,
    )
  const wanted = new RegExp(safe)
  const lines = out.split('\n').filter((line) => wanted.test(line))
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}
