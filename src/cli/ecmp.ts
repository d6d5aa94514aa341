/** `vipscope ecmp VECTORS.json`: does our choice of next hop agree with what a real kernel chose? */
import { readFileSync } from 'node:fs'
import { bad, type Result } from '../core/base/result.ts'
import { multipathHash } from '../core/kernel/route/multipath-hash.ts'
import { boundsOf, selectByBounds } from '../core/kernel/route/multipath-select.ts'
import { createResilient, selectResilient } from '../core/kernel/route/resilient.ts'
import { parseVectors, type GroupKind, type VectorGroup, type Vectors } from './vectors.ts'

const KINDS: Record<GroupKind, string> = {
  legacy: 'classic routes',
  mpath: 'mpath groups',
  resilient: 'resilient groups',
}

/**
 * Replays every row of the file named in `args`. Prints a line per kind of group, one for hashes known in full, the first
 * few rows that differ, and last `matched N/M` over the choices. Exit status: 0 all agree, 1 some differ, 2 wrong input
 * (one line on stderr).
 */
export function runEcmp(args: string[]): number {
  const [path] = args
  if (path === undefined || args.length > 1) return refuse('usage: vipscope ecmp VECTORS.json')
  const vectors = readVectors(path)
  if (!vectors.ok) return refuse(`${path}: ${vectors.error}`)
  const { lines, matched, differing } = replay(vectors.value)
  process.stdout.write([...lines, `matched ${matched}/${vectors.value.rows.length}`].join('\n') + '\n')
  return differing === 0 ? 0 : 1
}

function refuse(message: string): number {
  process.stderr.write(`vipscope ecmp: ${message}\n`)
  return 2
}

function readVectors(path: string): Result<Vectors> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    return bad(code === 'ENOENT' ? 'no such file' : `cannot be read (${code ?? 'unknown error'})`)
  }
  try {
    return parseVectors(JSON.parse(text))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return bad(`not JSON: ${error.message.replaceAll('\n', ' ')}`)
  }
}

const SHOWN_DIFFERENCES = 5

function replay({ rows, hashes }: Vectors): { lines: string[]; matched: number; differing: number } {
  const choosers = new Map<VectorGroup, (hash31: number) => number>()
  const tally: Record<GroupKind, { same: number; all: number }> = {
    legacy: { same: 0, all: 0 },
    mpath: { same: 0, all: 0 },
    resilient: { same: 0, all: 0 },
  }
  const differences: string[] = []
  let matched = 0
  rows.forEach(({ input, group, chosen, hash32 }, i) => {
    const choose = choosers.get(group) ?? chooserOf(group)
    choosers.set(group, choose)
    const hash = multipathHash(input)
    const index = choose(hash >>> 1)
    const same = index === chosen && (hash32 === undefined || hash === hash32)
    tally[group.kind].all += 1
    tally[group.kind].same += same ? 1 : 0
    matched += same ? 1 : 0
    if (!same) {
      const told = hash32 === undefined ? '' : ` (hash ${hash32})`
      differences.push(`  rows[${i}]: next hop ${index} (hash ${hash}), in the file ${chosen}${told}`)
    }
  })
  hashes.forEach(({ input, hash31 }, i) => {
    const hash = multipathHash(input) >>> 1
    if (hash !== hash31) differences.push(`  fullhash_rows[${i}]: hash ${hash}, in the file ${hash31}`)
  })
  const known = Object.keys(KINDS) as GroupKind[]
  const lines = known
    .filter((kind) => tally[kind].all > 0)
    .map((kind) => `${KINDS[kind]}: ${tally[kind].same}/${tally[kind].all}`)
  const wrongHashes = differences.length - (rows.length - matched)
  if (hashes.length > 0) lines.push(`full hashes: ${hashes.length - wrongHashes}/${hashes.length}`)
  const more = differences.length - SHOWN_DIFFERENCES
  lines.push(...differences.slice(0, SHOWN_DIFFERENCES), ...(more > 0 ? [`  and ${more} more`] : []))
  return { lines, matched, differing: differences.length }
}

/** From 31-bit hash to index in the group as it is when it was just made. */
function chooserOf({ kind, weights, buckets }: VectorGroup): (hash31: number) => number {
  if (kind !== 'resilient') {
    const bounds = boundsOf(weights)
    return (hash31) => selectByBounds(hash31, bounds)
  }
  const group = createResilient({ members: weights.map((weight, id) => ({ id, weight })), buckets }, 0)
  return (hash31) => selectResilient(group, hash31, 0).id
}
