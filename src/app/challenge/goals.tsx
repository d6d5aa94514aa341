import type { Verdict } from '../../content/judge.ts'
import { RichLine } from '../lesson/rich.tsx'
import { Icon } from '../parts/icon.tsx'
import { useScene, useWords } from '../session/context.tsx'
import type { ChallengeControl } from './use-challenge.ts'

/** What must hold, and after a check whether it does: if not, what was there instead and the note that shows it. */
export function Goals({ control: { challenge, verdicts } }: { control: ChallengeControl }) {
  const { ui } = useWords()
  const words = ui.challenge
  return (
    <ul className="checks">
      {challenge.goals.map((goal, i) => {
        const verdict = verdicts?.[i]
        const state = verdict === undefined ? words.notYet : verdict.pass ? words.met : words.missed
        return (
          <li key={i} className={verdict?.pass ? 'passed' : ''}>
            <span className="check-box" role="img" aria-label={state}>
              {verdict === undefined ? null : <Icon name={verdict.pass ? 'check' : 'close'} size={14} />}
            </span>
            <span>
              <RichLine text={goal.text} />
              {verdict === undefined || verdict.pass ? null : <Instead verdict={verdict} />}
            </span>
          </li>
        )
      })}
    </ul>
  )
}

function Instead({ verdict: { got, drop, at } }: { verdict: Verdict }) {
  const { ui, drops, lang } = useWords()
  const { session } = useScene()
  const text = [got?.[lang], drop && ui.challenge.lost(drop.host, drops[drop.why].what)].filter(Boolean)
  return (
    <span className="challenge-instead">
      {text.join(lang === 'zh' ? '；' : '; ')}{' '}
      {at === undefined ? null : (
        <button type="button" className="link" onClick={() => session.player.set(at)}>
          {ui.challenge.seeIt}
        </button>
      )}
    </span>
  )
}
