import { keep, readKept } from '../prefs/storage.ts'

/** What is kept of a challenge between visits: the best check so far. */
export interface ChallengeProgress {
  points: number
  of: number
  /** All goals were met. */
  solved: boolean
  /** The solution had been shown before. */
  helped: boolean
}

const KEY = 'challenge.'

export function readChallenge(id: string): ChallengeProgress | undefined {
  return parseChallenge(readKept(KEY + id))
}

export function parseChallenge(kept: unknown): ChallengeProgress | undefined {
  if (typeof kept !== 'object' || kept === null || !('points' in kept) || !('of' in kept)) return undefined
  const { points, of } = kept
  if (!Number.isInteger(points) || !Number.isInteger(of)) return undefined
  return {
    points: points as number,
    of: of as number,
    solved: 'solved' in kept && kept.solved === true,
    helped: 'helped' in kept && kept.helped === true,
  }
}

/** The better of two checks; solved without help is better than with it. */
export function better(before: ChallengeProgress | undefined, now: ChallengeProgress): ChallengeProgress {
  const worth = (one: ChallengeProgress): number =>
    (one.solved ? 1000 : 0) + (one.helped ? 0 : 100) * (one.solved ? 1 : 0) + one.points
  return before !== undefined && worth(before) >= worth(now) ? before : now
}

export function keepChallenge(id: string, now: ChallengeProgress): void {
  keep(KEY + id, better(readChallenge(id), now))
}
