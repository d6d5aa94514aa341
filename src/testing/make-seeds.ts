/**
 * Finds, for each recorded scenario, the smallest seed with which the random choices (hash seed of the boot, random
 * ports) come out as they were captured. Run by hand: `npx tsx src/testing/make-seeds.ts`; the numbers go to golden.ts.
 */
import { type GoldenScenario, playScenario, SCENARIOS } from './golden.ts'

function comesOut(scenario: GoldenScenario, seed: number): boolean {
  return playScenario(scenario, seed, { stopEarly: true }).served.join() === scenario.served.join()
}

const LIMIT = 30_000

for (const scenario of SCENARIOS) {
  let seed = 1
  while (seed <= LIMIT && !comesOut(scenario, seed)) seed++
  process.stdout.write(`${scenario.id}: ${seed <= LIMIT ? `seed ${seed}` : `none up to ${LIMIT}`}\n`)
}
