import { createStore } from 'zustand/vanilla'
import type { HostId } from '../../core/base/ids.ts'

/** A line that somebody asked to have at a host's prompt; the terminal takes it from here. */
export const inserted = createStore<{ host: HostId; line: string } | Record<string, never>>()(() => ({}))

export function putLine(host: HostId, line: string): void {
  inserted.setState({ host, line }, true)
}

/** The line for this host, once. */
export function takeLine(host: HostId): string | undefined {
  const waiting = inserted.getState()
  if (waiting.host !== host) return undefined
  inserted.setState({}, true)
  return waiting.line
}
