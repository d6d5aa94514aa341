import { expect, test } from 'vitest'
import {
  codesOf,
  FIRST_STATE,
  loadState,
  readState,
  saveState,
  seedOf,
  specOf,
  withHops,
  withWeight,
} from './state.ts'

test.each([
  ['0xdeadbeef', 0xdeadbeef],
  ['42', 42],
  [' 7 ', 7],
  ['0', undefined],
  ['-1', undefined],
  ['0x1ffffffff', undefined],
  ['4294967296', undefined],
  ['seed', undefined],
])('the seed %s', (text, value) => {
  expect(seedOf(text)).toBe(value)
})

test('fewer LBs give up a change that concerned one of them', () => {
  expect(withHops({ ...FIRST_STATE, change: 2 }, 2).change).toBe('none')
  expect(withHops({ ...FIRST_STATE, change: 0 }, 1).change).toBe('none')
  expect(withHops({ ...FIRST_STATE, change: 1 }, 5)).toMatchObject({ change: 1, weights: [1, 1, 1, 1, 1] })
})

test('weights stay between 1 and 100', () => {
  expect(withWeight(FIRST_STATE, 1, 1000).weights).toEqual([1, 100, 1])
  expect(withWeight(FIRST_STATE, 1, Number.NaN).weights).toEqual([1, 1, 1])
})

test('what is kept comes back; what makes no sense does not', () => {
  const kept: Record<string, string> = {}
  const storage = {
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, v: string) => void (kept[key] = v),
  }
  const state = { ...FIRST_STATE, policy: 0, group: 'resilient', change: 'add', weights: [2, 3] } as const
  saveState(storage, state)
  expect(loadState(storage)).toEqual(state)
  expect(readState({ policy: 9, seed: 'x', weights: [0], change: 7, group: 1, buckets: 3 })).toEqual({
    ...FIRST_STATE,
    change: 'none',
  })
  expect(loadState({ getItem: () => '{' })).toEqual(FIRST_STATE)
  expect(loadState(undefined)).toEqual(FIRST_STATE)
})

test('the question that is asked', () => {
  expect(specOf({ ...FIRST_STATE, change: 'add' }, 60)).toMatchObject({
    change: { kind: 'add', weight: 1 },
    seed: 0xdeadbeef,
    flows: 60,
  })
  expect(codesOf({ ...FIRST_STATE, change: 'add' })).toEqual(['L1', 'L2', 'L3', 'L4'])
})
