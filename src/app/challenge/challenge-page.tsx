import { useState } from 'react'
import { Link } from 'wouter'
import type { Challenge } from '../../content/challenge.ts'
import { challengeLab } from '../../content/challenge-lab.ts'
import { inVariant, variantOf } from '../../content/variant.ts'
import { LabFrame } from '../pages/lab-frame.tsx'
import { useSessionOf } from '../pages/use-lab-session.ts'
import { Bar } from '../panels/bar.tsx'
import { Projector } from '../panels/projector.tsx'
import { Workbench } from '../panels/workbench.tsx'
import { ErrorBox } from '../parts/box.tsx'
import { useTitle } from '../parts/use-title.ts'
import { useWords } from '../session/context.tsx'
import { ChallengePanel } from './challenge-panel.tsx'
import { useChallenge } from './use-challenge.ts'
import { useChallenges } from './use-challenges.ts'
import '../styles/challenge.css'

interface Props {
  id: string
  /** Number of the variant, as the address has it; absent or not a number = 0. */
  variant: string | undefined
  projector: boolean
  onKeys: () => void
}

/** One challenge in its lab. */
export function ChallengePage({ id, variant, projector, onKeys }: Props) {
  const { ui } = useWords()
  const challenges = useChallenges()
  if (challenges === undefined) return <main className="booting">{ui.lesson.loading}</main>
  const at = challenges.findIndex((challenge) => challenge.id === id)
  const challenge = challenges[at]
  if (challenge === undefined)
    return (
      <>
        <Bar place={[ui.challenge.title]} onKeys={onKeys} />
        <main className="page">
          <ErrorBox title={ui.challenge.unknown} safe={ui.challenge.unknownHow}>
            <Link href="/challenges" className="btn">
              {ui.challenge.toList}
            </Link>
          </ErrorBox>
        </main>
      </>
    )
  const following = challenges[at + 1]
  const seed = /^\d{1,6}$/.test(variant ?? '') ? Number(variant) : 0
  const next = following && `/challenge/${following.id}${seed === 0 ? '' : `/${seed}`}`
  return <InLab written={challenge} seed={seed} next={next} projector={projector} onKeys={onKeys} />
}

interface InLabProps {
  written: Challenge
  seed: number
  next: string | undefined
  projector: boolean
  onKeys: () => void
}

function InLab({ written, seed, next, projector, onKeys }: InLabProps) {
  const { ui, lang } = useWords()
  const [challenge] = useState(() => inVariant(written, variantOf(seed)))
  const [begun, setBegun] = useState(0)
  const session = useSessionOf(() => challengeLab(challenge, variantOf(seed)))
  const title = challenge.title[lang]
  useTitle(title)
  const onAgain = (): void => {
    if (session === 'unknown') return
    void session.boot().then(() => setBegun((n) => n + 1))
  }
  return (
    <>
      {projector ? null : <Bar place={[ui.challenge.title, title]} onKeys={onKeys} />}
      <LabFrame session={session}>
        {projector ? (
          <Projector title={title} />
        ) : (
          <Screen key={begun} challenge={challenge} seed={seed} next={next} onAgain={onAgain} />
        )}
      </LabFrame>
    </>
  )
}

interface ScreenProps {
  challenge: Challenge
  seed: number
  next: string | undefined
  onAgain: () => void
}

function Screen({ challenge, seed, next, onAgain }: ScreenProps) {
  const { ui, lang } = useWords()
  const control = useChallenge(challenge)
  const variant = seed === 0 ? ui.challenge.asWritten : ui.challenge.otherNumbers(seed)
  return (
    <Workbench
      title={challenge.title[lang]}
      lesson={<ChallengePanel control={control} variant={variant} next={next} onAgain={onAgain} />}
    />
  )
}
