import { Link } from 'wouter'
import type { Challenge } from '../../content/challenge.ts'
import { pointsOf } from '../../content/judge.ts'
import { Rich, RichLine } from '../lesson/rich.tsx'
import { Icon } from '../parts/icon.tsx'
import { usePrefs } from '../parts/use-prefs.ts'
import { setPrefs } from '../prefs/prefs.ts'
import { useWords } from '../session/context.tsx'
import { Goals } from './goals.tsx'
import type { ChallengeControl } from './use-challenge.ts'

interface Props {
  control: ChallengeControl
  /** Which variant this is, in words. */
  variant: string
  next: string | undefined
  onAgain: () => void
}

/** The task beside its lab: what is seen, what must hold, help in steps. */
export function ChallengePanel({ control, variant, next, onAgain }: Props) {
  const { ui } = useWords()
  const { challenge, verdicts, solved } = control
  const words = ui.challenge
  return (
    <div className="lesson">
      <div className="lesson-scroll" tabIndex={0} role="region" aria-label={words.title}>
        <p className="small challenge-place">
          {words.topics[challenge.topic]} · {words.levels[challenge.level - 1]} · {variant}
        </p>
        <h1>
          <RichLine text={challenge.title} />
        </h1>
        <Rich text={challenge.task} />
        <section className="task" aria-label={words.goals}>
          <p className="predict-head">
            {words.goals}
            {verdicts === undefined ? null : <Points verdicts={verdicts} />}
          </p>
          <Goals control={control} />
          <CheckActs control={control} />
        </section>
        {solved ? <Debrief control={control} next={next} /> : null}
        <Help control={control} />
      </div>
      <div className="lesson-feet">
        <Link href="/challenges" className="btn quiet">
          {words.toList}
        </Link>
        <Timer seconds={control.seconds} />
        <button type="button" className="btn quiet" onClick={onAgain}>
          {words.again}
        </button>
      </div>
    </div>
  )
}

function Points({ verdicts }: { verdicts: NonNullable<ChallengeControl['verdicts']> }) {
  const { ui } = useWords()
  const { points, of } = pointsOf(verdicts)
  return <span className="challenge-points">{ui.challenge.points(points, of)}</span>
}

function CheckActs({ control: { challenge, busy, check } }: { control: ChallengeControl }) {
  const { ui } = useWords()
  return (
    <>
      <div className="acts">
        <button type="button" className="btn main" disabled={busy} onClick={check}>
          {busy ? ui.challenge.checking : ui.challenge.check}
        </button>
      </div>
      <p className="small">
        {ui.challenge.checkSends(challenge.check.length, hostsOf(challenge).join(', '))}
      </p>
    </>
  )
}

function hostsOf(challenge: Challenge): string[] {
  return [...new Set(challenge.check.map(({ host }) => host))]
}

function Debrief({ control, next }: { control: ChallengeControl; next: string | undefined }) {
  const { ui } = useWords()
  const timed = usePrefs((p) => p.timer)
  const words = ui.challenge
  return (
    <section className="task" role="status">
      <p className="predict-head">
        {timed ? words.solvedIn(clockOf(control.seconds)) : words.solved}{' '}
        {control.shown ? words.withHelp : ''}
      </p>
      <Rich text={control.challenge.debrief} />
      {next === undefined ? null : (
        <div className="acts">
          <Link href={next} className="btn">
            {words.nextOne}
          </Link>
        </div>
      )}
    </section>
  )
}

/** Three hints, one at a time, then a solution: first to read, then to type. */
function Help({ control }: { control: ChallengeControl }) {
  const { ui } = useWords()
  const { challenge, hints, shown, busy } = control
  const words = ui.challenge
  return (
    <section className="task" aria-label={words.hints}>
      {challenge.hints.slice(0, hints).map((hint, i) => (
        <div className="hint" key={i}>
          <Rich text={hint} />
        </div>
      ))}
      {shown ? (
        <pre className="challenge-solution">
          {challenge.solution.map(({ host, sh }) => `${host}# ${sh}`).join('\n')}
        </pre>
      ) : null}
      <div className="acts">
        {hints < 3 ? (
          <button type="button" className="btn" onClick={control.hint}>
            <Icon name="hint" />
            {words.nextHint(hints + 1)}
          </button>
        ) : shown ? (
          <button type="button" className="btn" disabled={busy} onClick={control.typeSolution}>
            {words.typeSolution}
          </button>
        ) : (
          <button type="button" className="btn quiet" onClick={control.showSolution}>
            {words.solution}
          </button>
        )}
      </div>
    </section>
  )
}

/** Minutes and seconds, only for those who want to be timed. */
function Timer({ seconds }: { seconds: number }) {
  const { ui } = useWords()
  const timed = usePrefs((p) => p.timer)
  return (
    <button
      type="button"
      className="btn quiet"
      aria-pressed={timed}
      onClick={() => setPrefs({ timer: !timed })}
    >
      <Icon name="clock" size={16} />
      {timed ? <span className="mono">{clockOf(seconds)}</span> : ui.challenge.timer}
    </button>
  )
}

function clockOf(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
