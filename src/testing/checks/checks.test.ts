import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { must } from '../../core/base/assert.ts'
import { MS, type Nanos, SEC } from '../../core/base/ids.ts'
import { captureOf, captureOfSegment } from '../../core/lab/capture.ts'
import { finish, runLine } from '../../core/lab/line.ts'
import { startLab } from '../../core/lab/load.ts'
import { loadShell } from '../../core/shell/module.ts'
import { type GoldenFixture, goldenPoint } from '../golden/fixture.ts'
import { checksLab, END_S, PAIRS, STARTED_S, STOPPED_S } from './lab.ts'
import { checksOf, talksOf, withoutTiming } from './reduce.ts'

await loadShell()

const fixture = JSON.parse(
  readFileSync(new URL('../fixtures/checks.json', import.meta.url), 'utf8'),
) as GoldenFixture

/** When, after the captures were started, LB1's first check was seen. LB2's phase against it is random, too: hence the seed. */
const FIRST_CHECK_S = 1.57
const SEED = 7

function play() {
  const { timeline, boot } = startLab({ ...checksLab, seed: SEED })
  expect(finish(timeline, boot)).toEqual([])
  timeline.run({ at: timeline.now + 20 * SEC })
  const check = timeline.trace.records
    .filter((r) => r.kind === 'tcp.state' && r.host === 'LB1' && r.to === 'SYN_SENT')
    .at(-1)
  const zero: Nanos = must(check, 'a check of LB1').at + 10 * SEC - FIRST_CHECK_S * SEC
  const at = (seconds: number): void => void timeline.run({ at: zero + Math.round(seconds * 1000) * MS })
  const type = (host: string, line: string): string => finish(timeline, runLine(timeline, host, line)).output
  at(-1)
  const from = timeline.trace.records.length
  at(11)
  const up = type('LB1', 'ipvsadm -Ln')
  at(STOPPED_S)
  type('server1', 'nginx -s stop')
  at(20)
  const down = type('LB1', 'ipvsadm -Ln')
  at(STARTED_S)
  type('server1', 'nginx')
  at(END_S)
  const upAgain = type('LB1', 'ipvsadm -Ln')
  return { timeline, from, up, down, upAgain }
}

describe('golden A7: a health check passes, fails and recovers', () => {
  const { timeline, from, up, down, upAgain } = play()
  const frames = (point: string) => {
    const [host = '', dev = ''] = point.split('-')
    const { trace } = timeline
    const to = trace.records.length
    return host === 'sw' ? captureOfSegment(trace, 'lan', from, to) : captureOf(trace, host, dev, from, to)
  }

  it.each(Object.keys(fixture.points))('%s', (name) => {
    const [point = '', lb = ''] = name.split(' ')
    const pair = must(
      PAIRS.find((one) => one.lb === lb),
      lb,
    )
    const real = talksOf(goldenPoint(fixture, name))
    const sim = talksOf(checksOf(frames(point), pair))
    expect(real).toHaveLength(13)
    expect(sim.map(withoutTiming)).toEqual(real.map(withoutTiming))
    const equal = sim.filter((talk, i) => talk.join() === real[i]?.join())
    expect(equal.length).toBeGreaterThanOrEqual(11)
  })

  it('the real server is there, gone, and there again', () => {
    const head = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  172.16.253.100:8080 rr
`
    const server = '  -> 172.16.253.130:8080          Route   10     0          0         \n'
    expect([up, down, upAgain]).toEqual([head + server, head, head + server])
  })

  it('the journal of LB1 holds the lines of the recorded log', () => {
    const lines = must(timeline.world.hosts['LB1'], 'LB1').journal
    const said = lines.filter((line) => line.ident === 'Keepalived_healthcheckers').map((line) => line.text)
    const RS = '[172.16.253.130]:tcp:8080'
    const VS = '[172.16.253.100]:tcp:8080'
    expect(said).toEqual([
      'Initializing ipvs',
      `Gained quorum 1+0=1 <= 10 for VS ${VS}`,
      `Activating healthchecker for service ${RS} for VS ${VS}`,
      'Activating BFD healthchecker',
      `Remote Web server ${RS} succeed on service.`,
      `HTTP_CHECK on service ${RS} failed after 1 retries.`,
      `Removing service ${RS} from VS ${VS}`,
      `Lost quorum 1-0=1 > 0 for VS ${VS}`,
      `HTTP status code success to ${RS} url(/)`,
      `HTTP status code success to ${RS} url(/)`,
      `Remote Web server ${RS} succeed on service.`,
      `Adding service ${RS} to VS ${VS}`,
      `Gained quorum 1+0=1 <= 10 for VS ${VS}`,
    ])
  })
})
