import type { HostId } from '../../core/base/ids.ts'
import { strayPrints, type TerminalEntry, terminalEntries } from '../model/terminal-entries.ts'
import type { Session } from '../session/session.ts'

/** One thing after the other on a host's screen. */
export type Piece =
  | { kind: 'line'; entry: TerminalEntry; by: 'boot' | 'knob' | 'hand'; prompt: string | undefined }
  /** Printed by a program in the background. */
  | { kind: 'stray'; note: number; text: string }
  /** A line that runs now. */
  | { kind: 'open'; line: string; output: string; by: 'knob' | 'hand' }

/** Older lines stay in the Log; this many are kept on the screen. */
const SHOWN = 200

/** The screen of a host at note `k`. */
export function transcript(session: Session, host: HostId, k: number): Piece[] {
  const { run, lists } = session
  const pieces: Piece[] = []
  const entries = terminalEntries(run, lists.commands, host, k)
  let after = -1
  for (const entry of entries) {
    addStray(pieces, session, { host, after, upTo: Math.min(entry.before, k) })
    const prompt = session.promptOf(entry.note, entry.line)
    const by = entry.note <= run.bootRecord ? 'boot' : prompt === undefined ? 'knob' : 'hand'
    pieces.push({ kind: 'line', entry, by, prompt })
    after = entry.note
  }
  const isAtEnd = k >= run.records.length - 1
  const open = isAtEnd ? openLines(session, host) : []
  // while a line runs, what is printed is its own
  if (open.length === 0) addStray(pieces, session, { host, after, upTo: k })
  pieces.push(...open)
  return pieces.slice(-SHOWN)
}

/** A line that was just typed is there before the engine tells of it. */
function openLines({ run, state }: Session, host: HostId): Extract<Piece, { kind: 'open' }>[] {
  const typed = state.getState().typing[host]
  const open = run.typed.filter((line) => line.host === host)
  const all = open.map(({ line, output }) => {
    const by: 'hand' | 'knob' = line === typed ? 'hand' : 'knob'
    return { kind: 'open' as const, line, output, by }
  })
  const isTold = typed === undefined || open.some(({ line }) => line === typed)
  return isTold ? all : [...all, { kind: 'open', line: typed, output: '', by: 'hand' }]
}

function addStray(
  pieces: Piece[],
  { run, lists }: Session,
  place: { host: HostId; after: number; upTo: number },
): void {
  const text = strayPrints(run, lists.prints, place)
  if (text !== '') pieces.push({ kind: 'stray', note: place.after, text })
}
