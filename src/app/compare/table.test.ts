import { beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../engine/inprocess.ts'
import { words } from '../../i18n/en/index.ts'
import { type ModeRun, runModes } from './run-modes.ts'
import { columnOf, rowsOf, summaryOf } from './table.ts'

let runs: ModeRun[] = []
beforeAll(async () => {
  const engine = createEngine()
  runs = await runModes(engine, words)
  engine.dispose()
})

describe('one SYN and its answer through four modes', () => {
  it('every mode has the request at each hop, and the answer by its own way', () => {
    const rows = rowsOf(runs.map((run) => columnOf(run, 'open')))
    expect(rows.map(({ from, legs }) => [from, ...legs.map((leg) => leg?.to ?? '-')])).toEqual([
      ['C', 'R', 'R', 'R', 'R'],
      ['R', 'L1', 'L1', 'L1', 'L1'],
      ['L1', 'S1', 'S1', 'S1', 'S1'],
      ['S1', 'R', 'L1', 'L1', 'R'],
      ['L1', '-', 'R', 'R', '-'],
      ['R', 'C', 'C', 'C', 'C'],
    ])
  })

  it('what each mode changes, who is seen, what the servers need', () => {
    const found = runs.map((run) => summaryOf(columnOf(run, 'open')))
    expect(found.map(({ changed }) => changed)).toEqual([['macTo'], ['ipTo'], ['ipFrom', 'ipTo'], ['outer']])
    expect(found.map(({ seen }) => seen)).toEqual(['C', 'C', 'L1', 'C'])
    expect(found.map(({ passesDirector }) => passesDirector)).toEqual([false, true, true, false])
    expect(found.map(({ vipOnServer }) => vipOnServer)).toEqual([true, false, false, true])
    expect(found.map(({ gatewayIsDirector }) => gatewayIsDirector)).toEqual([false, true, false, false])
    expect(found.map(({ tunnelOnServer }) => tunnelOnServer)).toEqual([false, false, false, true])
    expect(found.map(({ added }) => added)).toEqual([0, 0, 0, 20])
    const [dr, nat] = found
    expect(nat?.bytes).toBeGreaterThan(dr?.bytes ?? Infinity)
  })

  it.each(['ask', 'close'] as const)('%s has both ways in every mode', (exchange) => {
    for (const run of runs) {
      const { request, reply } = columnOf(run, exchange)
      expect(request.map(({ from }) => from)).toEqual(['C', 'R', 'L1'])
      expect(reply.at(-1)?.to).toBe('C')
    }
  })
})
