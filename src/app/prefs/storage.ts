/**
 * What the browser keeps for the learner. Storage may be forbidden or full (private windows, file: pages): then the page
 * works all the same and merely forgets.
 */
const PREFIX = 'vipscope.'

/** The value kept under `key`, as unchecked JSON; undefined when there is none or storage is closed. */
export function readKept(key: string): unknown {
  try {
    const text = localStorage.getItem(PREFIX + key)
    return text === null ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

export function keep(key: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value))
  } catch {
    // forgotten, nothing else
  }
}
