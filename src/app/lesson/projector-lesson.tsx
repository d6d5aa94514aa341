import { type ReactNode, useMemo } from 'react'
import type { Question } from '../../content/lesson.ts'
import { Projector } from '../panels/projector.tsx'
import type { Keys } from '../panels/use-keys.ts'
import { useK, useScene, useSessionState, useWords } from '../session/context.tsx'
import { letterOf } from './predict.tsx'
import { Rich, RichLine } from './rich.tsx'
import type { LessonControl } from './use-lesson.ts'

/** A lesson on the wall: one key does whatever comes next, so that a presenter's remote is enough. */
export function ProjectorLesson({ control }: { control: LessonControl }) {
  const { ui, lang } = useWords()
  const { lesson, state, step } = control
  const atEnd = useAtEnd()
  const keys = useLessonKeys(control)
  return (
    <Projector
      title={step.title[lang]}
      step={ui.home.stepOf(state.step + 1, lesson.steps.length)}
      caption={useCaption(control, atEnd)}
      sheet={atEnd ? <Sheet control={control} /> : null}
      keys={keys}
    />
  )
}

/** Nothing is left to step through. */
function useAtEnd(): boolean {
  const { session } = useScene()
  const busy = useSessionState((s) => s.busy)
  useK()
  return !busy && session.player.isAtEnd()
}

/** What the next key press will do, in words; nothing while there are packets to look at. */
function useCaption({ lesson, state, step }: LessonControl, atEnd: boolean): string | undefined {
  const { ui, lang } = useWords()
  const words = ui.lesson
  switch (state.phase) {
    case 'ask':
      return words.wall.ask
    case 'ready':
      return words.wall.go(step.runLabel?.[lang] ?? words.run)
    case 'task':
      return step.expect?.[0] === undefined ? words.todo : words.wall.go(step.expect[0].text[lang])
    case 'watch':
      return undefined
    case 'done': {
      if (!atEnd) return undefined
      const next = lesson.steps[state.step + 1]
      return next === undefined ? words.wall.end : words.wall.next(next.title[lang])
    }
  }
}

/** The step's text, its question with the answers, or what came of it. */
function Sheet({ control: { state, step } }: { control: LessonControl }): ReactNode {
  const answer = state.answers[step.id]
  if (step.ask !== undefined && state.phase === 'ask')
    return <Ask question={step.ask} chosen={state.choice} />
  if (step.ask !== undefined && answer?.right !== undefined)
    return <Came question={step.ask} right={answer.right} />
  return state.phase === 'ready' || state.phase === 'task' || step.run === undefined ? (
    <Rich text={step.text} />
  ) : null
}

function Ask({ question, chosen }: { question: Question; chosen: string | undefined }) {
  return (
    <>
      <p className="question">
        <RichLine text={question.text} />
      </p>
      <Choices question={question} marked={chosen} />
    </>
  )
}

function Came({ question, right }: { question: Question; right: string }) {
  const { ui } = useWords()
  const choice = question.choices.find(({ id }) => id === right)
  return (
    <>
      <p className="question">{ui.lesson.happened}</p>
      <Choices question={question} marked={right} />
      {choice?.answer === undefined ? null : <Rich text={choice.answer} />}
      <Rich text={question.because} />
    </>
  )
}

function Choices({ question, marked }: { question: Question; marked: string | undefined }) {
  return (
    <ol className="wall-answers">
      {question.choices.map((choice, i) => (
        <li key={choice.id} aria-current={choice.id === marked}>
          <b>{letterOf(i)}</b>
          <span>
            <RichLine text={choice.text} />
          </span>
        </li>
      ))}
    </ol>
  )
}

/** Forward (arrow, PageDown, Enter): lock in, run, step, go on; back: step back, then the step before. */
function useLessonKeys(control: LessonControl): Keys {
  const { session } = useScene()
  const busy = useSessionState((s) => s.busy)
  return useMemo(() => {
    const { state, step, act, run, next } = control
    const { player } = session
    const forward = (): void => {
      if (busy) return
      if (state.phase === 'ask')
        run(step.run, { do: 'lock', from: next(), ...(state.choice === undefined ? { show: true } : {}) })
      else if (state.phase === 'ready') run(step.run, { do: 'run', from: next() })
      else if (!player.isAtEnd()) player.forward()
      else if (state.phase === 'task') run(step.show, { do: 'hint' })
      else if (state.phase === 'done') act({ do: 'next', from: next() })
    }
    const back = (): void =>
      state.phase === 'ask' || state.phase === 'ready' ? act({ do: 'back' }) : player.back()
    const letters = (step.ask?.choices ?? []).map((choice, i): [string, () => void] => [
      letterOf(i).toLowerCase(),
      () => act({ do: 'choose', id: choice.id }),
    ])
    return {
      ArrowRight: forward,
      PageDown: forward,
      Enter: forward,
      ArrowLeft: back,
      PageUp: back,
      ...Object.fromEntries(letters),
    }
  }, [control, session, busy])
}
