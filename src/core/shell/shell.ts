import type { Pid } from '../base/ids.ts'
import { parseLine } from './parse.ts'
import type { Connector, Simple } from './parse.ts'
import type { Io, Outcome, ShellRun, ShellStep, ShellSys } from './sys.ts'
import { runCommand } from './table.ts'
import type { Piece } from './tokens.ts'

/**
 * Start a command line. Nothing happens before the first `next`. Syntax errors come out of it as bash words them,
 * status 2. Never throws on any text.
 */
export function startLine(line: string): ShellRun {
  const parsed = parseLine(line)
  return parsed.ok ? runItems(parsed.value) : failed(parsed.error)
}

function runItems(items: readonly Simple[]): ShellRun {
  const background: Pid[] = []
  let at = 0
  let status = 0
  let then: ((status: number) => Outcome) | undefined

  function next(sys: ShellSys, lastStatus: number): ShellStep {
    let outcome = then?.(lastStatus)
    then = undefined
    for (;;) {
      const item = items[at]
      if (item === undefined) return { kind: 'done', status, background }
      if (outcome === undefined) outcome = isDue(item.after, status) ? runSimple(item, sys, status) : status
      if (typeof outcome === 'number') {
        status = outcome
        outcome = undefined
        at++
      } else if (item.background && outcome.step.kind === 'wait' && outcome.step.until === 'exit') {
        // left running: bash reports status 0 for it
        background.push(outcome.step.pid)
        outcome = 0
      } else {
        then = outcome.then
        return outcome.step
      }
    }
  }
  return { next }
}

function isDue(after: Connector, status: number): boolean {
  if (after === '&&') return status === 0
  return after === ';' || status !== 0
}

function runSimple(item: Simple, sys: ShellSys, lastStatus: number): Outcome {
  const io: Io = {
    sys,
    out: (text) => sys.print(text, false),
    err: (text) => sys.print(text, true),
    lastStatus,
  }
  const [name = '', ...args] = item.words.map((pieces) => textOfWord(pieces, lastStatus))
  return runCommand(name, args, io)
}

function textOfWord(pieces: readonly Piece[], lastStatus: number): string {
  return pieces.map((piece) => (piece.kind === 'status' ? String(lastStatus) : piece.text)).join('')
}

function failed(message: string): ShellRun {
  return {
    next: (sys) => {
      sys.print(`${message}\n`, true)
      return { kind: 'done', status: 2, background: [] }
    },
  }
}
