import type { StudySpec } from '../../engine/study.ts'

/** What the explorer shows; kept in the browser, so that a reload brings it back. */
export interface HashState {
  policy: number
  seed: string
  weights: readonly number[]
  /** 'none', 'add', or the index of the one that goes. */
  change: 'none' | 'add' | number
  group: StudySpec['group']
  buckets: number
  sources: StudySpec['sources']
}

export const FIRST_STATE: HashState = {
  policy: 1,
  seed: '0xdeadbeef',
  weights: [1, 1, 1],
  change: 0,
  group: 'threshold',
  buckets: 128,
  sources: 'ports',
}

export const BUCKET_CHOICES = [16, 32, 64, 128, 256] as const
export const MOST_HOPS = 8
const MOST_WEIGHT = 100

/** A seed as it is typed: decimal or 0x; undefined: not one that sysctl takes (0 is "drawn at boot"). */
export function seedOf(text: string): number | undefined {
  const trimmed = text.trim()
  if (!/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(trimmed)) return undefined
  const value = Number(trimmed)
  return value >= 1 && value <= 0xffffffff ? value : undefined
}

export function specOf(state: HashState, flows: number): StudySpec {
  const { policy, weights, group, buckets, sources, change } = state
  return {
    policy,
    seed: seedOf(state.seed) ?? 1,
    weights,
    change:
      change === 'none'
        ? { kind: 'none' }
        : change === 'add'
          ? { kind: 'add', weight: 1 }
          : { kind: 'remove', index: change },
    group,
    buckets,
    sources,
    flows,
  }
}

/** Other numbers of LBs; a change that makes no sense any more is given up. */
export function withHops(state: HashState, count: number): HashState {
  const weights = Array.from({ length: count }, (_, i) => state.weights[i] ?? 1)
  const { change } = state
  const fits = typeof change !== 'number' || (change < count && count > 1)
  return { ...state, weights, change: fits ? change : 'none' }
}

export function withWeight(state: HashState, index: number, weight: number): HashState {
  const value = Math.max(1, Math.min(MOST_WEIGHT, Math.round(weight) || 1))
  return { ...state, weights: state.weights.map((old, i) => (i === index ? value : old)) }
}

/** Printed codes of the next hops, one more if one comes. */
export function codesOf({ weights, change }: HashState): string[] {
  return Array.from({ length: weights.length + (change === 'add' ? 1 : 0) }, (_, i) => `L${i + 1}`)
}

const KEY = 'vipscope.hash'

export function loadState(storage: Pick<Storage, 'getItem'> | undefined): HashState {
  try {
    return readState(JSON.parse(storage?.getItem(KEY) ?? 'null'))
  } catch {
    return FIRST_STATE
  }
}

export function saveState(storage: Pick<Storage, 'setItem'> | undefined, state: HashState): void {
  try {
    storage?.setItem(KEY, JSON.stringify(state))
  } catch {
    // a browser that keeps nothing is no reason to stop
  }
}

/** What was kept, as far as it makes sense. */
export function readState(kept: unknown): HashState {
  if (typeof kept !== 'object' || kept === null) return FIRST_STATE
  const { policy, seed, weights, change, group, buckets, sources } = kept as Record<string, unknown>
  const isWeight = (w: unknown): w is number =>
    Number.isInteger(w) && Number(w) >= 1 && Number(w) <= MOST_WEIGHT
  const found =
    Array.isArray(weights) && weights.length >= 1 && weights.length <= MOST_HOPS && weights.every(isWeight)
  const state: HashState = {
    policy: [0, 1, 2, 3].includes(policy as number) ? (policy as number) : FIRST_STATE.policy,
    seed: typeof seed === 'string' && seedOf(seed) !== undefined ? seed : FIRST_STATE.seed,
    weights: found ? weights : FIRST_STATE.weights,
    change:
      change === 'add' || change === 'none' || Number.isInteger(change)
        ? (change as HashState['change'])
        : 'none',
    group: group === 'resilient' ? 'resilient' : 'threshold',
    buckets: BUCKET_CHOICES.includes(buckets as 128) ? (buckets as number) : FIRST_STATE.buckets,
    sources: sources === 'clients' || sources === 'nat' ? sources : 'ports',
  }
  return withHops(state, state.weights.length)
}
