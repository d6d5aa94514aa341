import { readFileSync } from 'node:fs'
import type { GoldenFixture } from './fixture.ts'
import { cableOf, pacesOf } from './pace.ts'
import { type PlayOptions, playScenario, type TakeRun } from './play.ts'
import { type GoldenScenario, type GoldenTake, takeId } from './scenario.ts'

/** What was recorded in a take. */
export function loadTake(scenario: GoldenScenario, take: GoldenTake): GoldenFixture {
  const url = new URL(`../fixtures/golden/${takeId(scenario, take)}.json`, import.meta.url)
  return JSON.parse(readFileSync(url, 'utf8')) as GoldenFixture
}

export interface PlayedTake {
  take: GoldenTake
  fixture: GoldenFixture
  run: TakeRun
}

/** A scenario played, each take beside its recording. */
export function playRecorded(scenario: GoldenScenario, options: PlayOptions = {}): PlayedTake[] {
  const fixtures = scenario.takes.map((take) => loadTake(scenario, take))
  const runs = playScenario(
    scenario,
    (take) => {
      const fixture = fixtures[scenario.takes.indexOf(take)]
      if (!fixture) return { commands: [], pacesNs: [] }
      return { commands: fixture.commands, pacesNs: pacesOf(fixture), cableNs: cableOf(fixture) }
    },
    options,
  )
  return runs.flatMap((run, i) => {
    const [take, fixture] = [scenario.takes[i], fixtures[i]]
    return take && fixture ? [{ take, fixture, run }] : []
  })
}
