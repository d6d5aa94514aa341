import { describe, expect, it } from 'vitest'
import type { HostId } from '../../core/base/ids.ts'
import { labById } from '../../content/labs.ts'
import { createEngine } from '../../engine/inprocess.ts'
import { clockOf } from '../session/clock.ts'
import { emptyRun, takeBatch } from '../session/run-data.ts'
import { emptyStops, extendStops } from '../model/stops.ts'
import { isQuiet, type Traffic } from './traffic.ts'

/** A lab of daemons, left alone for some seconds and then asked. */
async function idleRun(id: string, host: HostId, line: string, shown: readonly Traffic[]) {
  const lab = labById(id)
  if (lab === undefined) throw new Error(`${id} is built in`)
  const engine = createEngine()
  const run = { ...emptyRun(), shown: new Set(shown) }
  engine.onTrace((batch) => {
    takeBatch(run, batch)
  })
  await engine.load(lab)
  await engine.advance(25e9)
  await engine.exec(host, line)
  engine.dispose()
  return run
}

describe('chatter of daemons', () => {
  it('is neither stepped to nor takes display time, unless asked for', async () => {
    const run = await idleRun('course', 'router', 'curl -s http://172.16.253.100:8080', ['data', 'arp'])
    const stops = emptyStops()
    extendStops(stops, run, () => undefined)
    const about = new Set(stops.hop.map((k) => run.traffic[k]))
    expect(run.traffic.filter((one) => one === 'ospf').length).toBeGreaterThan(200)
    expect(run.traffic).toContain('check')
    expect([...about].filter((one) => one !== 'data' && one !== 'arp')).toEqual([])
    expect(stops.hop.length).toBeLessThan(80)
    const quietMs = clockOf(run).lengthMs
    run.shown = new Set(['data', 'arp', 'ospf', 'check'])
    // about two hellos a second of 480 ms
    expect(clockOf(run).lengthMs - quietMs).toBeGreaterThan(20_000)
    expect(quietMs).toBeLessThan(30_000)
  })

  it('is told from the same protocol spoken by a person: a request typed on a balancer is data', async () => {
    const run = await idleRun('course', 'LB1', 'curl -s http://172.16.253.130:8080', ['data'])
    const asked = run.records.filter((one) => one.kind === 'request' && one.role === 'server')
    const about = asked.map((one) => [run.traffic[one.i], (one as { check?: true }).check ?? false])
    expect(about.at(-1)).toEqual(['data', false])
    expect(about.filter(([, check]) => check).map(([traffic]) => traffic)).toContain('check')
    expect(about.every(([traffic, check]) => (traffic === 'check') === check)).toBe(true)
  })

  it('is adverts where VRRP runs; what they lead to is never quiet', async () => {
    const run = await idleRun('vrrp', 'client', 'true', ['data'])
    expect(run.traffic).toContain('vrrp')
    expect(run.traffic).not.toContain('ospf')
    const loud = run.records.filter(({ kind, i }) => kind === 'vrrp' && !isQuiet(run, i))
    expect(loud.length).toBeGreaterThan(0)
  })
})
