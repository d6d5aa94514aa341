import { describe, expect, it } from 'vitest'
import { must } from '../../core/base/assert.ts'
import { parseLab } from '../../core/lab/check.ts'
import { sameWords } from '../golden/transcript.ts'
import type { OwnLab } from './lab.ts'
import { playOwn } from './play.ts'
import { compareOwnPoint, loadOwn } from './result.ts'

/** Packets at every interface and words of every command, as a real kernel gave them for the same lab and script. */
export function compareOwn(labs: readonly OwnLab[]): void {
  describe.each([...labs])('$id: $shows', (own) => {
    const fixture = loadOwn(own)
    const run = playOwn(own)

    it('is a right lab', () => {
      expect(parseLab(own.lab).ok).toBe(true)
    })

    it.each(own.wordsOnly ? [] : Object.keys(fixture.points))('%s', (point) => {
      expect(compareOwnPoint(fixture, run, point)).toEqual({ same: expect.any(Number) as number })
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
