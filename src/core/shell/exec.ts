import type { ShellEnv } from './env.ts'
import { expandText, expandWords, type Expander, type Waits } from './expand.ts'
import { parseLine } from './parse.ts'
import { redirect } from './redirect.ts'
import type { Leave, Session } from './session.ts'
import type { Io, Outcome } from './sys.ts'
import type { Choice, Connector, Group, Item, Loop, Node, Pipeline, Repeat, Simple } from './syntax.ts'
import { filterOf, runCommand } from './table.ts'
import { WRAPPERS } from './wrappers.ts'

/** Runs a parsed line as a generator that yields what it waits for. The status of what ran last is `env.status`. */

const COMMAND_LIMIT = 20_000

export function* runItems(items: readonly Item[], session: Session, io: Io): Waits<Leave> {
  for (const item of items) {
    if (!isDue(item.after, session.env.status)) continue
    const leave = item.background
      ? yield* leaveRunning(item.node, session, io)
      : yield* runNode(item.node, session, io)
    if (leave) return leave
  }
  return undefined
}

function isDue(after: Connector, status: number): boolean {
  if (after === '&&') return status === 0
  return after === ';' || status !== 0
}

/** `&`: a program goes on by itself, bash reports status 0 for it; what waits for nothing has ended by then. */
function* leaveRunning(node: Node, session: Session, io: Io): Waits<Leave> {
  const run = runNode(node, session, io)
  let step = run.next(0)
  while (step.done !== true && !(step.value.kind === 'wait' && step.value.until === 'exit')) {
    if (step.value.kind === 'sleep') {
      io.err("vipscope: `&': only a program can be left running in the background\n")
      session.env.status = 2
      return undefined
    }
    step = run.next(yield step.value)
  }
  if (step.done !== true && step.value.kind === 'wait') {
    session.background.push(step.value.pid)
    session.env.jobs.push(step.value.pid)
  }
  session.env.status = 0
  return undefined
}

export function* runNode(node: Node, session: Session, io: Io): Waits<Leave> {
  if (++session.commands > COMMAND_LIMIT) {
    if (session.commands === COMMAND_LIMIT + 1)
      io.err(`vipscope: more than ${COMMAND_LIMIT} commands in one line: it is stopped\n`)
    session.env.status = 130
    return { kind: 'exit' }
  }
  if (node.kind === 'simple') return yield* runSimple(node, session, io)
  if (node.kind === 'pipeline') return yield* runPipeline(node, session, io)
  const how = expander(session, io)
  const led = yield* redirect(node.redirections, io, how)
  if (!led) return undefined
  const leave = yield* runCompound(node, session, led.io)
  led.close()
  return leave
}

function runCompound(node: Group | Loop | Repeat | Choice, session: Session, io: Io): Waits<Leave> {
  switch (node.kind) {
    case 'group':
      return runGroup(node, session, io)
    case 'for':
      return runLoop(node, session, io)
    case 'while':
      return runRepeat(node, session, io)
    case 'if':
      return runChoice(node, session, io)
  }
}

function* runGroup(node: Group, session: Session, io: Io): Waits<Leave> {
  if (!node.subshell) return yield* runItems(node.body, session, io)
  yield* inSubshell(session, io, (inner, innerIo) => runItems(node.body, inner, innerIo))
  return undefined
}

/** Variables and folder of a subshell are its own; its status is not. */
function* inSubshell(session: Session, io: Io, run: (inner: Session, io: Io) => Waits<Leave>): Waits<void> {
  const env = { ...session.env, vars: { ...session.env.vars }, jobs: [...session.env.jobs] }
  const inner: Session = { ...session, env }
  yield* run(inner, { ...io, env })
  session.commands = inner.commands
  session.env.status = env.status
}

function* runLoop(node: Loop, session: Session, io: Io): Waits<Leave> {
  const values = yield* expandWords(node.words, expander(session, io))
  session.env.status = 0
  for (const value of values) {
    session.env.vars[node.name] = value
    const leave = yield* runItems(node.body, session, io)
    if (leave?.kind === 'continue' && leave.levels <= 1) continue
    if (leave) return outward(leave)
  }
  return undefined
}

function* runRepeat(node: Repeat, session: Session, io: Io): Waits<Leave> {
  let status = 0
  for (;;) {
    const early = yield* runItems(node.condition, session, io)
    if (early) return outward(early)
    if ((session.env.status === 0) === node.until) break
    const leave = yield* runItems(node.body, session, io)
    status = session.env.status
    if (leave?.kind === 'continue' && leave.levels <= 1) continue
    if (leave) return outward(leave)
  }
  session.env.status = status
  return undefined
}

/** What is left to do for the loops around. */
function outward(leave: NonNullable<Leave>): Leave {
  if (leave.kind === 'exit') return leave
  return leave.levels > 1 ? { ...leave, levels: leave.levels - 1 } : undefined
}

function* runChoice(node: Choice, session: Session, io: Io): Waits<Leave> {
  for (const { condition, body } of node.arms) {
    const leave = yield* runItems(condition, session, io)
    if (leave) return leave
    if (session.env.status === 0) return yield* runItems(body, session, io)
  }
  session.env.status = 0
  return node.otherwise ? yield* runItems(node.otherwise, session, io) : undefined
}

/** One stage's way of taking the text of the stage before it. */
interface Intake {
  write: (text: string) => void
  isDone: () => boolean
  /** The input has ended. */
  end: () => Waits<void>
}

/**
 * Tools that work line by line see text as it comes; what else stands behind a pipe runs when its input is whole. Each
 * stage is a subshell; the status is the last one's.
 */
