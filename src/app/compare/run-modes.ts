import type { HostId } from '../../core/base/ids.ts'
import { labById } from '../../content/labs.ts'
import type { Engine, HostView } from '../../engine/engine.ts'
import type { Words } from '../../i18n/words.ts'
import { createFlagReader, type FlagReader } from '../model/flags.ts'
import { LVS_MODES, type HostLine, type LvsMode } from '../model/lvs-lab.ts'
import { modeCommands } from '../model/lvs-mode.ts'
import { type Owners, ownersOf } from '../model/owners.ts'
import { emptyRun, type RunData, takeBatch } from '../session/run-data.ts'

/** The same request in the same lab, in one mode. */
export interface ModeRun {
  mode: LvsMode
  run: RunData
  owners: Owners
  flags: FlagReader
  views: Readonly<Record<HostId, HostView>>
  /** What was typed to bring the lab into the mode. */
  typed: readonly HostLine[]
  /** First record of the request itself. */
  from: number
}

const LAB = 'outside'
const CLIENT = 'client'
const CURL = 'curl -s http://172.16.253.100:8080'
export const DIRECTOR = 'LB1'

/** Load the lab once for each mode, bring it there by commands, send one request. One engine after the other's run. */
export async function runModes(engine: Engine, words: Words): Promise<ModeRun[]> {
  const runs: ModeRun[] = []
  for (const mode of LVS_MODES) runs.push(await runMode(engine, mode, words))
  return runs
}

async function runMode(engine: Engine, mode: LvsMode, words: Words): Promise<ModeRun> {
  const lab = labById(LAB)
  if (lab === undefined) throw new Error(`the lab ${LAB} is built in`)
  const run = emptyRun()
  const stop = engine.onTrace((batch) => {
    takeBatch(run, batch)
  })
  await engine.load(lab)
  const look = async (): Promise<HostView[]> =>
    Promise.all(Object.keys(lab.hosts).map((host) => engine.inspect(host, run.events)))
  const byHost = (views: readonly HostView[]): Record<HostId, HostView> =>
    Object.fromEntries(views.map((view) => [view.host, view]))
  const home = byHost(await look())
  const typed = modeCommands(home, home, mode)
  // addresses are asked for before the request that is shown
  await engine.execAll([...typed, { host: CLIENT, line: CURL }])
  await engine.advance(3e9)
  const from = run.records.length
  await engine.execAll([{ host: CLIENT, line: CURL }])
  const views = await look()
  stop()
  const owners = ownersOf(lab, views)
  return { mode, run, owners, flags: createFlagReader(run, owners, words), views: byHost(views), typed, from }
}
