import { type KeyboardEvent, useRef } from 'react'
import type { Question } from '../../content/lesson.ts'
import { Icon } from '../parts/icon.tsx'
import { useScene, useSessionState, useWords } from '../session/context.tsx'
import { Rich, RichLine } from './rich.tsx'
import type { LessonControl } from './use-lesson.ts'

export const letterOf = (i: number): string => String.fromCharCode(65 + i)

/** A question with its answers. Nothing moves until one is locked in. */
export function Predict({ control, question }: { control: LessonControl; question: Question }) {
  const { ui } = useWords()
  const { state, step } = control
  return (
    <section className="predict" aria-label={ui.lesson.predict}>
      <p className="predict-head">{ui.lesson.predict}</p>
      <p className="question" id="question">
        <RichLine text={question.text} />
      </p>
      <Answers control={control} question={question} />
      {state.phase === 'ask' ? (
        <AskActs control={control} question={question} />
      ) : (
        <Watching control={control} />
      )}
      {state.hinted && step.hint !== undefined ? (
        <div className="hint">
          <Rich text={step.hint} />
        </div>
      ) : null}
    </section>
  )
}

function Answers({ control, question }: { control: LessonControl; question: Question }) {
  const { state, act } = control
  const root = useRef<HTMLDivElement>(null)
  const chosen = question.choices.findIndex((choice) => choice.id === state.choice)

  function onKey(event: KeyboardEvent, i: number): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const count = question.choices.length
    const to = step === undefined ? undefined : (i + step + count) % count
    const choice = to === undefined ? undefined : question.choices[to]
    if (choice === undefined || to === undefined) return
    event.preventDefault()
    act({ do: 'choose', id: choice.id })
    const button = root.current?.children[to]
    if (button instanceof HTMLElement) button.focus()
  }

  return (
    <div className="answers" role="radiogroup" aria-labelledby="question" ref={root}>
      {question.choices.map((choice, i) => (
        <button
          key={choice.id}
          type="button"
          role="radio"
          className="answer"
          aria-checked={i === chosen}
          tabIndex={i === Math.max(0, chosen) ? 0 : -1}
          disabled={state.phase !== 'ask'}
          onClick={() => act({ do: 'choose', id: choice.id })}
          onKeyDown={(event) => onKey(event, i)}
        >
          <span className="letter">{letterOf(i)}</span>
          <span>
            <RichLine text={choice.text} />
          </span>
        </button>
      ))}
    </div>
  )
}

function AskActs({ control, question }: { control: LessonControl; question: Question }) {
  const { ui } = useWords()
  const { state, step, act, run, next } = control
  const ready = useSessionState((s) => s.phase === 'ready' && !s.busy)
  const chosen = question.choices.findIndex((choice) => choice.id === state.choice)
  return (
    <>
      <div className="acts">
        <button
          type="button"
          className="btn main"
          disabled={chosen < 0 || !ready}
          onClick={() => run(step.run, { do: 'lock', from: next() })}
        >
          {chosen < 0 ? ui.lesson.choose : ui.lesson.lockIn(letterOf(chosen))}
        </button>
        {step.hint === undefined || state.hinted ? null : (
          <button type="button" className="btn quiet" onClick={() => act({ do: 'hint' })}>
            <Icon name="hint" />
            {ui.lesson.hint}
          </button>
        )}
        <button
          type="button"
          className="btn quiet"
          disabled={!ready}
          onClick={() => run(step.run, { do: 'lock', from: next(), show: true })}
        >
          {ui.lesson.showMe}
        </button>
      </div>
      <p className="small">{ui.lesson.playLocked}</p>
    </>
  )
}

/** Locked in: the run is made, the learner steps or plays through it, or goes to its end. */
export function Watching({ control }: { control: LessonControl }) {
  const { ui } = useWords()
  const { session } = useScene()
  const busy = useSessionState((s) => s.busy)
  return (
    <div className="acts watching">
      <p role="status">{busy ? ui.lesson.running : ui.lesson.watch}</p>
      {busy || session.run.records.length <= (control.state.from[control.step.id] ?? 0) ? null : (
        <button type="button" className="btn" onClick={() => session.player.toEnd()}>
          {ui.lesson.skipToEnd}
        </button>
      )}
    </div>
  )
}
