import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { must } from '../../core/base/assert.ts'
import { parseLab } from '../../core/lab/check.ts'
import { comparePoint } from '../../core/wire/compare.ts'
import { goldenPoint, type GoldenFixture } from '../golden/fixture.ts'
import { sameWords } from '../golden/transcript.ts'
import type { OwnLab } from './lab.ts'
import { ownPoint, playOwn, withoutChecks } from './play.ts'

/** Packets at every interface and words of every command, as a real kernel gave them for the same lab and script. */
export function compareOwn(labs: readonly OwnLab[]): void {
  describe.each([...labs])('$id: $shows', (own) => {
    const url = new URL(`../fixtures/own/${own.id}.json`, import.meta.url)
    const fixture = JSON.parse(readFileSync(url, 'utf8')) as GoldenFixture
    const run = playOwn(own)

    it('is a right lab', () => {
      expect(parseLab(own.lab).ok).toBe(true)
    })

    it.each(own.wordsOnly ? [] : Object.keys(fixture.points))('%s', (point) => {
      const real = withoutChecks(run, goldenPoint(fixture, point))
      expect(comparePoint(withoutChecks(run, ownPoint(run, point)), real)).toEqual({ same: real.length })
    })

    it('the same words', () => {
      expect(run.lines.map(({ host, line }) => `${host} ${line}`)).toEqual(
        fixture.commands.map(({ host, line }) => `${host} ${line}`),
      )
      for (const [i, command] of fixture.commands.entries()) {
        const { sim, real } = sameWords(command, must(run.lines[i], 'as many lines'))
        expect(sim).toEqual(real)
      }
    })
  })
}
