import { emptyTally, extendTally } from '../model/counts.ts'
import type { Traffic } from '../control/traffic.ts'
import type { RunData } from './run-data.ts'

/** Note numbers by use, kept up to date while the run grows, so that lists need not search it. */
export function createLists(run: RunData) {
  const lists = {
    commands: [] as number[],
    /** What programs have printed. */
    prints: [] as number[],
    flights: [] as number[],
    log: [] as number[],
    /** Sorts of traffic that there are, boot included. */
    chatter: new Set<Traffic>(),
    tally: emptyTally(),
  }
  let seen = 0
  return {
    ...lists,
    extend: () => {
      for (; seen < run.records.length; seen++) {
        const record = run.records[seen]
        if (record?.kind === 'flight') lists.chatter.add(run.traffic[seen] ?? 'data')
        if (record?.kind === 'command') lists.commands.push(seen)
        if (record?.kind === 'stdout') lists.prints.push(seen)
        if (seen <= run.bootRecord || record === undefined) continue
        if (record.kind === 'flight') lists.flights.push(seen)
        if (record.kind !== 'tx') lists.log.push(seen)
      }
      extendTally(lists.tally, run)
    },
    reset: () => {
      seen = 0
      lists.commands.length = 0
      lists.prints.length = 0
      lists.flights.length = 0
      lists.log.length = 0
      lists.chatter.clear()
      lists.tally.lb.clear()
      lists.tally.server.clear()
      lists.tally.seen = 0
    },
  }
}

export type Lists = ReturnType<typeof createLists>
