import type { OwnLab } from '../own/lab.ts'
import { CONTROL_LABS } from '../own/labs.ts'
import { resultOfOwn } from '../own/result.ts'
import { compareTake, type TakeResult } from './compare-take.ts'
import { compareWithDaemons, playWithDaemons, WITH_DAEMONS } from './daemons.ts'
import { playRecorded } from './load.ts'
import { type GoldenScenario, type GoldenTake, takeId } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'
import { UNLIKE } from './transcript.ts'

/** What the simulator and real Linux have in common in every recorded scenario: the table of the fidelity page. */

export interface FidelityRow {
  id: string
  shows: string
  /** Capture points with the same packets, of all. */
  points: number
  pointsOf: number
  packets: number
  /** Capture points that differ, each with the reason. */
  differences: { point: string; reason: string }[]
  /** Transcripts that are the same, of all. */
  transcripts: number
  transcriptsOf: number
  /** Commands whose words differ, each with the reason; the same one once. */
  words: { line: string; reason: string }[]
}

/** Why a capture point of a take may differ. */
export function reasonOfPoint(take: GoldenTake, point: string): string | undefined {
  return take.except?.[point] ?? take.except?.['*']
}

/** Why the words of a command may differ. */
export function reasonOfWords(take: GoldenTake, line: string): string | undefined {
  const own = Object.entries(take.unlike ?? {}).find(([start]) => line.startsWith(start))
  return own?.[1] ?? UNLIKE.find(([pattern]) => pattern.test(line))?.[1]
}

export function rowOf(scenario: GoldenScenario, take: GoldenTake, result: TakeResult): FidelityRow {
  const words = new Map<string, string>()
  for (const { line } of result.words) words.set(line, reasonOfWords(take, line) ?? '')
  return {
    id: takeId(scenario, take),
    shows: scenario.shows,
    points: result.points,
    pointsOf: result.points + result.differences.length,
    packets: result.packets,
    differences: result.differences.map(({ point }) => ({ point, reason: reasonOfPoint(take, point) ?? '' })),
    transcripts: result.transcripts,
    transcriptsOf: result.transcripts + result.words.length,
    words: [...words].map(([line, reason]) => ({ line, reason })),
  }
}

/** Routing daemons and health checks: the course with them, and labs of our own that were run on a real machine. */
export function controlRows(): FidelityRow[] {
  const courses = WITH_DAEMONS.map(([id, seed]) => {
    const played = playWithDaemons(id, seed)
    const shows = 'the course lab with FRR and keepalived themselves'
    return { ...rowOf(played.scenario, played.take, compareWithDaemons(played)), id: `${id}/daemons`, shows }
  })
  return [...courses, ...CONTROL_LABS.map(ownRow)]
}

function ownRow(own: OwnLab): FidelityRow {
  const { points, words } = resultOfOwn(own)
  const [same, others] = [points.filter(({ result }) => 'same' in result), words.filter((one) => !one.same)]
  return {
    id: `own/${own.id}`,
    shows: own.shows,
    points: same.length,
    pointsOf: points.length,
    packets: same.reduce((sum, { result }) => sum + ('same' in result ? result.same : 0), 0),
    differences: points
      .filter(({ result }) => !('same' in result))
      .map(({ point }) => ({ point, reason: '' })),
    transcripts: words.length - others.length,
    transcriptsOf: words.length,
    words: others.map(({ line }) => ({ line, reason: '' })),
  }
}

/** All rows, as the table holds them. */
export function fidelityRows(): FidelityRow[] {
  return [...recordedRows(), ...controlRows()]
}

function recordedRows(): FidelityRow[] {
  return SCENARIOS.flatMap((scenario) =>
    playRecorded(scenario).map((played) => rowOf(scenario, played.take, compareTake(played))),
  )
}

export function fidelityJson(rows: readonly FidelityRow[]): string {
  return `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]\n`
}
