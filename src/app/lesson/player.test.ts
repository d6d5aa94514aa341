import { describe, expect, it } from 'vitest'
import type { Lesson, Step } from '../../content/lesson.ts'
import { catchUp } from './catch-up.ts'
import { type LessonAction, type LessonState, openLesson, playLesson, scoreOf } from './player.ts'
import { parseProgress } from './progress.ts'

const text = { en: 'x', zh: 'x' }
const run = [{ host: 'router', sh: 'curl http://172.16.253.100:8080' }]
const ask = {
  text,
  choices: [
    { id: 'a', text },
    { id: 'b', text },
  ],
  right: () => 'b',
  because: text,
}
const steps: Step[] = [
  { id: 'read', title: text, text },
  { id: 'ask', title: text, text, ask, run },
  { id: 'run', title: text, text, run },
  {
    id: 'task',
    title: text,
    text,
    expect: [{ kind: 'facts', holds: () => true, text }],
    show: [{ host: 'R', sh: 'true' }],
  },
]
const lesson: Lesson = {
  id: 'l',
  title: text,
  chapter: { number: 1, title: text },
  lab: 'course',
  summary: text,
  steps,
}

const play = (actions: readonly LessonAction[], from: LessonState = openLesson(lesson, 0)): LessonState =>
  actions.reduce((state, action) => playLesson(lesson, state, action), from)

const toAsk: LessonAction[] = [{ do: 'next', from: 5 }]

describe('the lesson player', () => {
  it('waits for an answer, and does not go on before the reveal', () => {
    const asking = play(toAsk)
    expect(asking).toMatchObject({ step: 1, phase: 'ask' })
    expect(play([{ do: 'next', from: 9 }], asking)).toBe(asking)
    expect(play([{ do: 'lock', from: 5 }], asking)).toBe(asking)
    const watching = play(
      [
        { do: 'choose', id: 'a' },
        { do: 'lock', from: 5 },
      ],
      asking,
    )
    expect(watching.phase).toBe('watch')
    expect(play([{ do: 'choose', id: 'b' }], watching).choice).toBe('a')
    const revealed = play([{ do: 'reached', right: 'b' }], watching)
    expect(revealed.phase).toBe('done')
    expect(revealed.answers['ask']).toEqual({ choice: 'a', right: 'b' })
  })

  it('lets the learner be shown, without a prediction', () => {
    const shown = play([
      ...toAsk,
      { do: 'choose', id: 'a' },
      { do: 'lock', from: 5, show: true },
      { do: 'reached', right: 'b' },
    ])
    expect(shown.answers['ask']).toEqual({ choice: undefined, right: 'b' })
    expect(scoreOf(shown)).toEqual({ right: 0, of: 1 })
  })

  it('counts the notes of a step from where its run began', () => {
    const state = play([...toAsk, { do: 'choose', id: 'b' }, { do: 'lock', from: 77 }])
    expect(state.from['ask']).toBe(77)
  })

  it('runs, does a task, and ends', () => {
    const done = play([
      ...toAsk,
      { do: 'choose', id: 'b' },
      { do: 'lock', from: 5 },
      { do: 'reached', right: 'b' },
      { do: 'next', from: 10 },
    ])
    expect(done).toMatchObject({ step: 2, phase: 'ready' })
    const task = play([{ do: 'run', from: 10 }, { do: 'reached' }, { do: 'next', from: 20 }], done)
    expect(task).toMatchObject({ step: 3, phase: 'task' })
    expect(play([{ do: 'next', from: 20 }], task)).toBe(task)
    const end = play([{ do: 'solved' }, { do: 'next', from: 20 }], task)
    expect(end.finished).toBe(true)
    expect(scoreOf(end)).toEqual({ right: 1, of: 1 })
  })

  it('finds an earlier step as it was left', () => {
    const after = play([
      ...toAsk,
      { do: 'choose', id: 'a' },
      { do: 'lock', from: 5 },
      { do: 'reached', right: 'b' },
    ])
    const back = play([{ do: 'next', from: 9 }, { do: 'back' }], after)
    expect(back).toMatchObject({ step: 1, phase: 'done', choice: 'a' })
    expect(play([{ do: 'next', from: 9 }], back)).toMatchObject({ step: 2, phase: 'ready' })
  })

  it('opens where it was left, in a lab brought to that point', () => {
    const state = openLesson(lesson, 40, { step: 2, answers: { ask: { choice: 'b', right: 'b' } } })
    expect(state).toMatchObject({ step: 2, phase: 'ready', furthest: 2 })
    expect(catchUp(lesson, 2)).toEqual(run)
    expect(catchUp(lesson, 4)).toEqual([...run, ...run, { host: 'R', sh: 'true' }])
    expect(openLesson(lesson, 0, { step: 99 }).step).toBe(3)
    expect(openLesson(lesson, 0, { step: 3, finished: true }).finished).toBe(true)
  })
})

describe('progress', () => {
  it('reads what it can and refuses the rest', () => {
    expect(
      parseProgress({ step: 2, answers: { a: { choice: 'x', right: 7 }, b: 1 }, finished: true }),
    ).toEqual({
      step: 2,
      answers: { a: { choice: 'x', right: undefined } },
      finished: true,
    })
    for (const kept of [undefined, null, 3, 'x', [], {}, { step: 1.5 }])
      expect(parseProgress(kept)).toBeUndefined()
  })
})
