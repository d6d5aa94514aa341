import { expect, test } from 'vitest'
import { better, parseChallenge } from './progress.ts'

const some = { points: 2, of: 4, solved: false, helped: false }
const all = { points: 4, of: 4, solved: true, helped: false }

test('the best check stays', () => {
  expect(better(undefined, some)).toBe(some)
  expect(better(some, all)).toBe(all)
  expect(better(all, some)).toBe(all)
  expect(better({ ...all, helped: true }, all)).toBe(all)
  expect(better(all, { ...all, helped: true })).toBe(all)
})

test('what was kept is read, anything else is nothing', () => {
  expect(parseChallenge(JSON.parse(JSON.stringify(all)))).toEqual(all)
  for (const odd of [undefined, null, 3, 'x', {}, { points: 'a', of: 2 }])
    expect(parseChallenge(odd)).toBeUndefined()
})
