import { SEC } from '../core/base/ids.ts'
import { bad, ok, type Result } from '../core/base/result.ts'
import { EXPERIMENTS } from '../core/lab/experiments/failures.ts'
import { startExperiment } from '../core/lab/experiments/run.ts'
import type { ExperimentId, Outcome, Variant } from '../core/lab/experiments/types.ts'
import { finish } from '../core/lab/line.ts'
import { loadShell } from '../core/shell/module.ts'
import { wrongInput } from './input.ts'

await loadShell()

const USAGE =
  'usage: vipscope experiment [ID...] [--way ecmp|vrrp] [--hops ospf|plain|resilient] [--balancers N] [--servers own|shared] ' +
  '[--scheduler rr|sh|mh] [--sloppy] [--sync] [--quorum] [--delay-loop S] [--every MS] [--long N] [--seed N] [--json]'

type Change = Partial<Variant>

const WORDS: Readonly<Record<string, { key: keyof Variant; among: readonly string[] }>> = {
  '--way': { key: 'way', among: ['ecmp', 'vrrp'] },
  '--hops': { key: 'hops', among: ['ospf', 'plain', 'resilient'] },
  '--servers': { key: 'servers', among: ['own', 'shared'] },
  '--scheduler': { key: 'scheduler', among: ['rr', 'sh', 'mh'] },
}
const FLAGS: Readonly<Record<string, keyof Variant>> = {
  '--sloppy': 'sloppy',
  '--sync': 'sync',
  '--quorum': 'quorum',
}
const NUMBERS: Readonly<Record<string, { key: keyof Variant; least: number; most: number }>> = {
  '--balancers': { key: 'balancers', least: 2, most: 8 },
  '--delay-loop': { key: 'delayLoopS', least: 1, most: 60 },
  '--every': { key: 'everyMs', least: 10, most: 60_000 },
  '--long': { key: 'long', least: 0, most: 100 },
  '--seed': { key: 'seed', least: 0, most: 1e15 },
}

interface Args {
  ids: ExperimentId[]
  change: Change
  json: boolean
}

/** `vipscope experiment`: one line of counts for each; the timeline too if it is only one. All if none is named. */
export function runExperiments(args: string[]): number {
  const read = readArgs(args)
  if (!read.ok) return wrongInput(read.error)
  const { ids, change, json } = read.value
  const outcomes = ids.map((id) => finishOne(id, change))
  if (json) process.stdout.write(`${JSON.stringify(outcomes, null, 2)}\n`)
  else process.stdout.write(formatOutcomes(outcomes))
  return 0
}

function finishOne(id: ExperimentId, change: Change): Outcome {
  const { timeline, job } = startExperiment(id, change)
  return finish(timeline, job)
}

function readArgs(args: readonly string[]): Result<Args> {
  const read: Args = { ids: [], change: {}, json: false }
  for (let i = 0; i < args.length; i++) {
    const word = args[i] ?? ''
    const flag = FLAGS[word]
    if (word === '--json') read.json = true
    else if (flag) read.change = { ...read.change, [flag]: true }
    else if (!word.startsWith('--')) {
      if (!isExperiment(word))
        return bad(`there is no experiment ${word} (there are: ${Object.keys(EXPERIMENTS).join(', ')})`)
      read.ids.push(word)
    } else {
      const value = readValue(word, args[++i])
      if (!value.ok) return value
      read.change = { ...read.change, ...value.value }
    }
  }
  const way = read.change.way ?? 'ecmp'
  const wrong = read.ids.find((id) => !EXPERIMENTS[id].ways.includes(way))
  if (wrong !== undefined) return bad(`${wrong}: there is nothing to do with --way ${way}`)
  if (read.ids.length > 0) return ok(read)
  return ok({
    ...read,
    ids: Object.values(EXPERIMENTS).flatMap(({ id, ways }) => (ways.includes(way) ? [id] : [])),
  })
}

function isExperiment(word: string): word is ExperimentId {
  return Object.hasOwn(EXPERIMENTS, word)
}

function readValue(word: string, value: string | undefined): Result<Change> {
  const words = WORDS[word]
  const number = NUMBERS[word]
  if (!words && !number) return bad(`${word}: no such option; ${USAGE}`)
  if (value === undefined) return bad(`${word} needs a value; ${USAGE}`)
  if (words) {
    if (!words.among.includes(value)) return bad(`${word} ${value}: must be one of ${words.among.join(', ')}`)
    return ok({ [words.key]: value })
  }
  const { key, least, most } = number ?? { key: 'seed', least: 0, most: 0 }
  if (!/^\d{1,15}$/.test(value) || Number(value) < least || Number(value) > most)
    return bad(`${word} ${value}: must be a number from ${least} to ${most}`)
  return ok({ [key]: Number(value) })
}

const COLUMNS = [
  'experiment',
  'noticed',
  'recovered',
  'requests',
  'lost',
  'slow',
  'long',
  'lost',
  'broken',
  'moved',
  'needlessly',
]

/** Times in seconds after the failure, `-` = never. */
function formatOutcomes(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((o) => [
    ...[o.experiment, seconds(o.withdrawnNs), seconds(o.recoveredNs)],
    ...[o.short.begun, o.short.lost, o.short.slow, o.long.good + o.long.lost, o.long.lost, o.long.broken].map(
      String,
    ),
    ...[o.moved.forced + o.moved.needless, o.moved.needless].map(String),
  ])
  const widths = COLUMNS.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')
  const [only] = outcomes
  return `${[COLUMNS, ...rows].map(line).join('\n')}\n${only && outcomes.length === 1 ? formatMarks(only) : ''}`
}

function formatMarks({ marks, warnings }: Outcome): string {
  const lines = marks.map(({ atNs, kind, host, value }) =>
    `${(atNs / SEC).toFixed(3).padStart(8)}  ${host.padEnd(8)} ${kind} ${value}`.trimEnd(),
  )
  return ['', ...lines, ...warnings.map((warning) => `warning: ${warning}`), ''].join('\n')
}

function seconds(ns: number | null): string {
  return ns === null ? '-' : (ns / SEC).toFixed(2)
}
