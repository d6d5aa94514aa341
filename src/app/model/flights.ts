import type { Flight as StageFlight } from '../../view/stage/model.ts'
import { isQuiet } from '../control/traffic.ts'
import type { RunClock } from '../session/clock.ts'
import type { RunData } from '../session/run-data.ts'
import type { FlagReader } from './flags.ts'

/** How far ahead of the playhead flights are laid out, display ms at speed 1; one commit of the playhead is shorter. */
const AHEAD_MS = 2_500
const BEHIND_MS = 700
const MAX_FLIGHTS = 80

export interface Around {
  run: RunData
  clock: RunClock
  flags: FlagReader
  k: number
  speed: number
  /** Nothing travels. */
  still: boolean
}

/** Flags that travel around the playhead's time. Where each is at a time is the view's business. */
export function flightsAround(input: Around): StageFlight[] {
  const { run, clock, flags } = input
  if (input.still) return []
  const now = clock.at(input.k)
  const out: StageFlight[] = []
  const until = now + AHEAD_MS * Math.max(1, input.speed / 4)
  for (let k = firstAt(input, now - BEHIND_MS); k < run.records.length && out.length < MAX_FLIGHTS; k++) {
    const record = run.records[k]
    if (clock.at(k) > until) break
    if (record?.kind !== 'flight' || k <= run.bootRecord) continue
    if (isQuiet(run, k)) continue
    const span = clock.span(k)
    const flag = flags.ofFlight(k)
    if (span === undefined || flag === undefined || span[1] <= now) continue
    out.push({
      id: String(k),
      from: { host: record.host, dev: record.dev },
      to: record.to.map((end) => ({ host: end.host, dev: end.dev })),
      // the packet spoken of stands at the very beginning: it must have left first
      t0: span[0] + 0.5,
      t1: span[1],
      flag,
    })
  }
  return out.sort((a, b) => a.t0 - b.t0)
}

/** First note that stands at `ms` or later. */
function firstAt({ clock, run }: Around, ms: number): number {
  return Math.max(run.bootRecord + 1, clock.kAt(ms))
}
