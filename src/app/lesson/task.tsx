import { Icon } from '../parts/icon.tsx'
import { useSessionState, useWords } from '../session/context.tsx'
import { Watching } from './predict.tsx'
import { Rich, RichLine } from './rich.tsx'
import type { LessonControl } from './use-lesson.ts'

/** Something to run or to do, with checks that close by themselves. */
export function Task({ control }: { control: LessonControl }) {
  const { state, step } = control
  const begun = state.phase === 'task' || state.phase === 'done'
  return (
    <section className="task">
      {state.phase === 'ready' ? <Run control={control} /> : null}
      {state.phase === 'watch' && step.ask === undefined ? <Watching control={control} /> : null}
      {step.expect !== undefined && begun ? <Checks control={control} /> : null}
      {state.phase === 'task' ? <TaskActs control={control} /> : null}
      {state.hinted && step.hint !== undefined && step.ask === undefined ? (
        <div className="hint">
          <Rich text={step.hint} />
        </div>
      ) : null}
    </section>
  )
}

function Run({ control: { step, run, next } }: { control: LessonControl }) {
  const { ui } = useWords()
  const ready = useReady()
  return (
    <div className="acts">
      <button
        type="button"
        className="btn main"
        disabled={!ready}
        onClick={() => run(step.run, { do: 'run', from: next() })}
      >
        {step.runLabel === undefined ? ui.lesson.run : <RichLine text={step.runLabel} />}
      </button>
    </div>
  )
}

function Checks({ control: { state, step, passed } }: { control: LessonControl }) {
  const { ui } = useWords()
  return (
    <>
      <p className="predict-head">{ui.lesson.todo}</p>
      <ul className="checks">
        {step.expect?.map((check, i) => {
          const done = passed[i] === true || state.phase === 'done'
          return (
            <li key={i} className={done ? 'passed' : ''}>
              <span className="check-box" role="img" aria-label={done ? ui.lesson.done : ui.lesson.open}>
                {done ? <Icon name="check" size={14} /> : null}
              </span>
              <span>
                <RichLine text={check.text} />
              </span>
            </li>
          )
        })}
      </ul>
    </>
  )
}

function TaskActs({ control: { state, step, act, run } }: { control: LessonControl }) {
  const { ui } = useWords()
  const ready = useReady()
  return (
    <div className="acts">
      {step.hint === undefined || state.hinted ? null : (
        <button type="button" className="btn" onClick={() => act({ do: 'hint' })}>
          <Icon name="hint" />
          {ui.lesson.hint}
        </button>
      )}
      {step.show === undefined ? null : (
        <button
          type="button"
          className="btn quiet"
          disabled={!ready}
          onClick={() => run(step.show, { do: 'hint' })}
        >
          {ui.lesson.showMe}
        </button>
      )}
    </div>
  )
}

function useReady(): boolean {
  return useSessionState((s) => s.phase === 'ready' && !s.busy)
}
