import type { HostId } from '../../core/base/ids.ts'
import { labById } from '../../content/labs.ts'
import type { HostView } from '../../engine/engine.ts'
import { createEngine } from '../../engine/inprocess.ts'
import { emptyRun, type RunData, takeBatch } from '../session/run-data.ts'
import type { LvsMode } from './lvs-lab.ts'
import { modeCommands } from './lvs-mode.ts'

/** One request of the client outside in a mode of IPVS, really run. For tests of the models. */
export interface ModeRun {
  run: RunData
  views: Record<HostId, HostView>
  lab: NonNullable<ReturnType<typeof labById>>
  /** Number of the first note of the request. */
  from: number
}

export async function modeRun(mode: LvsMode, more: readonly (readonly [HostId, string])[] = []) {
  const lab = labById('outside')
  if (lab === undefined) throw new Error('the lab is built in')
  const engine = createEngine()
  const run = emptyRun()
  engine.onTrace((batch) => {
    takeBatch(run, batch)
  })
  const look = async (): Promise<Record<HostId, HostView>> => {
    const found = await Promise.all(Object.keys(lab.hosts).map((host) => engine.inspect(host, run.events)))
    return Object.fromEntries(found.map((view) => [view.host, view]))
  }
  await engine.load(lab)
  const home = await look()
  await engine.execAll(modeCommands(home, home, mode))
  await engine.execAll(more.map(([host, line]) => ({ host, line })))
  const from = run.records.length
  await engine.exec('client', 'curl -s http://172.16.253.100:8080')
  const views = await look()
  engine.dispose()
  return { run, views, lab, from } satisfies ModeRun
}
