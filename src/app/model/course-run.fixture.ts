import type { HostId } from '../../core/base/ids.ts'
import { labById } from '../../content/labs.ts'
import { createEngine } from '../../engine/inprocess.ts'
import type { HostView } from '../../engine/engine.ts'
import { words } from '../../i18n/en/index.ts'
import { clockOf, type RunClock } from '../session/clock.ts'
import { createLists, type Lists } from '../session/lists.ts'
import { emptyRun, type RunData, takeBatch } from '../session/run-data.ts'
import { createFlagReader, type FlagReader } from './flags.ts'
import { flowEndsOf } from './flow-ends.ts'
import { type Owners, ownersOf } from './owners.ts'
import { emptyStops, extendStops, type Stops } from './stops.ts'

/** The course lab, really run, with everything that the page derives from a run. For tests of the models. */
export interface CourseRun {
  lab: NonNullable<ReturnType<typeof labById>>
  run: RunData
  lists: Lists
  stops: Stops
  clock: RunClock
  views: Record<HostId, HostView>
  owners: Owners
  flags: FlagReader
}

export async function courseRun(
  lines: readonly (readonly [host: HostId, line: string])[],
): Promise<CourseRun> {
  const lab = labById('course-static')
  if (lab === undefined) throw new Error('the course lab is built in')
  const engine = createEngine()
  const run = emptyRun()
  const lists = createLists(run)
  const stops = emptyStops()
  engine.onTrace((batch) => {
    takeBatch(run, batch)
    lists.extend()
    extendStops(stops, run, (frame) => flowEndsOf(run, frame))
  })
  await engine.load(lab, { seed: 1 })
  await engine.execAll(lines.map(([host, line]) => ({ host, line })))
  const found = await Promise.all(Object.keys(lab.hosts).map((host) => engine.inspect(host, run.events)))
  const views = Object.fromEntries(found.map((view) => [view.host, view]))
  const owners = ownersOf(lab, found)
  engine.dispose()
  return {
    lab,
    run,
    lists,
    stops,
    clock: clockOf(run),
    views,
    owners,
    flags: createFlagReader(run, owners, words),
  }
}

export const CURL = ['router', 'curl -v http://172.16.253.100:8080'] as const

/** Number of the first note of that kind after boot that satisfies `where`. */
export function noteOf(run: RunData, kind: string, where: Readonly<Record<string, unknown>> = {}): number {
  const record = run.records.find((one) => {
    const fields = one as unknown as Record<string, unknown>
    return (
      one.i > run.bootRecord &&
      one.kind === kind &&
      Object.entries(where).every(([name, value]) => fields[name] === value)
    )
  })
  if (record === undefined) throw new Error(`the run has no ${kind}`)
  return record.i
}
