import { expect, test } from 'vitest'
import { ip, makeLan, ms, s } from '../../../testing/lan.ts'
import { findNeigh, neighUpdate } from './neigh.ts'

const two = () => makeLan({ a: { eth0: '10.0.0.1/24' }, b: { eth0: '10.0.0.2/24' } })
type Lan = ReturnType<typeof two>
const states = (lan: Lan, host = 'a') => lan.notes('neigh', host).map((n) => n.to)
const entry = (lan: Lan, of = '10.0.0.2') => findNeigh(lan.host('a'), 'eth0', ip(of))

test('first packet: asked, waits, is sent when the answer comes', () => {
  const lan = two()
  lan.ping('a', '10.0.0.2')
  expect(entry(lan)?.queue.length).toBe(1)
  lan.run(ms(10))
  expect(states(lan)).toEqual(['INCOMPLETE', 'REACHABLE'])
  expect(lan.notes('neigh.resolved', 'a').length).toBe(1)
  expect(entry(lan)?.queue).toEqual([])
  // The one who was asked knows the asker, but not whether it can be reached; its reply puts that to the test.
  expect(states(lan, 'b')).toEqual(['STALE', 'DELAY'])
})

test('nobody answers: three requests a second apart, in the coarse ticks of the timer wheel, then FAILED, and the packet is lost with the reason', () => {
  const lan = two()
  lan.ping('a', '10.0.0.9')
  lan.run(s(5))
  const asked = lan.notes('arp.request', 'a').map((n) => n.at)
  expect(asked).toEqual([0, s(1.024), s(2.048)])
  expect(states(lan)).toEqual(['INCOMPLETE', 'FAILED'])
  expect(lan.host('a').drops).toMatchObject({ NEIGH_FAILED: 1 })
  // The sender is told by an ICMP host unreachable of its own kernel.
  expect(lan.notes('icmp', 'a')[0]).toMatchObject({ type: 3, code: 1 })
})

test('a confirmed entry ages: REACHABLE to STALE without a packet on the wire', () => {
  const lan = two()
  lan.ping('a', '10.0.0.2')
  lan.run(s(61))
  expect(entry(lan)?.state).toBe('STALE')
  const at = lan.notes('neigh', 'a').find((n) => n.to === 'STALE')?.at ?? 0
  expect(at).toBeGreaterThanOrEqual(s(15))
  expect(at).toBeLessThanOrEqual(s(45.1))
})

test('a stale entry is used at once and probed by unicast five seconds later', () => {
  const lan = two()
  lan.ping('a', '10.0.0.2')
  lan.run(s(61))
  const before = lan.notes('arp.request', 'a').length
  lan.ping('a', '10.0.0.2')
  lan.run(s(7))
  const asked = lan.notes('arp.request', 'a').slice(before)
  expect(asked.map((n) => [n.unicast, n.at])).toEqual([[true, s(66.048)]])
  expect(entry(lan)?.state).toBe('REACHABLE')
})

test('of two answers the first counts for a second; then another may replace it', () => {
  const lan = two()
  lan.ping('a', '10.0.0.2')
  lan.run(ms(10))
  const first = entry(lan)?.mac
  const say = (mac: number) =>
    lan.act('a', (host, ctx) => {
      const neigh = findNeigh(host, 'eth0', ip('10.0.0.2'))
      if (neigh)
        neighUpdate(
          host,
          neigh,
          mac as NonNullable<typeof first>,
          'REACHABLE',
          ctx.now > neigh.updatedNs + s(1),
          'arp.reply',
          ctx,
        )
    })
  say(0x77)
  expect(entry(lan)?.mac).toBe(first)
  lan.run(s(1.1))
  say(0x77)
  expect(entry(lan)?.mac).toBe(0x77)
})

test('a permanent entry is not learnt over, and flushing leaves it', () => {
  const lan = two()
  lan.op('a', { op: 'neigh.set', dev: 'eth0', ip: ip('10.0.0.2'), mac: 0x42 as never, state: 'PERMANENT' })
  lan.ping('b', '10.0.0.1')
  lan.run(ms(10))
  expect(entry(lan)).toMatchObject({ mac: 0x42, state: 'PERMANENT' })
  lan.op('a', { op: 'neigh.flush' })
  expect(entry(lan)?.state).toBe('PERMANENT')
})

test('at most unres_qlen packets wait; the oldest is lost', () => {
  const lan = two()
  for (let i = 0; i < 103; i++) lan.ping('a', '10.0.0.9')
  expect(entry(lan, '10.0.0.9')?.queue.length).toBe(101)
  expect(lan.host('a').drops).toMatchObject({ NEIGH_QUEUEFULL: 2 })
})
