import { createStore } from 'zustand/vanilla'
import { keep, readKept } from '../prefs/storage.ts'
import { CHATTER, type Chatter, type Traffic } from './traffic.ts'

const KEY = 'chatter'

/** What is stepped to and drawn. At first what a request needs: data and the ARP before it. */
export const shown = createStore<ReadonlySet<Traffic>>()(() => new Set<Traffic>(['data', ...readShown()]))

function readShown(): readonly Chatter[] {
  const kept = readKept(KEY)
  return Array.isArray(kept) ? CHATTER.filter((one) => kept.includes(one)) : ['arp']
}

/** Show or quieten one sort of chatter, and keep that. */
export function showChatter(chatter: Chatter, on: boolean): void {
  const next = new Set(shown.getState())
  if (on) next.add(chatter)
  else next.delete(chatter)
  shown.setState(next, true)
  keep(
    KEY,
    CHATTER.filter((one) => next.has(one)),
  )
}
