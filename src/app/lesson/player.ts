import type { Lesson, Step } from '../../content/lesson.ts'

/**
 * Where the learner is in a lesson. Pure: what the simulation does is told by actions.
 * `ask`: a question waits, play is locked. `ready`: there is something to run. `watch`: it has been run, the playhead is
 * on its way. `task`: the learner's own doing is awaited. `done`: Next is open.
 */
export type Phase = 'ask' | 'ready' | 'watch' | 'task' | 'done'

export interface Answer {
  /** Undefined: asked to be shown. */
  choice: string | undefined
  /** What the run has shown; undefined until then. */
  right: string | undefined
}

export interface LessonState {
  step: number
  phase: Phase
  /** Marked, not yet locked in. */
  choice: string | undefined
  hinted: boolean
  /** Number of the first note that counts for this step, and for every step done. */
  from: Readonly<Record<string, number>>
  answers: Readonly<Record<string, Answer>>
  /** The farthest step that was opened: earlier ones are done. */
  furthest: number
  finished: boolean
}

export type LessonAction =
  | { do: 'choose'; id: string }
  /** Lock in the choice, or ask to be shown (`show`). The step's run begins with note `from`. */
  | { do: 'lock'; from: number; show?: boolean }
  | { do: 'run'; from: number }
  /** The playhead has passed what the step waits for; `right` = what the run says about the question. */
  | { do: 'reached'; right?: string | undefined }
  | { do: 'solved' }
  | { do: 'hint' }
  | { do: 'next'; from: number }
  | { do: 'back' }
  | { do: 'again'; from: number }

export function openLesson(
  lesson: Lesson,
  from: number,
  at: Partial<Pick<LessonState, 'step' | 'answers' | 'finished'>> = {},
): LessonState {
  const step = Math.max(0, Math.min(at.step ?? 0, lesson.steps.length - 1))
  const answers = at.answers ?? {}
  return enter(
    lesson,
    {
      step,
      answers,
      from: {},
      furthest: step,
      finished: at.finished ?? false,
      phase: 'done',
      choice: undefined,
      hinted: false,
    },
    from,
  )
}

export function playLesson(lesson: Lesson, state: LessonState, action: LessonAction): LessonState {
  const step = lesson.steps[state.step]
  if (step === undefined) return state
  switch (action.do) {
    case 'choose':
      return state.phase === 'ask' ? { ...state, choice: action.id } : state
    case 'lock':
      return lockIn(state, step, action)
    case 'run':
      if (state.phase !== 'ready') return state
      return { ...state, phase: 'watch', from: { ...state.from, [step.id]: action.from } }
    case 'reached':
      return reached(state, step, action.right)
    case 'solved':
      return state.phase === 'task' ? { ...state, phase: 'done' } : state
    case 'hint':
      return { ...state, hinted: true }
    case 'next':
      return next(lesson, state, action.from)
    case 'back':
      return state.step === 0 ? state : enter(lesson, { ...state, step: state.step - 1, finished: false }, 0)
    case 'again':
      return openLesson(lesson, action.from)
  }
}

function lockIn(state: LessonState, step: Step, action: Extract<LessonAction, { do: 'lock' }>): LessonState {
  if (state.phase !== 'ask' || (state.choice === undefined && action.show !== true)) return state
  const choice = action.show === true ? undefined : state.choice
  return {
    ...state,
    phase: 'watch',
    choice,
    answers: { ...state.answers, [step.id]: { choice, right: undefined } },
    from: { ...state.from, [step.id]: action.from },
  }
}

function reached(state: LessonState, step: Step, right: string | undefined): LessonState {
  if (state.phase !== 'watch') return state
  const answer = state.answers[step.id]
  const answers = answer === undefined ? state.answers : { ...state.answers, [step.id]: { ...answer, right } }
  // a step may ask first and leave a task after the reveal
  return { ...state, answers, phase: step.expect === undefined ? 'done' : 'task' }
}

function next(lesson: Lesson, state: LessonState, from: number): LessonState {
  if (state.phase !== 'done') return state
  if (state.step === lesson.steps.length - 1) return { ...state, finished: true }
  return enter(
    lesson,
    { ...state, step: state.step + 1, furthest: Math.max(state.furthest, state.step + 1) },
    from,
  )
}

/** Open a step: fresh, or as it was left. */
function enter(lesson: Lesson, state: LessonState, from: number): LessonState {
  const step = lesson.steps[state.step]
  if (step === undefined) return state
  const before = state.answers[step.id]
  const been = state.step < state.furthest || before?.right !== undefined
  const phase: Phase = been ? 'done' : firstPhase(step)
  const start = state.from[step.id] ?? from
  return { ...state, phase, choice: before?.choice, hinted: false, from: { ...state.from, [step.id]: start } }
}

function firstPhase(step: Step): Phase {
  if (step.ask !== undefined) return 'ask'
  if (step.run !== undefined) return 'ready'
  return step.expect === undefined ? 'done' : 'task'
}

/** How many predictions came true, of those made. */
export function scoreOf(state: LessonState): { right: number; of: number } {
  const made = Object.values(state.answers).filter((answer) => answer.right !== undefined)
  return { right: made.filter((answer) => answer.choice === answer.right).length, of: made.length }
}
