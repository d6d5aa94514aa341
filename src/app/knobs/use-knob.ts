import { useStore } from 'zustand'
import type { HostId } from '../../core/base/ids.ts'
import type { Engine } from '../../engine/engine.ts'
import type { HostLine } from '../model/lvs-lab.ts'
import { useScene, useSessionState } from '../session/context.tsx'

/**
 * What knobs share: the hosts as they are at the playhead (shown), at the end (where it acts) and at boot, and ways to
 * type commands or to lay hands on the hardware.
 */
export function useKnob() {
  const { session } = useScene()
  const now = useStore(session.views.store, (s) => s.now)
  const tail = useStore(session.views.store, (s) => s.tail)
  const home = useStore(session.views.store, (s) => s.home)
  const ready = useSessionState((s) => s.phase === 'ready' && !s.busy)
  const typeAll = (lines: readonly HostLine[]): void => {
    if (lines.length > 0) void session.exec(lines.map(({ host, line }) => ({ host, sh: line })))
  }
  const type = (host: HostId, ...lines: string[]): void => {
    typeAll(lines.map((line) => ({ host, line })))
  }
  const act = (work: (engine: Engine) => Promise<void>): void => {
    void session.act(work)
  }
  return { now, tail, home, ready, type, typeAll, act }
}
