import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { must } from '../core/base/assert.ts'
import { finish, runLine } from '../core/lab/line.ts'
import { comparePoint } from '../core/wire/compare.ts'
import { goldenPoint, type GoldenFixture } from './golden-fixture.ts'
import { type GoldenRun, playScenario, reducedPoint, SCENARIOS } from './golden.ts'

/** Packet for packet what real Linux showed, at every capture point: see fixtures/golden. */
describe.each(SCENARIOS)('$id', (scenario) => {
  const url = new URL(`./fixtures/golden/${scenario.id}.json`, import.meta.url)
  const fixture = JSON.parse(readFileSync(url, 'utf8')) as GoldenFixture
  const points = Object.keys(fixture.points)
  const run = playScenario(scenario, scenario.seed)
  const slow = playScenario(scenario, scenario.seed, { delayUs: 50 })

  it('the same servers answer', () => {
    expect(run.served).toEqual(scenario.served)
  })

  it.each(points)('%s shows the same packets', (point) => {
    const real = goldenPoint(fixture, point)
    expect(real.length).toBeGreaterThan(0)
    expect(comparePoint(reducedPoint(run, point), real)).toEqual({ same: real.length })
  })

  // what the switch sees of packets that cross each other depends on the length of the cables; what hosts see does not
  it.each(points.filter((point) => !point.startsWith('sw-')))('%s does so over longer cables', (point) => {
    const real = goldenPoint(fixture, point)
    expect(comparePoint(reducedPoint(slow, point), real)).toEqual({ same: real.length })
  })
})

function scenarioRun(id: string): GoldenRun {
  const scenario = must(
    SCENARIOS.find((s) => s.id === id),
    id,
  )
  return playScenario(scenario, scenario.seed)
}

function type({ timeline }: GoldenRun, host: string, line: string): string {
  return finish(timeline, runLine(timeline, host, line)).output
}

function lines(text: string): string[] {
  return text.replace(/\n$/, '').split('\n').sort()
}

describe('what is typed after A1', () => {
  const run = scenarioRun('A1')

  it('curl -v printed what it prints', () => {
    expect(run.outputs[0]?.replace(/^< Date: .*$/m, '< Date: -')).toBe(`*   Trying 172.16.253.100:8080...
* Connected to 172.16.253.100 (172.16.253.100) port 8080 (#0)
> GET / HTTP/1.1
> Host: 172.16.253.100:8080
> User-Agent: curl/7.88.1
> Accept: */*
> 
< HTTP/1.1 200 OK
< Server: nginx/1.22.1
< Date: -
< Content-Type: text/plain
< Content-Length: 0
< Connection: keep-alive
< X-Remote-IP: 172.16.253.135
< X-Host: server2
< 
* Connection #0 to host 172.16.253.100 left intact
`)
  })

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
