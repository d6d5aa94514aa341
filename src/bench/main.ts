/**
 * `npm run bench [-- NAME...]`: measures every bench of this folder (or those whose name contains one of the words) and
 * prints a line for each. It reports and does not judge: the exit status is 0 also after a miss, unless `--strict`.
 */
import { readdirSync } from 'node:fs'
import { type Bench, formatOutcome, isBench, measure } from './bench.ts'

const HARNESS = ['main.ts', 'bench.ts']

async function loadBenches(): Promise<Bench[]> {
  const folder = new URL('.', import.meta.url)
  const files = readdirSync(folder).filter(
    (f) => f.endsWith('.ts') && !f.endsWith('.test.ts') && !HARNESS.includes(f),
  )
  const benches: Bench[] = []
  for (const file of files.sort()) {
    const module = (await import(new URL(file, folder).href)) as Record<string, unknown>
    benches.push(...Object.values(module).filter(isBench))
  }
  return benches
}

async function main(args: string[]): Promise<number> {
  const words = args.filter((arg) => !arg.startsWith('--'))
  const benches = (await loadBenches()).filter(
    ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
  )
  if (benches.length === 0) {
    process.stderr.write(`bench: none is called ${words.join(' or ')}\n`)
    return 2
  }
  let misses = 0
  for (const bench of benches) {
    const outcome = await measure(bench)
    misses += outcome.pass ? 0 : 1
    process.stdout.write(`${formatOutcome(outcome)}\n`)
  }
  process.stdout.write(`${benches.length - misses} of ${benches.length} within target\n`)
  return misses > 0 && args.includes('--strict') ? 1 : 0
}

process.exitCode = await main(process.argv.slice(2))
