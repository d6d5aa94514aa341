import { Link, useLocation } from 'wouter'
import { TOPIC_IDS, type Challenge } from '../../content/challenge.ts'
import { RichLine } from '../lesson/rich.tsx'
import { StateCircle } from '../parts/state-circle.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useWords } from '../session/context.tsx'
import { readChallenge } from './progress.ts'
import { useChallenges } from './use-challenges.ts'
import '../styles/challenge.css'

/** All challenges by topic, with what has been repaired. */
export function ChallengesPage() {
  const { ui } = useWords()
  const words = ui.challenge
  useTitle(words.title)
  const challenges = useChallenges()
  const all = challenges ?? []
  return (
    <main className="page challenges" id="stage" tabIndex={-1}>
      <header>
        <h1>{words.title}</h1>
        <p className="lead">{words.lead}</p>
        <div className="acts">
          <Random challenges={all} />
          <span className="muted">{words.randomText}</span>
          <span className="spacer" />
          {challenges === undefined ? null : (
            <strong>{words.repaired(all.filter(isSolved).length, all.length)}</strong>
          )}
        </div>
      </header>
      <div className="challenge-topics">
        {TOPIC_IDS.map((topic) => {
          const list = all.filter((challenge) => challenge.topic === topic)
          return list.length === 0 ? null : (
            <section key={topic} aria-labelledby={`topic-${topic}`}>
              <h2 id={`topic-${topic}`}>
                {words.topics[topic]}
                <span className="small">{words.points(list.filter(isSolved).length, list.length)}</span>
              </h2>
              <ul>
                {list.map((challenge) => (
                  <li key={challenge.id}>
                    <Row challenge={challenge} />
                  </li>
                ))}
              </ul>
            </section>
          )
        })}
      </div>
    </main>
  )
}

function isSolved({ id }: Challenge): boolean {
  return readChallenge(id)?.solved === true
}

function Row({ challenge }: { challenge: Challenge }) {
  const { ui } = useWords()
  const words = ui.challenge
  const progress = readChallenge(challenge.id)
  const state = progress === undefined ? 'none' : progress.solved ? 'done' : 'half'
  return (
    <Link href={`/challenge/${challenge.id}`} className="challenge-row">
      <StateCircle state={state} />
      <span>
        <RichLine text={challenge.title} />
      </span>
      <span className="muted">
        {state === 'half' && progress !== undefined
          ? words.points(progress.points, progress.of)
          : words.state[state === 'done' ? 'done' : 'none']}
      </span>
      <span className="small">{words.levels[challenge.level - 1]}</span>
    </Link>
  )
}

/** One that is still open, if any, with other addresses. */
function Random({ challenges }: { challenges: readonly Challenge[] }) {
  const { ui } = useWords()
  const [, go] = useLocation()
  const choose = (): void => {
    const open = challenges.filter((challenge) => !isSolved(challenge))
    const from = open.length > 0 ? open : challenges
    const one = from[Math.floor(Math.random() * from.length)]
    if (one !== undefined) go(`/challenge/${one.id}/${1 + Math.floor(Math.random() * 9999)}`)
  }
  return (
    <button type="button" className="btn main" disabled={challenges.length === 0} onClick={choose}>
      {ui.challenge.random}
    </button>
  )
}
