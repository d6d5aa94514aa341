import { useStore } from 'zustand'
import type { HostId } from '../../core/base/ids.ts'
import { useScene, useSessionState } from '../session/context.tsx'

/** What knobs share: the hosts as they are at the playhead and at the end, and a way to type a command. */
export function useKnob() {
  const { session } = useScene()
  const now = useStore(session.views.store, (s) => s.now)
  const tail = useStore(session.views.store, (s) => s.tail)
  const ready = useSessionState((s) => s.phase === 'ready' && !s.busy)
  const type = (host: HostId, ...lines: string[]): void => {
    void session.exec(lines.map((sh) => ({ host, sh })))
  }
  return { now, tail, ready, type }
}
