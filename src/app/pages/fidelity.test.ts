import { expect, it } from 'vitest'
import rows from '../../testing/fidelity.json'
import { fidelityZh } from '../../i18n/zh/fidelity.ts'
import { groupsOf, loadFidelity, reasonsOf, sumOf } from './fidelity-data.ts'

it('every text of the table has Chinese words (src/i18n/zh/fidelity.ts)', () => {
  const reasons = rows.flatMap((row) => [...row.differences, ...row.words].map(({ reason }) => reason))
  const texts = new Set([...rows.map(({ shows }) => shows), ...reasons])
  expect([...texts].filter((text) => fidelityZh[text] === undefined)).toEqual([])
})

it('English is the table itself, Chinese its translation', async () => {
  const text = rows[0]?.shows ?? ''
  expect((await loadFidelity('en')).word(text)).toBe(text)
  expect((await loadFidelity('zh')).word(text)).toBe(fidelityZh[text])
  expect((await loadFidelity('zh')).word('nobody has said this')).toBeUndefined()
})

it('no row is lost, and the sum is that of the rows', async () => {
  const { groups } = await loadFidelity('en')
  const sum = sumOf(groups)
  expect(sum.takes).toBe(rows.length)
  expect(sum.packets).toBe(rows.map(({ packets }) => packets).reduce((a, b) => a + b))
  const less = rows.filter(({ points, pointsOf }) => points < pointsOf)
  expect(sum.takes - sum.equalTakes).toBe(less.length)
  expect(less.every(({ differences }) => differences.length > 0)).toBe(true)
})

it('takes that show the same stand together, reasons are said once', () => {
  const row = (id: string, shows: string) => ({
    ...{ id, shows, points: 1, pointsOf: 1, packets: 1, differences: [] },
    ...{ transcripts: 0, transcriptsOf: 0, words: [] },
  })
  const groups = groupsOf([row('A', 'x'), row('B', 'y'), row('C', 'x')])
  expect(groups.map(({ shows, rows: found }) => [shows, found.map(({ id }) => id)])).toEqual([
    ['x', ['A', 'C']],
    ['y', ['B']],
  ])
  expect(reasonsOf([{ reason: 'a' }, { reason: 'b' }, { reason: 'a' }])).toEqual([
    ['a', 2],
    ['b', 1],
  ])
})
