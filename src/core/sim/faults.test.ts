import { expect, test } from 'vitest'
import { ip, makeLan, ms, s } from '../../testing/lan.ts'
import { drawFates, NO_FAULTS, withFaults } from './faults.ts'
import { cloneWorld } from './world.ts'
import { cloneHost } from '../kernel/clone.ts'

const two = () => makeLan({ a: { eth0: '10.0.0.1/24' }, b: { eth0: '10.0.0.2/24' } })

function answers(lan: ReturnType<typeof two>): number {
  return lan.notes('icmp', 'a').filter((n) => n.type === 0 && n.why === 'in').length
}

function pings(lan: ReturnType<typeof two>, count: number): void {
  for (let i = 0; i < count; i++) {
    lan.ping('a', '10.0.0.2')
    lan.run(ms(20))
  }
}

test('loss outwards is noted at the sender, inwards at the receiver; the rate comes out', () => {
  const lan = two()
  pings(lan, 1)
  lan.runner.fault('a', 'eth0', 'out', { ...NO_FAULTS, lossPercent: 30 })
  pings(lan, 1000)
  const lost = lan.notes('flight', 'a').filter((n) => n.lost === 'LOST_ON_LINK').length
  expect(lost).toBeGreaterThan(240)
  expect(lost).toBeLessThan(360)
  lan.runner.fault('a', 'eth0', 'out', NO_FAULTS)
  expect(lan.world.faults).toBeNull()
  lan.runner.fault('b', 'eth0', 'in', { ...NO_FAULTS, lossPercent: 100 })
  const before = answers(lan)
  pings(lan, 3)
  expect(answers(lan)).toBe(before)
  expect(lan.notes('drop', 'b').at(-1)).toMatchObject({ why: 'LOST_ON_LINK', detail: 'loss' })
})

test('duplicates come twice, corrupted packets are found by a checksum, delay delays', () => {
  const lan = two()
  pings(lan, 1)
  const base = answers(lan)
  lan.runner.fault('a', 'eth0', 'in', { ...NO_FAULTS, duplicatePercent: 100 })
  pings(lan, 5)
  expect(answers(lan)).toBe(base + 10)
  lan.runner.fault('a', 'eth0', 'in', { ...NO_FAULTS, corruptPercent: 100 })
  pings(lan, 20)
  expect(answers(lan)).toBeLessThan(base + 12)
  const reasons = new Set(lan.notes('drop', 'a').map((n) => n.why))
  expect(reasons.has('ICMP_CSUM')).toBe(true)
  lan.runner.fault('a', 'eth0', 'in', { ...NO_FAULTS, delayNs: ms(5) })
  lan.ping('a', '10.0.0.2')
  const now = answers(lan)
  lan.run(ms(4))
  expect(answers(lan)).toBe(now)
  lan.run(ms(2))
  expect(answers(lan)).toBe(now + 1)
})

test('the same seed gives the same fates, and a clone goes on with its own generator', () => {
  const table = withFaults(null, { id: 'h', bootSeed: 5 }, 'eth0', 'in', { ...NO_FAULTS, lossPercent: 50 })
  const again = withFaults(null, { id: 'h', bootSeed: 5 }, 'eth0', 'in', { ...NO_FAULTS, lossPercent: 50 })
  const draw = (t: typeof table) =>
    Array.from({ length: 50 }, () => drawFates(Object.values(t ?? {})[0] as never, new Uint8Array(60)).length)
  expect(draw(table)).toEqual(draw(again))
  const lan = two()
  lan.runner.fault('a', 'eth0', 'out', { ...NO_FAULTS, lossPercent: 50 })
  const copy = cloneWorld(lan.world, (host) => cloneHost(host, (proc) => proc))
  const [mine, its] = [draw(lan.world.faults), draw(copy.faults)]
  expect(its).toEqual(mine)
})

test('a frozen host answers nothing until it thaws, then everything at once', () => {
  const lan = two()
  pings(lan, 1)
  lan.runner.power('b', 'frozen')
  pings(lan, 3)
  expect(answers(lan)).toBe(1)
  lan.runner.power('b', 'thawed')
  lan.run(ms(5))
  expect(answers(lan)).toBe(4)
  // Timers that were due go off too: nothing is left parked.
  expect(lan.world.halted).toBeNull()
})

test('a host without power gets no frames; switched on it is fresh, with its files and hardware', () => {
  const lan = two()
  pings(lan, 1)
  lan.op('b', { op: 'file.write', path: '/etc/x', text: 'y' })
  lan.runner.power('b', 'off')
  pings(lan, 1)
  lan.run(s(5))
  expect(answers(lan)).toBe(1)
  lan.runner.power('b', 'on')
  const b = lan.host('b')
  expect(b.devs['eth0']?.addrs).toEqual([])
  expect(b.files['/etc/x']).toBe('y')
  expect(b.neigh).toEqual({})
  lan.op('b', {
    op: 'addr.add',
    dev: 'eth0',
    ip: ip('10.0.0.2'),
    prefix: 24,
    label: 'eth0',
    broadcast: ip('10.0.0.255'),
  })
  pings(lan, 1)
  expect(answers(lan)).toBe(2)
})
