import { comparePoint, type Reduced } from '../../core/wire/compare.ts'
import { goldenPoint } from './fixture.ts'
import type { PlayedTake } from './load.ts'
import { reducedPoint } from './play.ts'
import { sameWords } from './transcript.ts'

/** What a take has in common with its recording. */
export interface TakeResult {
  /** Packets that were compared and found equal. */
  packets: number
  points: number
  /** Capture points that are not equal: the first difference. */
  differences: { point: string; text: string }[]
  transcripts: number
  /** Transcripts that are not equal. */
  words: { host: string; line: string; sim: string[]; real: string[] }[]
}

interface Lists {
  sim: Reduced[]
  real: Reduced[]
}

/** Everything is compared; what may differ is for the caller to know (`except` and `unlike` of the take). */
export function compareTake(
  { fixture, run }: PlayedTake,
  lists = (point: string): Lists => ({ sim: reducedPoint(run, point), real: goldenPoint(fixture, point) }),
): TakeResult {
  const result: TakeResult = { packets: 0, points: 0, differences: [], transcripts: 0, words: [] }
  for (const point of Object.keys(fixture.points)) {
    const { sim: mine, real: theirs } = lists(point)
    const compared = comparePoint(mine, theirs)
    if ('same' in compared) {
      result.points++
      result.packets += compared.same
      continue
    }
    const { at, sim, real: other } = compared
    const text = `packet ${at + 1}: sim ${sim?.text ?? '(nothing)'} <> real ${other?.text ?? '(nothing)'}`
    result.differences.push({ point, text })
  }
  const typed = [...run.lines]
  for (const command of fixture.commands) {
    if (command.at < 0 || command.check === true) continue
    const i = typed.findIndex((line) => line.host === command.host && line.line === command.line)
    const [line] = i < 0 ? [] : typed.splice(i, 1)
    if (!line) continue
    const { same, sim, real } = sameWords(command, line)
    if (same) result.transcripts++
    else result.words.push({ host: command.host, line: command.line, sim, real })
  }
  return result
}
