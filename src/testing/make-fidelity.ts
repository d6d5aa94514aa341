/**
 * Plays every recorded scenario and prints where the simulator and real Linux differ. Run by hand:
 * `npx tsx src/testing/make-fidelity.ts [--words] [--brief] [ID...]`; with `--write` it writes fidelity.json instead.
 */
import { writeFileSync } from 'node:fs'
import { fidelityJson, fidelityRows } from './golden/fidelity.ts'
import { compareTake } from './golden/compare-take.ts'
import { playRecorded } from './golden/load.ts'
import { takeId } from './golden/scenario.ts'
import { SCENARIOS } from './golden/scenarios.ts'

const [...args] = process.argv.slice(2)
if (args.includes('--write')) {
  writeFileSync(new URL('fidelity.json', import.meta.url), fidelityJson(fidelityRows()))
  process.exit()
}
const isBrief = args.includes('--brief')
const withWords = args.includes('--words')
const ids = args.filter((arg) => !arg.startsWith('--'))
const say = (text: string): void => void process.stdout.write(`${text}\n`)
for (const scenario of SCENARIOS) {
  if (ids.length > 0 && !ids.includes(scenario.id)) continue
  let played
  try {
    played = playRecorded(scenario)
  } catch (error) {
    say(
      `${scenario.id}: ${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' | ') : String(error)}`,
    )
    continue
  }
  for (const one of played) {
    const { points, packets, differences, transcripts, words } = compareTake(one)
    const all = points + differences.length
    say(
      `${takeId(scenario, one.take)}: ${points}/${all} points, ${packets} packets; transcripts ${transcripts}/${transcripts + words.length}`,
    )
    for (const { point, text } of isBrief ? differences.slice(0, 1) : differences) say(`    ${point} ${text}`)
    if (!withWords) continue
    for (const { host, line, sim, real } of words) {
      say(`    ${host}$ ${line}`)
      const n = Math.max(sim.length, real.length)
      for (let i = 0; i < n; i++)
        if (sim[i] !== real[i]) say(`        sim  ${sim[i] ?? ''}\n        real ${real[i] ?? ''}`)
    }
  }
}
