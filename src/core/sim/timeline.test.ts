import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fakeKernel, fakeWorld } from '../../testing/fake-kernel.ts'
import { MS, SEC } from '../base/ids.ts'
import { fingerprint } from './fingerprint.ts'
import { Timeline, type TimelineOptions } from './timeline.ts'
import { canonicalWorld, type World } from './world.ts'

const ALL = 'tfnp'

function begin(
  seed: number,
  options: TimelineOptions = { checkpointEvery: 20, checkpointLimit: 6 },
): Timeline {
  return new Timeline(fakeWorld(seed), fakeKernel, options)
}

/** A run with inputs of all kinds in its middle. */
function play(timeline: Timeline): void {
  timeline.spawn('h1', ['echo', '20'])
  timeline.run({ at: 3 * MS })
  timeline.op('h2', { op: 'link.set', dev: 'eth0', up: false })
  timeline.run({ events: timeline.events + 40 })
  timeline.cable('h3', 'eth0', false)
  timeline.op('h2', { op: 'link.set', dev: 'eth0', up: true })
  const pid = timeline.spawn('h2', ['echo', '50'])
  timeline.run({ at: 10 * MS })
  if (pid.ok) timeline.signal('h2', pid.value, 'TERM')
  timeline.cable('h3', 'eth0', true)
  timeline.command('h2', 'echo 50', 'done\n', 143)
  timeline.run({ events: timeline.events + 150 })
}

function snapshot(world: World): unknown {
  return JSON.parse(JSON.stringify(canonicalWorld(world)))
}

describe('determinism', () => {
  test('the same inputs and seed give the same run, another seed another one', () => {
    const prints = [1, 1, 2].map((seed) => {
      const timeline = begin(seed)
      play(timeline)
      return fingerprint(timeline.trace, ALL)
    })
    expect(prints[0]).toBe(prints[1])
    expect(prints[0]).not.toBe(prints[2])
  })

  test('every state found by seeking is the state the run went through', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(10_000), { maxLength: 8 }), (seed, picks) => {
        const timeline = begin(seed)
        play(timeline)
        for (const pick of picks) {
          const event = pick % (timeline.events + 1)
          const straight = begin(seed, { checkpointEvery: 1_000_000 })
          play(straight)
          expect(snapshot(timeline.worldAt(event))).toEqual(snapshot(straight.worldAt(event)))
        }
      }),
      { numRuns: 20 },
    )
  })

  test('going back and running on with the same inputs gives the same run again', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(10_000), (seed, pick) => {
        const timeline = begin(seed)
        play(timeline)
        const event = pick % timeline.events
        const { inputs, events } = timeline
        const before = fingerprint(timeline.trace, ALL)
        const world = snapshot(timeline.world)
        timeline.fork(event)
        expect(timeline.trace.records.every((record) => record.event <= event)).toBe(true)
        for (const logged of inputs.filter((one) => one.event >= event)) {
          timeline.run({ events: logged.event })
          if (timeline.now < logged.at) timeline.run({ at: logged.at })
          timeline.apply(logged.input)
        }
        timeline.run({ events })
        expect(fingerprint(timeline.trace, ALL)).toBe(before)
        expect(snapshot(timeline.world)).toEqual(world)
      }),
      { numRuns: 30 },
    )
  })

  test('slices change nothing', () => {
    const whole = begin(3)
    whole.spawn('h1', ['echo', '20'])
    whole.run({ events: 300 })
    const sliced = begin(3)
    sliced.spawn('h1', ['echo', '20'])
    const run = sliced.startRun({ events: 300 })
    let slices = 1
    while (run.advance(7) === 'slice') slices++
    expect(slices).toBeGreaterThan(30)
    expect(fingerprint(sliced.trace, ALL)).toBe(fingerprint(whole.trace, ALL))
  })
})

describe('branches', () => {
  test('a fork leaves the old branch as it was, and checkout returns to it', () => {
    const timeline = begin(4)
    play(timeline)
    const before = { print: fingerprint(timeline.trace, ALL), events: timeline.events }
    const branch = timeline.fork(60)
    expect(branch).toBe(1)
    expect(timeline.events).toBe(60)
    timeline.cable('h1', 'eth0', false)
    timeline.run({ at: timeline.now + SEC })
    expect(fingerprint(timeline.trace, ALL)).not.toBe(before.print)
    expect(timeline.branchList()).toEqual([
      { id: 0, parent: 0, forkEvent: 0 },
      { id: 1, parent: 0, forkEvent: 60 },
    ])
    expect(timeline.checkout(0)).toBe(true)
    expect({ print: fingerprint(timeline.trace, ALL), events: timeline.events }).toEqual(before)
    expect(timeline.checkout(9)).toBe(false)
  })
})

describe('when a run stops', () => {
  test('at a time: the clock stands there, whether or not something happened', () => {
    const timeline = begin(1)
    expect(timeline.run({ at: SEC })).toBe('reached')
    expect([timeline.now, timeline.events]).toEqual([SEC, 0])
  })

  test('when a process has started, when it has ended, when all is quiet', () => {
    const timeline = begin(1)
    const pid = timeline.spawn('h1', ['quiet', '5'])
    if (!pid.ok) throw new Error(pid.error)
    const proc = { host: 'h1', pid: pid.value }
    expect(timeline.run({ started: proc })).toBe('reached')
    expect(timeline.trace.records.map(({ kind }) => kind)).toEqual(['proc.start', 'stdout'])
    expect(timeline.run({ exit: proc })).toBe('reached')
    expect(timeline.trace.records.at(-1)).toMatchObject({ kind: 'proc.exit', pid: pid.value })
    timeline.op('h1', { op: 'ipvs.clear' })
    expect(timeline.run({ idle: true })).toBe('reached')
    expect(timeline.world.pending.frames).toEqual([])
    expect(timeline.run({ idle: true })).toBe('reached')
  })

  test('at a note', () => {
    const timeline = begin(1)
    timeline.spawn('h1', ['echo', '5'])
    expect(timeline.run({ cue: { on: 'rx', host: 'h2' } })).toBe('reached')
    expect(timeline.trace.records.filter(({ kind, host }) => kind === 'rx' && host === 'h2')).toHaveLength(1)
  })

  test('when nothing is left', () => {
    const timeline = begin(1)
    timeline.spawn('h1', ['quiet', '2'])
    expect(timeline.run({})).toBe('empty')
  })

  test('at a limit, with a note, and a state that can be found again', () => {
    const timeline = begin(1, { limits: { events: 50, notes: 400 } })
    timeline.spawn('h1', ['echo', '1000000'])
    expect(timeline.run({})).toBe('limit')
    expect(timeline.events).toBe(52)
    expect(timeline.trace.records.at(-1)).toMatchObject({ kind: 'limit', what: 'events', value: 50 })
    while (timeline.world.nextNote < 400) timeline.run({})
    expect(timeline.run({})).toBe('limit')
    expect(timeline.trace.records.at(-1)).toMatchObject({ kind: 'limit', what: 'notes', value: 400 })
    const end = snapshot(timeline.world)
    timeline.run({})
    expect(snapshot(timeline.worldAt(timeline.events - 1))).toEqual(end)
  })
})

test('checkpoints stay bounded and keep the beginning', () => {
  const timeline = begin(1, { checkpointEvery: 5, checkpointLimit: 8 })
  timeline.spawn('h1', ['echo', '100000'])
  timeline.run({ events: 5000 })
  expect(timeline.worldAt(0).events).toBe(0)
  expect(timeline.worldAt(4999).events).toBe(4999)
})
