import { Link } from 'wouter'
import { useWords } from '../session/context.tsx'
import type { LessonControl } from './use-lesson.ts'
import { Predict } from './predict.tsx'
import { Reveal } from './reveal.tsx'
import { Rich, RichLine } from './rich.tsx'
import { scoreOf } from './player.ts'
import { Task } from './task.tsx'

/** One step at a time: what to know, what to predict or do, what came of it. */
export function LessonPanel({ control }: { control: LessonControl }) {
  const { ui } = useWords()
  const { state, step, lesson } = control
  if (state.finished) return <Finished control={control} />
  const answered = step.ask !== undefined && state.answers[step.id]?.right !== undefined
  return (
    <div className="lesson">
      <div className="lesson-scroll" tabIndex={0} role="region" aria-label={ui.lesson.label}>
        <p className="small">{ui.lesson.place(lesson.chapter.number, state.step + 1, lesson.steps.length)}</p>
        <Bars count={lesson.steps.length} now={state.step} furthest={state.furthest} />
        <h1>
          <RichLine text={step.title} />
        </h1>
        <Rich text={step.text} />
        {step.ask !== undefined && !answered ? <Predict control={control} question={step.ask} /> : null}
        {step.ask !== undefined && answered ? <Reveal control={control} question={step.ask} /> : null}
        {step.expect !== undefined || (step.run !== undefined && step.ask === undefined) ? (
          <Task control={control} />
        ) : null}
      </div>
      <Feet control={control} />
    </div>
  )
}

function Bars({ count, now, furthest }: { count: number; now: number; furthest: number }) {
  return (
    <div className="bars" aria-hidden="true">
      {Array.from({ length: count }, (_, i) => (
        <span key={i} className={i === now ? 'now' : i < Math.max(now, furthest) ? 'done' : ''} />
      ))}
    </div>
  )
}

function Feet({ control }: { control: LessonControl }) {
  const { ui } = useWords()
  const { state, step, lesson, act, next } = control
  const last = state.step === lesson.steps.length - 1
  const why =
    step.ask !== undefined && state.phase !== 'task' ? ui.lesson.nextAfterReveal : ui.lesson.nextAfterTask
  return (
    <div className="lesson-feet">
      <button
        type="button"
        className="btn quiet"
        disabled={state.step === 0}
        onClick={() => act({ do: 'back' })}
      >
        {ui.lesson.back}
      </button>
      {state.phase === 'done' ? (
        <button type="button" className="btn main" onClick={() => act({ do: 'next', from: next() })}>
          {last ? ui.lesson.finish : ui.lesson.next}
        </button>
      ) : (
        <span className="faint">{why}</span>
      )}
    </div>
  )
}

function Finished({ control }: { control: LessonControl }) {
  const { ui } = useWords()
  const { right, of } = scoreOf(control.state)
  return (
    <div className="lesson">
      <div className="lesson-scroll">
        <p className="small">{ui.lesson.finished}</p>
        <Bars count={control.lesson.steps.length} now={-1} furthest={control.lesson.steps.length} />
        <h1>
          <RichLine text={control.lesson.title} />
        </h1>
        <p>{ui.lesson.finishedText(right, of)}</p>
        <div className="acts column">
          <Link href={`/lab/${control.lesson.lab}`} className="btn main tall">
            {ui.lesson.freeLab}
          </Link>
          <button
            type="button"
            className="btn"
            onClick={() => control.act({ do: 'again', from: control.next() })}
          >
            {ui.lesson.again}
          </button>
          <Link href="/" className="btn quiet">
            {ui.lesson.toHome}
          </Link>
        </div>
      </div>
    </div>
  )
}
