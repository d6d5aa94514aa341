import { afterAll, describe, expect, test } from 'vitest'
import { parseRichText } from '../app/lesson/rich-text.ts'
import { LESSONS } from '../content/index.ts'
import { factsOf, firstMatch, holds } from '../content/check.ts'
import type { Check, Command, L10n, Lesson, RunFacts, Step } from '../content/lesson.ts'
import { labById } from '../content/labs.ts'
import type { TraceRecord } from '../core/sim/trace.ts'
import { createEngine } from '../engine/inprocess.ts'

/** Every lesson, played from start to end on the simulator: what it promises must come out. */

/** A lesson's lab, booted, with a tape of what happens in it. */
async function startLesson(lesson: Lesson) {
  const lab = labById(lesson.lab)
  if (!lab) throw new Error(`no lab ${lesson.lab}`)
  const engine = createEngine()
  let tape: TraceRecord[] = []
  engine.onTrace((batch) => {
    if (batch.reset) tape = []
    tape.push(...batch.records)
  })
  await engine.load(lab, lesson.seed === undefined ? {} : { seed: lesson.seed })
  const play = async (commands: readonly Command[]) => {
    const ran = []
    for (const { host, sh } of commands) ran.push(await engine.exec(host, sh))
    return ran
  }
  await play(lesson.setup ?? [])
  const since = (from: number): RunFacts => factsOf(tape.slice(from))
  const judge = async (check: Check, from: number): Promise<boolean> =>
    holds(check, since(from), check.kind === 'sh' ? (await engine.exec(check.host, check.sh)).output : '')
  return { engine, play, since, judge, length: () => tape.length }
}

function wordsOf(step: Step): L10n[] {
  const asked = step.ask
  return [
    step.title,
    step.text,
    ...[step.hint, step.runLabel].filter((w) => w !== undefined),
    ...(step.expect ?? []).map((check) => check.text),
    ...(asked
      ? [
          asked.text,
          asked.because,
          ...asked.choices.flatMap((c) => (c.answer ? [c.text, c.answer] : [c.text])),
        ]
      : []),
  ]
}

const lessons = await Promise.all(LESSONS.map((entry) => entry.load()))

describe.each(lessons.map((lesson) => [lesson.id, lesson] as const))('%s', async (_, lesson) => {
  const run = await startLesson(lesson)
  afterAll(() => run.engine.dispose())

  test.each(lesson.steps.map((step, i) => [`${i + 1} ${step.id}`, step] as const))(
    'step %s',
    async (_, step) => {
      const from = run.length()
      // A task that is done before anything was done would be no task.
      for (const check of step.expect ?? []) expect(await run.judge(check, from)).toBe(false)
      const ran = await run.play(step.run ?? [])
      // That a request fails may be what the step shows.
      expect(ran.filter((r) => r.status !== 0 && !r.line.startsWith('curl'))).toEqual([])
      if (step.until)
        expect(run.since(from).records.some((r) => firstMatch([r], step.until ?? { on: r.kind }, 0))).toBe(
          true,
        )
      if (step.ask) {
        const right = step.ask.right(run.since(from))
        const choice = step.ask.choices.find((c) => c.id === right)
        expect(choice, `right answer ${right}`).toBeDefined()
        // The choice the run has shown is the one the lesson says yes to: it names no misconception.
        expect(choice?.misconception).toBeUndefined()
        if (step.ask.evidence) expect(firstMatch(run.since(from).records, step.ask.evidence, 0)).toBeDefined()
        // Without a run nothing is claimed.
        expect(step.ask.right(factsOf([]))).toBeUndefined()
      }
      if (step.expect) expect(step.show?.length).toBeGreaterThan(0)
      await run.play(step.show ?? [])
      for (const check of step.expect ?? []) expect(await run.judge(check, from), check.text.en).toBe(true)
    },
  )

  test('both languages everywhere, with the same marks in each text', () => {
    const marks = (text: string) =>
      [...text.matchAll(/\{[^}]*\}|`[^`]+`/g)].map((m) => m[0].replace(/\|[^}]*/, '')).sort()
    for (const words of [
      lesson.title,
      lesson.summary,
      lesson.chapter.title,
      ...lesson.steps.flatMap(wordsOf),
    ]) {
      expect(words.en.trim()).not.toBe('')
      expect(words.zh.trim()).not.toBe('')
      expect(parseRichText(words.zh).length).toBe(parseRichText(words.en).length)
      expect(marks(words.zh), words.en).toEqual(marks(words.en))
    }
    // Chinese has its own punctuation: no Western full stop or comma after a Chinese character.
    for (const words of lesson.steps.flatMap(wordsOf)) expect(words.zh).not.toMatch(/[\u4e00-\u9fff][,.;:?!]/)
  })

  test('the learner acts: of any three steps in a row at least one asks, sends or sets something', () => {
    const acts = lesson.steps.map(
      (step) => step.ask !== undefined || step.expect !== undefined || step.run !== undefined,
    )
    for (let i = 0; i + 3 <= acts.length; i++) expect(acts.slice(i, i + 3)).toContain(true)
  })
})
