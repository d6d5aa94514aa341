import { useEffect, useState } from 'react'
import { labById } from '../../content/labs.ts'
import { createWorkerEngine } from '../../engine/index.ts'
import { createSession, type Session } from '../session/session.ts'

const makeWorker = (): Worker =>
  new Worker(new URL('../../engine/worker.ts', import.meta.url), { type: 'module' })

/** A running lab for as long as the page shows it. 'unknown': there is no lab of that name. */
export function useLabSession(id: string, seed?: number): Session | 'unknown' | undefined {
  const [session, setSession] = useState<Session | 'unknown' | undefined>(undefined)
  useEffect(() => {
    const lab = labById(id)
    if (lab === undefined) {
      setSession('unknown')
      return
    }
    const made = createSession(createWorkerEngine(makeWorker), lab, { seed })
    setSession(made)
    void made.boot()
    return () => made.dispose()
  }, [id, seed])
  return session
}
