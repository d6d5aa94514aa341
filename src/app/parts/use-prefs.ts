import { useStore } from 'zustand'
import { prefs, type Prefs } from '../prefs/prefs.ts'

export function usePrefs<T>(select: (prefs: Prefs) => T): T {
  return useStore(prefs, select)
}
