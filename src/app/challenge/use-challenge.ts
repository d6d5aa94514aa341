import { useCallback, useEffect, useRef, useState } from 'react'
import type { Challenge } from '../../content/challenge.ts'
import { judge, pointsOf, type Verdict } from '../../content/judge.ts'
import { useScene, useSessionState } from '../session/context.tsx'
import { keepChallenge } from './progress.ts'

export interface ChallengeControl {
  challenge: Challenge
  /** Of the last check, one per goal; undefined before the first. */
  verdicts: readonly Verdict[] | undefined
  solved: boolean
  /** Seconds since the lab was opened, as far as counted; stops when solved. */
  seconds: number
  hints: number
  shown: boolean
  busy: boolean
  check: () => void
  hint: () => void
  showSolution: () => void
  typeSolution: () => void
}

/** Joins a challenge to its lab: the check types its lines there and judges the notes that come of them. */
export function useChallenge(challenge: Challenge): ChallengeControl {
  const { session } = useScene()
  const busy = useSessionState((s) => s.busy || s.phase !== 'ready')
  const [verdicts, setVerdicts] = useState<readonly Verdict[] | undefined>(undefined)
  const [solved, setSolved] = useState(false)
  const [hints, setHints] = useState(0)
  const [shown, setShown] = useState(false)
  const seconds = useSeconds(solved)

  const check = useCallback(async () => {
    session.player.toEnd()
    const from = session.run.records.length
    await session.exec(challenge.check, { watch: false })
    const notes = session.run.records.slice(from)
    const found = challenge.goals.map((goal) => judge(goal, notes))
    const { points, of } = pointsOf(found)
    setVerdicts(found)
    setSolved((before) => before || points === of)
    keepChallenge(challenge.id, { points, of, solved: points === of, helped: shown })
  }, [session, challenge, shown])

  return {
    challenge,
    verdicts,
    solved,
    seconds,
    hints,
    shown,
    busy,
    check: () => void check(),
    hint: () => setHints((n) => Math.min(3, n + 1)),
    showSolution: () => setShown(true),
    typeSolution: () => void session.exec(challenge.solution, { watch: false }),
  }
}

/** Seconds of the wall clock, counted while the page is open and until `stopped`. */
function useSeconds(stopped: boolean): number {
  const [seconds, setSeconds] = useState(0)
  const begun = useRef(0)
  useEffect(() => {
    if (stopped) return
    begun.current ||= performance.now()
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - begun.current) / 1000)), 1000)
    return () => clearInterval(timer)
  }, [stopped])
  return seconds
}
