import { useEffect, useState } from 'react'
import type { Challenge } from '../../content/challenge.ts'
import { loadChallenges } from '../../content/challenges/index.ts'

/** All challenges, in the order of the list; undefined until they are loaded. */
export function useChallenges(): readonly Challenge[] | undefined {
  const [challenges, setChallenges] = useState<readonly Challenge[] | undefined>(undefined)
  useEffect(() => {
    let gone = false
    void loadChallenges().then((loaded) => {
      if (!gone) setChallenges(loaded)
    })
    return () => {
      gone = true
    }
  }, [])
  return challenges
}
