import { describe, expect, it } from 'vitest'
import { must } from '../../core/base/assert.ts'
import { SEC } from '../../core/base/ids.ts'
import { course } from '../../core/lab/labs/course.ts'
import { comparePoint, type Reduced } from '../../core/wire/compare.ts'
import { compareTake } from './compare-take.ts'
import { goldenPoint } from './fixture.ts'
import { playRecorded } from './load.ts'
import { reducedPoint } from './play.ts'
import type { GoldenScenario } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'

/**
 * The course's scenarios once more with FRR and keepalived themselves, as they were when it was recorded. Checks fall when they
 * fall; ARP between a load balancer and the server that it checks goes with them. After the caches were emptied OSPF has
 * the neighbours' addresses again before the captures start.
 */

/** Hash seeds with which the recorded load balancers are chosen. */
const HASH_SEEDS: readonly (readonly [id: string, seed: number])[] = [
  ['A1', 2],
  ['A2', 1600],
  ['A3', 1371],
]

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

describe.each(HASH_SEEDS)('%s with FRR and keepalived', (id, hashSeed) => {
  const scenario = withDaemons(
    must(
      SCENARIOS.find((one) => one.id === id),
      id,
    ),
  )
  const played = must(playRecorded(scenario, { hashSeed, startNs: 2 * SEC })[0], id)
  const { fixture, run, take } = played
  const pairs = (scenario.health ?? []).flatMap(([a, b]) => [
    `ARP ${a} asks for ${b}`,
    `ARP ${b} asks for ${a}`,
  ])
  const withoutChecks = (list: readonly Reduced[]): Reduced[] =>
    list.filter(({ kind }) => !pairs.includes(kind))

  it('the same servers answer', () => {
    expect(run.served).toEqual(take.served)
  })

  it.each(Object.keys(fixture.points))('%s', (point) => {
    const real = withoutChecks(goldenPoint(fixture, point))
    expect(real.length).toBeGreaterThan(0)
    expect(comparePoint(withoutChecks(reducedPoint(run, point)), real)).toEqual({ same: real.length })
  })

  it('the same words', () => {
    expect(compareTake(played).words).toEqual([])
  })
})
