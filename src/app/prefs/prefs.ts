import { createStore } from 'zustand/vanilla'
import { type Prefs, readPrefs } from './read-prefs.ts'
import { keep, readKept } from './storage.ts'

const KEY = 'prefs'

export const prefs = createStore<Prefs>()(() => readPrefs(readKept(KEY), location.search, navigator.language))

/** Change preferences and keep them. */
export function setPrefs(change: Partial<Prefs>): void {
  prefs.setState(change)
  keep(KEY, prefs.getState())
}
