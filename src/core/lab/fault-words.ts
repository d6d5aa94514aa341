import { MS } from '../base/ids.ts'
import { bad, ok, type Result } from '../base/result.ts'
import type { LinkFaults } from '../kernel/note.ts'
import { NO_FAULTS } from '../sim/faults.ts'

/** Words of `@fault HOST DEV in|out ...`: `loss 10% duplicate 5% corrupt 1% reorder 20% delay 5ms jitter 1ms`, or `none`. */

const PERCENT = {
  loss: 'lossPercent',
  duplicate: 'duplicatePercent',
  corrupt: 'corruptPercent',
  reorder: 'reorderPercent',
} as const
const TIME = { delay: 'delayNs', jitter: 'jitterNs' } as const
const UNIT_NS: Record<string, number> = { us: MS / 1000, ms: MS, s: 1000 * MS }
/** Ten minutes. */
const LONGEST_NS = 600_000 * MS

/** The error says which word is wrong. */
export function parseFaults(words: readonly string[]): Result<LinkFaults> {
  const faults: LinkFaults = { ...NO_FAULTS }
  if (words.length === 1 && words[0] === 'none') return ok(faults)
  if (words.length === 0) return bad('@fault takes faults: loss 10%, delay 5ms ..., or none')
  for (let i = 0; i < words.length; i += 2) {
    const name = words[i] ?? ''
    const value = words[i + 1] ?? ''
    if (Object.hasOwn(PERCENT, name)) {
      const m = /^(\d+(?:\.\d+)?)%$/.exec(value)
      if (!m || Number(m[1]) > 100) return bad(`${name} takes a percentage such as 10%`)
      faults[PERCENT[name as keyof typeof PERCENT]] = Number(m[1])
    } else if (Object.hasOwn(TIME, name)) {
      const m = /^(\d+(?:\.\d+)?)(us|ms|s)$/.exec(value)
      const ns = Math.round(Number(m?.[1] ?? 0) * (UNIT_NS[m?.[2] ?? ''] ?? 0))
      if (!m || ns > LONGEST_NS) return bad(`${name} takes a time such as 5ms`)
      faults[TIME[name as keyof typeof TIME]] = ns
    } else return bad(`${name} is no fault; there are loss, duplicate, corrupt, reorder, delay and jitter`)
  }
  return ok(faults)
}
