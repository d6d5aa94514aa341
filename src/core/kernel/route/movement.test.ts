/** How many flows change their next hop when one goes or comes, against what a real kernel did (fixtures/ecmp). */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { makeRng, nextU32 } from '../../base/prng.ts'
import { SEC } from '../../base/ids.ts'
import { hashBatch } from './hash-batch.ts'
import { boundsOf, selectByBounds } from './multipath-select.ts'
import { createResilient, selectResilient, setResilientMembers } from './resilient.ts'

interface Removal {
  kind: string
  from: number
  removed: number
  onRemoved: number
  moved: number
  needless: number
  exact?: number
  buckets?: number
  backWhileActive?: number
}
const file = JSON.parse(
  readFileSync(new URL('../../../testing/fixtures/ecmp/movement.json', import.meta.url), 'utf8'),
) as { removed: Removal[]; appended: { to: number; exact: number }[] }

const FLOWS = 8192
/** Both the file's flows and ours are samples: five standard errors of a difference of two shares of one half. */
const ERROR = 5 * Math.sqrt(2 * (0.25 / FLOWS))

const hashes = new Uint32Array(FLOWS)
const rng = makeRng(1, 'movement')
const column = <T extends Uint32Array | Uint16Array>(of: T): T => of.map(() => nextU32(rng)) as T
hashBatch(
  {
    src: column(new Uint32Array(FLOWS)),
    dst: column(new Uint32Array(FLOWS)),
    sport: column(new Uint16Array(FLOWS)),
    dport: column(new Uint16Array(FLOWS)),
    proto: 6,
  },
  { policy: 1, seed: 42 },
  hashes,
)

const ones = (n: number): number[] => new Array<number>(n).fill(1)
const share = (test: (hash: number) => boolean): number => [...hashes].filter(test).length / FLOWS

/** Share of the hash space whose next hop differs; next hops are compared by name. */
function exactMove(before: string[], after: string[]): number {
  const [old, now] = [boundsOf(ones(before.length)), boundsOf(ones(after.length))]
  let moved = 0
  let from = 0
  for (const bound of [...old, ...now].sort((x, y) => x - y)) {
    if (bound < from) continue
    if (before[selectByBounds(from, old)] !== after[selectByBounds(from, now)]) moved += bound + 1 - from
    from = bound + 1
  }
  return moved / 2 ** 31
}

const names = (n: number): string[] => ones(n).map((_, i) => `hop${i}`)

describe('hash-threshold', () => {
  const rows = file.removed.filter((row) => row.kind !== 'resilient')

  it.each(rows)(
    '$kind $from next hops without number $removed',
    ({ from, removed, moved, needless, exact }) => {
      const before = names(from)
      const after = before.filter((_, i) => i !== removed)
      expect(exactMove(before, after)).toBeCloseTo(exact ?? 0, 5)
      const [old, now] = [boundsOf(ones(from)), boundsOf(ones(from - 1))]
      const was = (hash: number) => before[selectByBounds(hash, old)]
      const moves = (hash: number) => was(hash) !== after[selectByBounds(hash, now)]
      expect(Math.abs(share(moves) - moved)).toBeLessThan(ERROR)
      const idle = share((hash) => moves(hash) && was(hash) !== before[removed])
      expect(Math.abs(idle - needless)).toBeLessThan(ERROR)
      if (needless === 0) expect(idle).toBe(0)
    },
  )

  it.each(file.appended)('one more appended, $to in all', ({ to, exact }) => {
    expect(exactMove(names(to - 1), names(to))).toBeCloseTo(exact, 5)
  })
})

describe('resilient', () => {
  const rows = file.removed.filter((row) => row.kind === 'resilient')

  it.each(rows)('$from members of $buckets buckets without number $removed', (row) => {
    const members = ones(row.from).map((weight, id) => ({ id, weight }))
    const group = createResilient({ members, buckets: row.buckets ?? 0 }, 0)
    const look = (mark: boolean, now: number): number[] =>
      [...hashes].map((hash) => selectResilient(group, hash, now, mark).id)
    const differ = (a: number[], b: number[]): number => a.filter((id, i) => id !== b[i]).length / FLOWS
    const first = look(true, 0)
    const rest = members.filter(({ id }) => id !== row.removed)
    setResilientMembers(group, rest, SEC)
    const second = look(rest.length > 1, SEC)
    // Exactly the flows of the gone member move.
    expect(differ(first, second)).toBe(first.filter((id) => id === row.removed).length / FLOWS)
    expect(Math.abs(differ(first, second) - row.moved)).toBeLessThan(ERROR)
    setResilientMembers(group, members, SEC)
    const third = look(true, SEC)
    expect(Math.abs(differ(second, third) - (row.backWhileActive ?? 0))).toBeLessThan(ERROR)
    if (row.backWhileActive === 0) expect(third).toEqual(second)
  })
})
