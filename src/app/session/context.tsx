import { createContext, type ReactNode, use, useMemo, useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import type { Words } from '../../i18n/words.ts'
import { createFlagReader, type FlagReader } from '../model/flags.ts'
import { ownersOf, type Owners } from '../model/owners.ts'
import type { Session, SessionState } from './session.ts'

const WordsContext = createContext<Words | undefined>(undefined)
export const WordsProvider = WordsContext.Provider

/** Words of the chosen language. */
export function useWords(): Words {
  const words = use(WordsContext)
  if (words === undefined) throw new Error('words are provided at the root')
  return words
}

/** What every panel of a lab reads: the session, whose address is whose, and how frames become flags. */
export interface Scene {
  session: Session
  owners: Owners
  flags: FlagReader
}

const SceneContext = createContext<Scene | undefined>(undefined)

export function SceneProvider({ session, children }: { session: Session; children: ReactNode }) {
  const words = useWords()
  const known = useStore(session.views.store, (s) => s.known)
  const revisionOfRun = useStore(session.state, (s) => s.phase)
  const owners = useMemo(() => ownersOf(session.lab, known), [session, known])
  const scene = useMemo(
    () => ({ session, owners, flags: createFlagReader(session.run, owners, words) }),
    // a new boot brings new frames under old numbers
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [session, owners, words, revisionOfRun],
  )
  return <SceneContext value={scene}>{children}</SceneContext>
}

export function useScene(): Scene {
  const scene = use(SceneContext)
  if (scene === undefined) throw new Error('a lab is open')
  return scene
}

export function useSessionState<T>(select: (state: SessionState) => T): T {
  return useStore(useScene().session.state, select)
}

/** Number of the last note that has happened; changes at steps only. */
export function useK(): number {
  return useStore(useScene().session.playhead, (s) => s.k)
}

export function usePlaying(): boolean {
  return useStore(useScene().session.playhead, (s) => s.playing)
}

/** Grows when the run does. */
export function useRevision(): number {
  return useSessionState((s) => s.revision)
}

/** Whether a media query holds. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query)
      list.addEventListener('change', listener)
      return () => list.removeEventListener('change', listener)
    },
    () => matchMedia(query).matches,
  )
}
