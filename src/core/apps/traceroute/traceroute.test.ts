import { expect, test } from 'vitest'
import { MS, SEC } from '../../base/ids.ts'
import { makeNet, type NetSpec } from '../../../testing/net.ts'
import { must } from '../../base/assert.ts'

/** One host and one neighbour: the first hop is the destination. */
function trace(line: string, fate?: NetSpec['fate']) {
  const n = makeNet({ hosts: { a: '10.0.0.1/24', b: '10.0.0.2/24' }, ...(fate ? { fate } : {}) })
  const pid = n.start('a', line)
  n.run(60 * SEC)
  const exit = must(
    n.trace.records.find((r) => r.kind === 'proc.exit' && r.pid === pid),
    'ends',
  )
  // all but the question for the neighbour's address; later it asks for ours
  const sent = n.trace.records.filter((r) => r.kind === 'tx' && r.host === 'a' && r.at < SEC)
  const probes = sent.length - 1
  return { text: n.output(pid, 'a').replace(/\d\.\d+ ms/g, 'N ms'), probes, endNs: exit.at }
}

const HEAD = 'traceroute to 10.0.0.2 (10.0.0.2), 30 hops max, 60 byte packets\n'

test('golden B12: sixteen probes are on the way before the first answer is read', () => {
  const udp = trace('traceroute -n -q 1 10.0.0.2')
  expect(udp).toMatchObject({ text: `${HEAD} 1  10.0.0.2  N ms\n`, probes: 16 })
  expect(trace('traceroute -n -q 1 -N 4 10.0.0.2').probes).toBe(4)
  expect(trace('traceroute -n -q 3 -N 1 10.0.0.2')).toMatchObject({
    text: `${HEAD} 1  10.0.0.2  N ms  N ms  N ms\n`,
    probes: 3,
  })
})

test('other methods hear all answers on one socket, one at a time', () => {
  const icmp = trace('traceroute -n -I 10.0.0.2')
  // the first one read is from the destination: there are no more hops to try
  expect(icmp).toMatchObject({ text: `${HEAD} 1  10.0.0.2  N ms  N ms  N ms\n`, probes: 16 })
})

test('how long a missing answer is waited for follows from the others, or is -w', () => {
  let heard = 0
  const loseSecond: NetSpec['fate'] = (to) => (to === 'a' && ++heard === 3 ? 'lose' : 'pass')
  const one = trace('traceroute -n -N 1 10.0.0.2', loseSecond)
  expect(one.text).toBe(`${HEAD} 1  10.0.0.2  N ms *  N ms\n`)
  // three times (the round trip of the first and a millisecond)
  expect(one.endNs).toBeLessThan(10 * MS)
  heard = 0
  const fixed = trace('traceroute -n -N 1 -w 2 10.0.0.2', loseSecond)
  expect(fixed.text).toBe(one.text)
  expect(fixed.endNs).toBeGreaterThan(2 * SEC)
  expect(fixed.endNs).toBeLessThan(2.1 * SEC)
})
