import { afterAll, describe, expect, test } from 'vitest'
import { parseRichText } from '../app/lesson/rich-text.ts'
import type { Challenge } from '../content/challenge.ts'
import { challengeLab } from '../content/challenge-lab.ts'
import { CHALLENGES, loadChallenges } from '../content/challenges/index.ts'
import { judge, type Verdict } from '../content/judge.ts'
import type { Command, L10n } from '../content/lesson.ts'
import { inVariant, variantOf } from '../content/variant.ts'
import type { TraceRecord } from '../core/sim/trace.ts'
import { createEngine } from '../engine/inprocess.ts'

/**
 * Every challenge on the simulator: broken as it begins, whole after its model solution, and not after any solution
 * that is listed as wrong. As written, and with other addresses on the other side.
 */
const VARIANTS = [0, 7]

const engine = createEngine()
let tape: TraceRecord[] = []
engine.onTrace((batch) => {
  if (batch.reset) tape = []
  tape.push(...batch.records)
})
afterAll(() => {
  engine.dispose()
})

/** Boot the challenge, do something about it, check. */
async function attempt(challenge: Challenge, seed: number, commands: readonly Command[]) {
  const variant = variantOf(seed)
  await engine.load(challengeLab(challenge, variant))
  const statuses: number[] = []
  for (const { host, sh } of commands) statuses.push((await engine.exec(host, sh)).status)
  const from = tape.length
  for (const { host, sh } of challenge.check) await engine.exec(host, sh)
  const notes = tape.slice(from)
  return { statuses, verdicts: challenge.goals.map((goal) => judge(goal, notes)) }
}

/** A failed goal tells what was there instead. */
function expectBroken(verdicts: readonly Verdict[], what: string): void {
  const failed = verdicts.filter(({ pass }) => !pass)
  expect(failed.length, what).toBeGreaterThan(0)
  for (const verdict of failed) expect(verdict.got, what).toBeDefined()
}

const all = await loadChallenges()

test('at least thirty challenges, one or more to each topic, each with its own name', () => {
  expect(all.length).toBeGreaterThanOrEqual(30)
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  for (const { topic } of CHALLENGES) expect(all.some((c) => c.topic === topic)).toBe(true)
})

describe.each(all.map((challenge) => [challenge.id, challenge] as const))('%s', (_, written) => {
  test.each(VARIANTS)(
    'variant %i: the fault shows and the solution heals it; as written, wrong ones do not',
    async (seed) => {
      const challenge = inVariant(written, variantOf(seed))
      expectBroken((await attempt(challenge, seed, [])).verdicts, 'the fault')
      const solved = await attempt(challenge, seed, challenge.solution)
      expect(solved.statuses).toEqual(challenge.solution.map(() => 0))
      expect(solved.verdicts).toEqual(challenge.goals.map(() => ({ pass: true })))
      for (const { commands, why } of seed === 0 ? challenge.wrong : [])
        expectBroken((await attempt(challenge, seed, commands)).verdicts, why.en)
    },
  )

  test('goals claim nothing without a run, words are there in both languages with the same marks', () => {
    for (const goal of written.goals) expect(judge(goal, []).pass).toBe(false)
    const { title, task, debrief, hints, goals, wrong } = written
    const texts: L10n[] = [
      title,
      task,
      debrief,
      ...hints,
      ...goals.map((g) => g.text),
      ...wrong.map((w) => w.why),
    ]
    const marks = (text: string) => [...text.matchAll(/\{[^}]*\}|`[^`]+`/g)].map((m) => m[0]).sort()
    for (const { en, zh } of texts) {
      expect(en.trim()).not.toBe('')
      expect(parseRichText(zh).length).toBe(parseRichText(en).length)
      expect(new Set(marks(zh)).size, en).toBe(new Set(marks(en)).size)
      expect(zh).not.toMatch(/[一-鿿][,.;:?!]/)
    }
  })
})

test('a variant is the same for everybody, differs from the next, and leaves no address of the course behind', () => {
  const variant = variantOf(7)
  for (const challenge of all) {
    const text = JSON.stringify(inVariant(challenge, variant))
    expect(text).toBe(JSON.stringify(inVariant(challenge, variantOf(7))))
    expect(text).not.toContain('172.16.253.')
  }
  const lab = (seed: number) => {
    const [first] = all
    if (first === undefined) throw new Error('no challenge')
    return JSON.stringify(challengeLab(inVariant(first, variantOf(seed)), variantOf(seed)))
  }
  expect(lab(7)).not.toBe(lab(8))
  for (let seed = 1; seed < 300; seed++) {
    const hosts = [100, 129, 130, 131, 134, 135].map((n) => variantOf(seed).renumbered(`172.16.253.${n}`))
    expect(new Set(hosts).size).toBe(6)
  }
})
