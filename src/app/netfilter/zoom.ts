import { createStore, type StoreApi } from 'zustand/vanilla'
import { useStore } from 'zustand'
import type { HostId } from '../../core/base/ids.ts'
import { setPrefs } from '../prefs/prefs.ts'
import { useScene } from '../session/context.tsx'
import type { Session } from '../session/session.ts'

/** Which host is looked into, and whether both directions are drawn. */
export interface Zoom {
  host: HostId | undefined
  both: boolean
}

const stores = new WeakMap<Session, StoreApi<Zoom>>()

/** One per lab that is open; forgotten with it. */
export function zoomOf(session: Session): StoreApi<Zoom> {
  const old = stores.get(session)
  if (old !== undefined) return old
  const store = createStore<Zoom>()(() => ({ host: undefined, both: false }))
  stores.set(session, store)
  return store
}

export function useZoom<T>(select: (zoom: Zoom) => T): T {
  return useStore(zoomOf(useScene().session), select)
}

/** Look into a host, or come out again. It becomes the chosen one, and the inspector tells why. */
export function lookInto(session: Session, host: HostId | undefined): void {
  zoomOf(session).setState({ host })
  if (host === undefined) return
  session.select(host)
  setPrefs({ inspectorTab: 'why' })
}
