import { readFileSync } from 'node:fs'
import { must } from '../../core/base/assert.ts'
import { comparePoint, type PointResult } from '../../core/wire/compare.ts'
import { goldenPoint, type GoldenFixture } from '../golden/fixture.ts'
import { sameWords } from '../golden/transcript.ts'
import type { OwnLab } from './lab.ts'
import { type OwnRun, ownPoint, playOwn, withoutChecks } from './play.ts'

export function loadOwn(own: OwnLab): GoldenFixture {
  const url = new URL(`../fixtures/own/${own.id}.json`, import.meta.url)
  return JSON.parse(readFileSync(url, 'utf8')) as GoldenFixture
}

export function compareOwnPoint(fixture: GoldenFixture, run: OwnRun, point: string): PointResult {
  const real = withoutChecks(run, goldenPoint(fixture, point))
  return comparePoint(withoutChecks(run, ownPoint(run, point)), real)
}

/** Which capture points and which words are as on the real machine. */
export function resultOfOwn(own: OwnLab) {
  const [fixture, run] = [loadOwn(own), playOwn(own)]
  const names = own.wordsOnly ? [] : Object.keys(fixture.points)
  return {
    points: names.map((point) => ({ point, result: compareOwnPoint(fixture, run, point) })),
    words: fixture.commands.map((command, i) => ({
      line: command.line,
      same: sameWords(command, must(run.lines[i], 'as many lines')).same,
    })),
  }
}
