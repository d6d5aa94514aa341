import { createStore } from 'zustand/vanilla'
import type { HostId } from '../../core/base/ids.ts'

/** What was written and not saved, by host and path: kept while the page is open, whatever is looked at meanwhile. */
export const drafts = createStore<Readonly<Record<string, string>>>()(() => ({}))

export function draftKey(host: HostId, path: string): string {
  return `${host} ${path}`
}

/** `text` as it is on the host is no draft. */
export function setDraft(key: string, text: string, onHost: string): void {
  const { [key]: _, ...others } = drafts.getState()
  drafts.setState(text === onHost ? others : { ...others, [key]: text }, true)
}
