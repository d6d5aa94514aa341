import type { HostId } from '../../core/base/ids.ts'
import type { RunData } from '../session/run-data.ts'

/** One command line as the terminal shows it at the playhead. */
export interface TerminalEntry {
  /** Number of its note. */
  note: number
  /** Last note before it began: where to stand to watch it. */
  before: number
  line: string
  output: string
  status: number
  /** The playhead has not come to its end: the output is what it has printed so far. */
  open: boolean
}

/** Command lines of a host that have begun at note `k`, in order, those of boot included. */
export function terminalEntries(
  run: RunData,
  commands: readonly number[],
  host: HostId,
  k: number,
): TerminalEntry[] {
  const entries: TerminalEntry[] = []
  let last = -1
  for (const note of commands) {
    const record = run.records[note]
    if (record?.kind !== 'command' || record.host !== host) continue
    const from = beginOf(run, host, last + 1, note)
    last = note
    if (from > k) break
    const open = note > k
    const output = open ? printedUntil(run, host, { from, k, whole: record.output }) : record.output
    entries.push({ note, before: from - 1, line: record.line, output, status: record.status, open })
  }
  return entries
}

/** First note that the command itself has made: an input has no cause. What comes before still belongs to the last one. */
function beginOf(run: RunData, host: HostId, from: number, note: number): number {
  for (let i = from; i < note; i++) {
    const record = run.records[i]
    if (record?.cause !== -1 || record.host !== host) continue
    if (record.kind === 'config' || record.kind === 'proc.start') return i
  }
  return note
}

/** What came through pipes is not known before the line has ended: then nothing is shown until then. */
function printedUntil(
  run: RunData,
  host: HostId,
  { from, k, whole }: { from: number; k: number; whole: string },
) {
  let text = ''
  for (let i = from; i <= k; i++) {
    const record = run.records[i]
    if (record?.kind === 'stdout' && record.host === host) text += record.text
  }
  return whole.startsWith(text) ? text : ''
}

/** What programs in the background printed between the lines: after note `after`, up to note `upTo`. */
export function strayPrints(
  run: RunData,
  prints: readonly number[],
  { host, after, upTo }: { host: HostId; after: number; upTo: number },
): string {
  let text = ''
  for (const note of prints) {
    if (note <= after || note <= run.bootRecord) continue
    if (note > upTo) break
    const record = run.records[note]
    if (record?.kind === 'stdout' && record.host === host) text += record.text
  }
  return text
}
