import { firstMatch } from '../../content/check.ts'
import type { Question } from '../../content/lesson.ts'
import { frameOfNote } from '../model/chain.ts'
import { Icon } from '../parts/icon.tsx'
import { setPrefs } from '../prefs/prefs.ts'
import { useScene, useWords } from '../session/context.tsx'
import { letterOf } from './predict.tsx'
import { Rich, RichLine } from './rich.tsx'
import type { LessonControl } from './use-lesson.ts'

/** What was said and what happened, in equal dress, and the row of the run that shows it. */
export function Reveal({ control, question }: { control: LessonControl; question: Question }) {
  const { ui } = useWords()
  const { state, step } = control
  const answer = state.answers[step.id]
  const came = answer !== undefined && answer.choice === answer.right
  const chosen = question.choices.find((choice) => choice.id === answer?.choice)
  return (
    <section className="reveal" aria-live="polite">
      <dl>
        <dt>{ui.lesson.youSaid}</dt>
        <dd>
          {chosen === undefined ? ui.lesson.notPredicted : <ChoiceLine question={question} id={chosen.id} />}
          {chosen === undefined ? null : came ? (
            <span role="img" aria-label={ui.lesson.asPredicted}>
              <Icon name="check" size={16} />
            </span>
          ) : (
            <span className="stamp" role="img" aria-label={ui.lesson.otherwise} />
          )}
        </dd>
        <dt>{ui.lesson.happened}</dt>
        <dd className="strong">
          {answer?.right === undefined ? null : <ChoiceLine question={question} id={answer.right} />}
        </dd>
      </dl>
      {chosen?.answer === undefined ? null : <Rich text={chosen.answer} />}
      <Rich text={question.because} />
      <Evidence control={control} question={question} />
    </section>
  )
}

function ChoiceLine({ question, id }: { question: Question; id: string }) {
  const i = question.choices.findIndex((choice) => choice.id === id)
  const choice = question.choices[i]
  if (choice === undefined) return null
  return (
    <span>
      <b className="said">{letterOf(i)}</b> <RichLine text={choice.text} />
    </span>
  )
}

function Evidence({ control, question }: { control: LessonControl; question: Question }) {
  const { ui } = useWords()
  const { session } = useScene()
  const { records } = session.run
  const from = control.state.from[control.step.id] ?? 0
  const note = question.evidence === undefined ? undefined : firstMatch(records, question.evidence, from)
  if (note === undefined) return null
  const frame = frameOfNote(note)
  return (
    <p className="evidence">
      {ui.lesson.evidence}{' '}
      <button
        type="button"
        className="link"
        onClick={() => {
          setPrefs(frame === undefined ? { inspectorTab: 'why' } : { inspectorTab: 'packet' })
          session.player.set(note.i)
        }}
      >
        {frame === undefined ? ui.lesson.evidenceNote(note.i) : ui.lesson.evidenceFrame(frame)}
      </button>
    </p>
  )
}
