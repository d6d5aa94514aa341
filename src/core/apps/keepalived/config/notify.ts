import type { Build } from './build.ts'
import { scriptOf } from './read.ts'
import type { Notify } from './types.ts'
import type { At, Keyword } from './walk.ts'

const NAMES: Readonly<Record<string, keyof Notify>> = {
  notify_master: 'master',
  notify_backup: 'backup',
  notify_fault: 'fault',
  notify_stop: 'stop',
  notify: 'any',
}

/** The notify scripts of an instance or a group; the first one of a kind counts. */
export function notifyKeywords(of: (at: At<Build>) => Notify | undefined): Keyword<Build>[] {
  return Object.entries(NAMES).map(([name, key]) => ({
    name,
    run: (words, at) => {
      const notify = of(at)
      if (!notify) return
      if (notify[key] === '') notify[key] = scriptOf(words)
      else at.error(`${name} script already specified - ignoring ${words[1] ?? ''}`)
    },
  }))
}
