/**
 * Finds, for each recorded scenario, the smallest seed with which the random choices (hash seed of the boot, random
 * ports) come out as they were captured; and for each take the phase with which listings of counters do. Run by hand:
 * `npx tsx src/testing/make-seeds.ts`; the numbers go to golden/course.ts and golden/phases.ts.
 */
import { compareTake } from './golden/compare-take.ts'
import { playRecorded } from './golden/load.ts'
import { playScenario } from './golden/play.ts'
import { type GoldenScenario, takeId } from './golden/scenario.ts'
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

const STEP_MS = 100

/** Listings of counters of a take that are not as recorded; undefined: there are none of that take. */
function wrongCounts(
  scenario: GoldenScenario,
  id: string,
  phases: Record<string, number>,
): number | undefined {
  const played = playRecorded(scenario, { phases }).find(({ take }) => takeId(scenario, take) === id)
  return played && compareTake(played).words.filter(({ line }) => line.includes('--stats')).length
}

for (const scenario of SCENARIOS) {
  const phases: Record<string, number> = {}
  for (const take of scenario.takes) {
    const id = takeId(scenario, take)
    const without = wrongCounts(scenario, id, phases)
    let best = without ?? 0
    for (let ms = 0; ms < 2000 && best > 0; ms += STEP_MS) {
      const wrong = wrongCounts(scenario, id, { ...phases, [id]: ms }) ?? 0
      if (wrong < best) [best, phases[id]] = [wrong, ms]
    }
    if (without !== 0) process.stdout.write(`${id}: phase ${phases[id] ?? 'none'}, ${best} left\n`)
  }
}
