import { must } from '../../core/base/assert.ts'
import { SEC } from '../../core/base/ids.ts'
import { course } from '../../core/lab/labs/course.ts'
import type { Reduced } from '../../core/wire/compare.ts'
import type { TakeResult } from './compare-take.ts'
import { compareTake } from './compare-take.ts'
import { goldenPoint } from './fixture.ts'
import { type PlayedTake, playRecorded } from './load.ts'
import { reducedPoint } from './play.ts'
import type { GoldenScenario } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'

/**
 * The course's scenarios once more with FRR and keepalived themselves, as they were when it was recorded. Checks fall when they
 * fall; ARP between a load balancer and the server that it checks goes with them. After the caches were emptied OSPF has
 * the neighbours' addresses again before the captures start.
 */

/** Hash seeds with which the recorded load balancers are chosen. */
export const WITH_DAEMONS: readonly (readonly [id: string, seed: number])[] = [
  ['A1', 2],
  ['A2', 1600],
  ['A3', 1371],
]

export interface DaemonsTake extends PlayedTake {
  scenario: GoldenScenario
  point: (name: string) => { sim: Reduced[]; real: Reduced[] }
}

export function playWithDaemons(id: string, hashSeed: number): DaemonsTake {
  const scenario = withDaemons(
    must(
      SCENARIOS.find((one) => one.id === id),
      id,
    ),
  )
  const played = must(playRecorded(scenario, { hashSeed, startNs: 2 * SEC })[0], id)
  const pairs = (scenario.health ?? []).flatMap(([a, b]) => [
    `ARP ${a} asks for ${b}`,
    `ARP ${b} asks for ${a}`,
  ])
  const without = (list: readonly Reduced[]): Reduced[] => list.filter(({ kind }) => !pairs.includes(kind))
  const point = (name: string) => ({
    sim: without(reducedPoint(played.run, name)),
    real: without(goldenPoint(played.fixture, name)),
  })
  return { ...played, scenario, point }
}

/** Checks are typed by hand where nobody else makes them. */
function withDaemons(scenario: GoldenScenario): GoldenScenario {
  const takes = scenario.takes.map(({ name, before, served, script = '' }) => ({
    name,
    ...(before !== undefined && { before }),
    ...(served && { served }),
    script: script.replace(/^LB.*\n/gm, ''),
  }))
  return { ...scenario, lab: course, takes }
}

/** As `compareTake`, with ARP of the checks left out. */
export function compareWithDaemons(played: DaemonsTake): TakeResult {
  return compareTake(played, played.point)
}
