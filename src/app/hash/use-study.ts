import { useEffect, useState } from 'react'
import { createStudyClient, type StudyClient } from '../../engine/study.ts'

/** The thread that hashes, for as long as the page is there. */
export function useStudyClient(): StudyClient | undefined {
  const [client, setClient] = useState<StudyClient>()
  useEffect(() => {
    const worker = new Worker(new URL('../../engine/hash-thread.ts', import.meta.url), { type: 'module' })
    const made = createStudyClient(worker)
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the thread lives as long as the page
    setClient(made)
    return () => made.dispose()
  }, [])
  return client
}

/** The latest answer to `ask`; while a new one is awaited the old one stays, so that nothing jumps. */
export function useAnswer<T>(ask: (() => Promise<T>) | undefined): T | undefined {
  const [answer, setAnswer] = useState<T>()
  useEffect(() => {
    let isOver = false
    void ask?.().then((found) => {
      if (!isOver) setAnswer(found)
    })
    return () => {
      isOver = true
    }
  }, [ask])
  return answer
}
