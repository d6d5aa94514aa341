import { describe, expect, test } from 'vitest'
import { makeRng, nextBelow } from '../core/base/prng.ts'
import { MS, SEC } from '../core/base/ids.ts'
import { course } from '../core/lab/labs/course.ts'
import { finish, runLine } from '../core/lab/line.ts'
import { startLab } from '../core/lab/load.ts'
import { fingerprint } from '../core/sim/fingerprint.ts'
import { machine } from '../core/sim/machine.ts'
import { createRunner } from '../core/sim/runner.ts'
import type { Timeline, TimelineOptions } from '../core/sim/timeline.ts'
import { canonicalWorld, cloneWorld, type World } from '../core/sim/world.ts'
import { loadShell } from '../core/shell/module.ts'

await loadShell()

/** The real kernel and programs under time travel: what a clone forgets or shares shows here. */

const VIP = 'http://172.16.253.100:8080'

/** A run in which all sorts of things are pending at all sorts of times. */
function play(
  options: TimelineOptions = {},
  seed = course.seed,
  watch: (world: World) => void = () => undefined,
): Timeline {
  const { timeline, boot } = startLab({ ...course, seed }, options)
  const type = (host: string, line: string): void => {
    finish(timeline, runLine(timeline, host, line))
    watch(timeline.world)
  }
  finish(timeline, boot)
  type('router', `curl -s ${VIP}`)
  type('router', 'sysctl -w net.ipv4.fib_multipath_hash_policy=1')
  for (let i = 0; i < 4; i++) type('router', `curl -s ${VIP}`)
  timeline.spawn('router', ['curl', '-s', '--max-time', '3', VIP])
  timeline.run({ at: timeline.now + MS / 5 })
  timeline.cable('server2', 'ens33', false)
  timeline.spawn('router', ['ping', '-c', '3', '172.16.253.134'])
  timeline.spawn('LB1', ['curl', '-s', '-m', '2', 'http://172.16.253.134:8080'])
  timeline.run({ at: timeline.now + 2 * SEC })
  timeline.cable('server2', 'ens33', true)
  timeline.spawn('router', ['curl', '-s', '--max-time', '3', VIP])
  timeline.run({ at: timeline.now + 40 * SEC })
  type('LB2', 'ip link set ens33 down')
  type('router', `curl -s -m 4 ${VIP}`)
  timeline.run({ at: timeline.now + 130 * SEC })
  return timeline
}

/** As data that can be compared and kept. */
function snapshot(world: World): string {
  return JSON.stringify(canonicalWorld(world))
}

describe('the course lab', () => {
  test('gives the same run for the same seed, and another for another seed', () => {
    const [a, b, c] = [play(), play(), play({}, 7)].map(({ trace }) => fingerprint(trace, 'tfnp'))
    expect(a).toBe(b)
    expect(a).not.toBe(c)
  })

  test('any state found by seeking is the state the run went through', () => {
    const live = new Map<number, string>()
    const timeline = play({ checkpointEvery: 50 }, course.seed, (world) =>
      live.set(world.events, snapshot(world)),
    )
    expect(live.size).toBeGreaterThan(6)
    for (const [event, world] of [...live].reverse()) expect(snapshot(timeline.worldAt(event))).toBe(world)
  })

  test('seeking finds the same state from any checkpoint', () => {
    const timeline = play({ checkpointEvery: 50 })
    const straight = play({ checkpointEvery: Infinity })
    const rng = makeRng(1, 'replay')
    const picks = Array.from({ length: 60 }, () => nextBelow(rng, timeline.events)).sort((a, b) => a - b)
    const seen = new Map(picks.map((event) => [event, snapshot(straight.worldAt(event))]))
    for (const event of picks.reverse()) expect(snapshot(timeline.worldAt(event))).toBe(seen.get(event))
  })

  test('a clone and its original do not touch each other', () => {
    const timeline = play()
    const rng = makeRng(2, 'replay')
    for (let i = 0; i < 12; i++) {
      const original = cloneWorld(timeline.worldAt(nextBelow(rng, timeline.events)), machine.cloneHost)
      const before = snapshot(original)
      const clone = cloneWorld(original, machine.cloneHost)
      expect(snapshot(clone)).toBe(before)
      advance(clone)
      expect(snapshot(original)).toBe(before)
      advance(original)
      expect(snapshot(original)).toBe(snapshot(clone))
    }
  })

  test('going back and doing the same again gives the same run', () => {
    const timeline = play()
    const { inputs, events } = timeline
    const before = fingerprint(timeline.trace, 'tfnp')
    timeline.fork(Math.floor(events / 2))
    for (const logged of inputs.filter(({ event }) => event >= timeline.events)) {
      timeline.run({ events: logged.event })
      if (timeline.now < logged.at) timeline.run({ at: logged.at })
      timeline.apply(logged.input)
    }
    timeline.run({ events })
    expect(fingerprint(timeline.trace, 'tfnp')).toBe(before)
  })
})

function advance(world: World): void {
  const runner = createRunner(world, machine, null)
  for (let i = 0; i < 300 && runner.step(); i++);
}
