import { useEffect, useState } from 'react'
import { labById } from '../../content/labs.ts'
import { createWorkerEngine } from '../../engine/index.ts'
import { Session } from '../session/session.ts'

const makeWorker = (): Worker =>
  new Worker(new URL('../../engine/worker.ts', import.meta.url), { type: 'module' })

/** A running lab for as long as the page shows it; pages are keyed by the lab's id. 'unknown': there is no such lab. */
export function useLabSession(id: string, seed?: number): Session | 'unknown' {
  return useSessionOf(() => labById(id), seed)
}

/** The same for a lab that is made for the page. It is made once. */
export function useSessionOf(makeLab: () => Session['lab'] | undefined, seed?: number): Session | 'unknown' {
  const [session] = useState((): Session | 'unknown' => {
    const lab = makeLab()
    return lab === undefined ? 'unknown' : new Session(createWorkerEngine(makeWorker), lab, seed)
  })
  useEffect(() => {
    if (session === 'unknown') return
    void session.boot()
    return () => {
      session.dispose()
    }
  }, [session])
  return session
}
