import { Icon } from '../parts/icon.tsx'
import { useSessionState, useWords } from '../session/context.tsx'
import { Watching } from './predict.tsx'
import { Rich, RichLine } from './rich.tsx'
import type { LessonControl } from './use-lesson.ts'

/** Something to run or to do, with checks that close by themselves. */
export function Task({ control }: { control: LessonControl }) {
  const { ui } = useWords()
  const { state, step, passed, act, run, next } = control
  const ready = useSessionState((s) => s.phase === 'ready' && !s.busy)
  const begun = state.phase === 'task' || state.phase === 'done'
  return (
    <section className="task">
      {state.phase === 'ready' ? (
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
      ) : null}
      {state.phase === 'watch' && step.ask === undefined ? <Watching control={control} /> : null}
      {step.expect === undefined || !begun ? null : (
        <>
          <p className="predict-head">{ui.lesson.todo}</p>
          <ul className="checks">
            {step.expect.map((check, i) => (
              <li key={i} className={passed[i] || state.phase === 'done' ? 'passed' : ''}>
                <span
                  className="check-box"
                  role="img"
                  aria-label={passed[i] ? ui.lesson.done : ui.lesson.open}
                >
                  {passed[i] || state.phase === 'done' ? <Icon name="check" size={14} /> : null}
                </span>
                <RichLine text={check.text} />
              </li>
            ))}
          </ul>
        </>
      )}
      {state.phase === 'task' ? (
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
      ) : null}
      {state.hinted && step.hint !== undefined && step.ask === undefined ? (
        <div className="hint">
          <Rich text={step.hint} />
        </div>
      ) : null}
    </section>
  )
}