function* runPipeline(node: Pipeline, session: Session, io: Io): Waits<Leave> {
  let out = io.out
  const intakes: Intake[] = []
  for (let i = node.stages.length - 1; i > 0; i--) {
    const stage = node.stages[i]
    if (!stage) continue
    const intake = yield* openIntake(stage.node, session, stageIo(io, out, stage.withErrors))
    intakes.unshift(intake)
    out = (text) => intake.write(text)
  }
  const [first] = node.stages
  const head = intakes[0]
  if (first && head) {
    const enough = head.isDone
    const io0 = stageIo(io, out, first.withErrors)
    yield* untilEnough(
      inSubshell(session, io0, (inner, innerIo) => runNode(first.node, inner, innerIo)),
      enough,
    )
  }
  for (const intake of intakes) yield* intake.end()
  if (node.negated) session.env.status = session.env.status === 0 ? 1 : 0
  return undefined
}

function stageIo(io: Io, out: (text: string) => void, withErrors: boolean): Io {
  return { ...io, out, err: withErrors ? out : io.err }
}

function* untilEnough(run: Waits<void>, enough: () => boolean): Waits<void> {
  let step = run.next(0)
  while (step.done !== true) {
    const { value } = step
    step = run.next(yield value.kind === 'wait' ? { ...value, enough } : value)
    if (enough()) return
  }
}

function* openIntake(node: Node, session: Session, io: Io): Waits<Intake> {
  if (node.kind === 'simple' && node.redirections.length === 0 && node.assigns.length === 0) {
    const [name = '', ...args] = yield* expandWords(node.words, expander(session, io))
    const filter = filterOf(name)?.(args, io)
    if (typeof filter === 'number') return closedIntake(session, filter)
    if (filter) {
      return {
        write: filter.write,
        isDone: filter.isDone ?? (() => false),
        // eslint-disable-next-line require-yield -- a filter waits for nothing
        end: function* () {
          session.env.status = filter.end()
        },
      }
    }
  }
  let input = ''
  return {
    write: (text) => void (input += text),
    isDone: () => false,
    end: function* () {
      yield* inSubshell(session, { ...io, input: { text: input } }, (inner, innerIo) =>
        runNode(node, inner, innerIo),
      )
    },
  }
}

function closedIntake(session: Session, status: number): Intake {
  return {
    write: () => undefined,
    isDone: () => true,
    // eslint-disable-next-line require-yield -- nothing to wait for
    end: function* () {
      session.env.status = status
    },
  }
}

function* runSimple(node: Simple, session: Session, io: Io): Waits<Leave> {
  const { env } = session
  const how = expander(session, io)
  const words = yield* expandWords(node.words, how)
  const values: Record<string, string> = {}
  for (const { name, value, append } of node.assigns) {
    const text = yield* expandText(value, how)
    values[name] = append ? `${env.vars[name] ?? ''}${text}` : text
  }
  const led = yield* redirect(node.redirections, io, how)
  if (!led) return undefined
  const [name, ...args] = unaliased(words, env)
  let leave: Leave
  if (name === undefined) {
    Object.assign(env.vars, values)
    if (!node.assigns.some(({ value }) => value.some((piece) => piece.kind === 'command'))) env.status = 0
  } else {
    // values before a command are for it alone
    const kept = { ...env.vars }
    Object.assign(env.vars, values)
    leave = yield* runWords(name, args, session, led.io)
    if (node.assigns.length > 0) env.vars = kept
  }
  led.close()
  return leave
}

/** A short name stands for words; the name itself among them is not replaced again. */
function unaliased(words: readonly string[], env: ShellEnv): readonly string[] {
  const [name = '', ...args] = words
  const alias = Object.hasOwn(env.aliases, name) ? env.aliases[name] : undefined
  return alias === undefined ? words : [...alias.trim().split(/\s+/), ...args]
}

/** A command with its words as they are. */
export function* runWords(name: string, args: string[], session: Session, io: Io): Waits<Leave> {
  const { env } = session
  switch (name) {
    case 'break':
    case 'continue':
      env.status = 0
      return { kind: name, levels: Math.max(1, Number(args[0] ?? 1) || 1) }
    case 'exit':
      env.status = (args[0] === undefined ? env.status : Number(args[0]) || 0) & 0xff
      return { kind: 'exit' }
    default: {
      const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined
      if (!wrapper) {
        env.status = yield* settle(runCommand(name, args, io))
        return undefined
      }
      const run = (words: readonly string[], inner: Io): Waits<Leave> =>
        runWords(words[0] ?? '', words.slice(1), session, inner)
      const text = (line: string, inner: Io): Waits<Leave> => runText(line, session, inner)
      return yield* wrapper(args, { session, io, run, text })
    }
  }
}

function* settle(first: Outcome): Waits<number> {
  let outcome = first
  while (typeof outcome !== 'number') outcome = outcome.then(yield outcome.step)
  return outcome
}

/** Text that is a command line itself: `bash -c`, `eval`, `watch`, `$(...)`. */
function* runText(line: string, session: Session, io: Io): Waits<Leave> {
  const parsed = parseLine(line)
  if (parsed.ok) return yield* runItems(parsed.value, session, io)
  io.err(`${parsed.error}\n`)
  session.env.status = 2
  return undefined
}

function expander(session: Session, io: Io): Expander {
  return {
    env: session.env,
    complain: io.err,
    substitute: function* (line) {
      let text = ''
      const led: Io = { ...io, out: (more) => void (text += more) }
      yield* inSubshell(session, led, (inner, innerIo) => runText(line, inner, innerIo))
      return text
    },
  }
}
