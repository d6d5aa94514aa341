import type { Pid } from '../base/ids.ts'
import type { Ctx } from './ctx.ts'
import type { Host } from './host.ts'

const JOURNAL_MAX = 1000

/** Write one line of the journal, with its note. The oldest tenth goes when it is full. */
export function writeJournal(
  host: Host,
  { ident, pid, text, unit }: { ident: string; pid: Pid; text: string; unit: string },
  ctx: Ctx,
): void {
  if (host.journal.length >= JOURNAL_MAX) host.journal = host.journal.slice(JOURNAL_MAX / 10)
  host.journal.push(Object.freeze({ at: ctx.now, ident, pid, text, unit }))
  ctx.note(host, { kind: 'journal', pid, ident, text })
}
