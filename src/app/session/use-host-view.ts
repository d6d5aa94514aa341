import { useEffect, useState } from 'react'
import type { HostId } from '../../core/base/ids.ts'
import type { HostView } from '../../engine/engine.ts'
import { usePlaying, useScene } from './context.tsx'

/** A host as it was when note `k` had happened. While playing, and until the answer is there, the last one known. */
export function useHostView(host: HostId, k: number): HostView | undefined {
  const { session } = useScene()
  const playing = usePlaying()
  const [view, setView] = useState<HostView | undefined>(undefined)
  const event = session.run.records[k]?.event ?? session.run.bootEvents
  useEffect(() => {
    if (playing || host === '') return
    let gone = false
    session.engine
      .inspect(host, event)
      .then((found) => {
        if (!gone) setView(found)
      })
      // the run may have been replaced meanwhile: the next step asks again
      .catch(() => undefined)
    return () => {
      gone = true
    }
  }, [session, host, event, playing])
  return view?.host === host ? view : undefined
}
