import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { explainFlow, runSpray, runStudy, runTiers, type StudySpec } from './hash-study.ts'

interface Removal {
  kind: string
  from: number
  removed: number
  moved: number
  needless: number
  exact?: number
  buckets?: number
}
const file = JSON.parse(
  readFileSync(new URL('../../testing/fixtures/ecmp/movement.json', import.meta.url), 'utf8'),
) as { removed: Removal[] }

const base: StudySpec = {
  policy: 1,
  seed: 0xdeadbeef,
  weights: [1, 1, 1],
  change: { kind: 'remove', index: 0 },
  group: 'threshold',
  buckets: 128,
  sources: 'clients',
  flows: 8192,
}

describe('what a removal moves is what a real kernel moved', () => {
  it.each(file.removed)('$kind $from without number $removed', (row) => {
    const { fates, exact } = runStudy({
      ...base,
      weights: new Array<number>(row.from).fill(1),
      change: { kind: 'remove', index: row.removed },
      group: row.kind === 'resilient' ? 'resilient' : 'threshold',
      buckets: row.buckets ?? 128,
    })
    const share = (n: number): number => n / 8192
    expect(Math.abs(share(fates.forced + fates.needless) - row.moved)).toBeLessThan(0.03)
    expect(Math.abs(share(fates.needless) - row.needless)).toBeLessThan(0.03)
    if (row.exact !== undefined && exact) expect(exact.forced + exact.needless).toBeCloseTo(row.exact, 5)
    if (row.kind === 'resilient') expect(fates.needless).toBe(0)
  })
})

test('policy 0 throws one die for one client, policy 1 one for each port', () => {
  const one = runStudy({ ...base, policy: 0, sources: 'ports' })
  expect(one.distinct).toBe(1)
  expect(one.perHopBefore.filter((n) => n > 0)).toEqual([8192])
  expect(runStudy({ ...base, sources: 'ports' }).distinct).toBeGreaterThan(6000)
})

test('clients behind one address count as one under policy 0', () => {
  const { perHopBefore } = runStudy({ ...base, policy: 0, sources: 'nat' })
  expect(Math.max(...perHopBefore)).toBeGreaterThan(0.8 * 8192)
})

test('an added next hop takes flows from living ones under hash-threshold, none while buckets are in use', () => {
  const add = { ...base, change: { kind: 'add', weight: 1 } } as const
  const threshold = runStudy(add)
  expect(threshold.fates.needless).toBeGreaterThan(0.3 * 8192)
  expect(threshold.perHopAfter).toHaveLength(4)
  expect(runStudy({ ...add, group: 'resilient' }).fates.stays).toBe(8192)
})

test('weights are shares', () => {
  const { perHopBefore } = runStudy({ ...base, weights: [3, 1], change: { kind: 'none' }, flows: 100_000 })
  expect(perHopBefore[0]).toBeGreaterThan(74_000)
  expect(perHopBefore[0]).toBeLessThan(76_000)
})

test('one flow explained ends in the hash that chose', () => {
  const { sample } = runStudy(base)
  for (const { src, sport, hash } of sample) {
    const told = explainFlow({ src, sport, policy: base.policy, seed: base.seed })
    expect(told.hash31).toBe(hash)
    expect(told.blocks[0]?.block).toHaveLength(48)
  }
})

test('two tiers with the same seed polarise, with two seeds they do not', () => {
  const same = runTiers({ first: 2, second: 2, seed: 1, secondSeed: 1, flows: 10_000 })
  expect(same.map((row) => row.filter((n) => n > 0).length)).toEqual([1, 1])
  const other = runTiers({ first: 2, second: 2, seed: 1, secondSeed: 2, flows: 10_000 })
  for (const row of other) for (const n of row) expect(Math.abs(n - 2500)).toBeLessThan(250)
})

test('packets dealt one by one meet load balancers that know nothing of their connection', () => {
  const rows = runSpray({ hops: 2, connections: 60, packets: 10 })
  expect(rows).toHaveLength(60)
  const whole = rows.filter((row) => row.every((hop) => hop === row[0]))
  expect(whole.length).toBeLessThan(4)
  const counts = [0, 1].map((hop) => rows.flat().filter((h) => h === hop).length)
  expect(counts).toEqual([300, 300])
})
