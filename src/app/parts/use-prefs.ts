import { useStore } from 'zustand'
import { prefs } from '../prefs/prefs.ts'
import { type Prefs } from '../prefs/read-prefs.ts'

export function usePrefs<T>(select: (prefs: Prefs) => T): T {
  return useStore(prefs, select)
}
