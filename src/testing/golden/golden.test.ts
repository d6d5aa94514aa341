import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { must } from '../../core/base/assert.ts'
import { finish, runLine } from '../../core/lab/line.ts'
import { comparePoint } from '../../core/wire/compare.ts'
import { compareTake } from './compare-take.ts'
import {
  controlRows,
  fidelityJson,
  type FidelityRow,
  reasonOfPoint,
  reasonOfWords,
  rowOf,
} from './fidelity.ts'
import { goldenPoint } from './fixture.ts'
import { type PlayedTake, playRecorded } from './load.ts'
import { reducedPoint } from './play.ts'
import { takeId } from './scenario.ts'
import { SCENARIOS } from './scenarios.ts'

/** Packet for packet what real Linux showed, at every capture point: see fixtures/golden. */
const rows: FidelityRow[] = []

describe.each(SCENARIOS)('$id: $shows', (scenario) => {
  const played = playRecorded(scenario)

  it.each(played.map((one) => [takeId(scenario, one.take), one] as const))('%s', (_id, one) => {
    const result = compareTake(one)
    rows.push(rowOf(scenario, one.take, result))
    const unknown = result.differences.filter(({ point }) => reasonOfPoint(one.take, point) === undefined)
    expect(unknown).toEqual([])
    const words = result.words.filter(({ line }) => reasonOfWords(one.take, line) === undefined)
    expect(words).toEqual([])
    expect(result.points + result.differences.length).toBeGreaterThan(3)
    expect(
      Object.keys(one.take.except ?? {}).filter((point) => !isNeeded(point, result.differences)),
    ).toEqual([])
  })
})

/** An exception that no difference needs any more has to go. */
function isNeeded(point: string, differences: readonly { point: string }[]): boolean {
  return differences.some((difference) => point === '*' || difference.point === point)
}

it('the table of the fidelity page is up to date', () => {
  const url = new URL('../fidelity.json', import.meta.url)
  expect(fidelityJson([...rows, ...controlRows()])).toBe(readFileSync(url, 'utf8'))
})

// what the switch sees of packets that cross each other depends on the length of the cables; what hosts see does not
describe.each(SCENARIOS.filter(({ id }) => /^A[123]$/.test(id)))('$id over longer cables', (scenario) => {
  const [{ fixture, run, take }] = playRecorded(scenario, { delayUs: 50 }) as [PlayedTake]

  it('the same servers answer', () => {
    expect(run.served).toEqual(take.served)
  })

  it.each(Object.keys(fixture.points).filter((point) => !point.startsWith('sw-')))('%s', (point) => {
    const real = goldenPoint(fixture, point)
    expect(comparePoint(reducedPoint(run, point), real)).toEqual({ same: real.length })
  })
})

function scenarioRun(id: string): PlayedTake {
  const scenario = must(
    SCENARIOS.find((s) => s.id === id),
    id,
  )
  return must(playRecorded(scenario)[0], id)
}

function type({ run: { timeline } }: PlayedTake, host: string, line: string): string {
  return finish(timeline, runLine(timeline, host, line)).output
}

function lines(text: string): string[] {
  return text.replace(/\n$/, '').split('\n').sort()
}

describe('what is typed after A1', () => {
  const run = scenarioRun('A1')

  it('the router has learned the address of the server that asked in the name of the virtual one', () => {
    expect(lines(type(run, 'router', 'ip neigh'))).toEqual([
      '172.16.253.100 dev ens33 lladdr 00:0c:29:ad:61:36 STALE ',
      '172.16.253.129 dev ens33 lladdr 00:0c:29:df:3c:cc REACHABLE ',
    ])
  })

  it('LB2 counts six connections, LB1 none', () => {
    expect(lines(type(run, 'LB1', 'ipvsadm -Ln'))).toContain(
      '  -> 172.16.253.130:8080          Route   10     0          0         ',
    )
    expect(lines(type(run, 'LB2', 'ipvsadm -Ln'))).toContain(
      '  -> 172.16.253.134:8080          Route   10     0          6         ',
    )
    expect(type(run, 'LB1', 'ipvsadm -Lnc')).toBe(
      'IPVS connection entries\npro expire state       source             virtual            destination\n',
    )
    const rows = lines(type(run, 'LB2', 'ipvsadm -Lnc')).filter((row) => row.startsWith('TCP'))
    expect(rows).toHaveLength(6)
    for (const row of rows) {
      expect(row).toMatch(
        /^TCP 01:5\d {2}FIN_WAIT {4}172\.16\.253\.135:\d{5} 172\.16\.253\.100:8080 172\.16\.253\.134:8080$/,
      )
    }
  })
})

describe('what is typed after A3', () => {
  const run = scenarioRun('A3')

  it.each([200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210])(
    'ip route get names the way that the requests of .%i took',
    (last) => {
      const gateway = last === 204 || last === 210 ? 131 : 129
      expect(type(run, 'router', `ip route get 172.16.253.100 from 172.16.253.${last}`)).toBe(
        `172.16.253.100 from 172.16.253.${last} via 172.16.253.${gateway} dev ens33 uid 0 \n    cache \n`,
      )
    },
  )
})
