/**
 * Finds, for each recorded scenario, the smallest seed with which the random choices (hash seed of the boot, random
 * ports) come out as they were captured. Run by hand: `npx tsx src/testing/make-seeds.ts`; the numbers go to golden/course.ts.
 */
import { playScenario } from './golden/play.ts'
import type { GoldenScenario } from './golden/scenario.ts'
import { SCENARIOS } from './golden/scenarios.ts'

function comesOut(scenario: GoldenScenario, seed: number): boolean {
  const [run] = playScenario(scenario, () => ({ commands: [], pacesNs: [] }), { seed, stopEarly: true })
  return run?.served.join() === scenario.takes[0]?.served?.join()
}

const LIMIT = 30_000

for (const scenario of SCENARIOS.filter(({ seed }) => seed !== undefined)) {
  let seed = 1
  while (seed <= LIMIT && !comesOut(scenario, seed)) seed++
  process.stdout.write(`${scenario.id}: ${seed <= LIMIT ? `seed ${seed}` : `none up to ${LIMIT}`}\n`)
}
