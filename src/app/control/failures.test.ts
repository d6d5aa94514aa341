import { describe, expect, it, vi } from 'vitest'
import { labById } from '../../content/labs.ts'
import { createEngine } from '../../engine/inprocess.ts'
import { Session } from '../session/session.ts'
import { type Experiment, experimentsFor, runExperiment } from './experiment.ts'
import { failuresOf, PHASES, type Recovery, recoveryOf } from './failures.ts'

vi.hoisted(() => {
  // the player asks the window, preferences ask storage: neither is there
  vi.stubGlobal('location', { search: '' })
  vi.stubGlobal('navigator', { language: 'en' })
  vi.stubGlobal('matchMedia', () => ({ matches: true }))
  vi.stubGlobal('cancelAnimationFrame', () => undefined)
})

async function failed(lab: string, experiment: Experiment, count = 12): Promise<Recovery> {
  const session = new Session(createEngine(), labById(lab) as never)
  await session.boot()
  expect(experimentsFor(session.views.store.getState().tail)).toContainEqual(experiment)
  await runExperiment(session, experiment, count, () => undefined)
  const failures = failuresOf(session.run)
  const first = failures[0]
  if (first === undefined) throw new Error('something has failed')
  const recovery = recoveryOf(session.run, failures, first)
  session.dispose()
  return recovery
}

const secondsOf = ({ failure, phases }: Recovery): (number | undefined)[] =>
  PHASES.map((id) => {
    const at = phases[id]?.at
    return at === undefined ? undefined : Math.round((at - failure.at) / 1e8) / 10
  })

describe('what follows a failure', () => {
  it('is silence until the dead interval of 4 s when ospfd is killed; no request is lost while the kernel lives', async () => {
    const recovery = await failed('course', { kind: 'kill', host: 'LB1' }, 28)
    const [detection = 0, withdrawal, , route] = secondsOf(recovery)
    expect(recovery.failure.cause).toEqual({ kind: 'daemon', name: 'ospfd' })
    expect(detection).toBeGreaterThanOrEqual(3)
    expect(detection).toBeLessThanOrEqual(4)
    expect([withdrawal, route]).toEqual([detection, detection])
    expect(recovery.lost).toBe(0)
  })

  it('is noticed at once when frr is stopped: it takes its announcements back', async () => {
    const recovery = await failed('course', { kind: 'stop', host: 'LB1' })
    expect(secondsOf(recovery).slice(0, 4)).toEqual([0, 0, 0, 0])
    expect(recovery.lost).toBe(0)
  })

  it('costs requests until the routes change when the power fails', async () => {
    const recovery = await failed('course', { kind: 'off', host: 'LB1' }, 20)
    expect(recovery.failure.cause).toEqual({ kind: 'off' })
    expect(recovery.lost).toBeGreaterThan(0)
    const { route, good } = recovery.phases
    expect(route?.host).toBe('router')
    expect(good?.at).toBeGreaterThan(recovery.requests.find(({ ok }) => !ok)?.at ?? Infinity)
    const late = recovery.requests.filter(({ at }) => at > (route?.at ?? Infinity) + 1.2e9)
    expect(late.length).toBeGreaterThan(0)
    expect(late.every(({ ok }) => ok)).toBe(true)
  })

  it('is a new master where VRRP runs', async () => {
    const recovery = await failed('vrrp', { kind: 'off', host: 'LB1' })
    expect(recovery.phases.detection?.host).toBe('LB2')
    expect(recovery.phases.route?.host).toBe('LB2')
  })
})
