import { expect, test } from 'vitest'
import { OspfNet } from '../../../../testing/ospf-net.ts'
import { write16 } from '../../../base/bytes.ts'
import { checksum16 } from '../../../base/checksum.ts'
import { formatIp4 } from '../../../base/ids.ts'
import { makeRng, nextBelow } from '../../../base/prng.ts'
import { emitIpv4 } from '../../../wire/ipv4.ts'
import { parseOspfLine } from './command.ts'

const FRAMES = 100_000

/** Two neighbours that are Full, with their own packets as the raw material of broken ones. */
function makePair(): OspfNet {
  const net = new OspfNet()
  for (const id of [1, 2]) {
    net.add(`r${id}`, { eth0: `10.0.0.${id}/24 on lan`, lo: `192.0.2.${id}/32 on -` })
    const router = `router ospf\n ospf router-id 1.1.1.${id}\n network 0.0.0.0/0 area 0`
    net.configure(`r${id}`, `interface eth0\n ip ospf hello-interval 1\n ip ospf dead-interval 4\n${router}`)
  }
  net.runSeconds(20)
  return net
}

test('100 000 packets, each wrong in some way and most with a good checksum, harm nothing', () => {
  const net = makePair()
  const rng = makeRng(99, 'fuzz')
  const material = net.sent.filter((sent) => sent.from === 'r2').map((sent) => sent.bytes)
  const why = new Map<string, number>()
  net.keepPackets = false
  for (let i = 0; i < FRAMES; i++) {
    const from = material[nextBelow(rng, material.length)] ?? new Uint8Array(0)
    const length = nextBelow(rng, 10) === 0 ? nextBelow(rng, from.length + 1) : from.length
    const ospf = from.slice(0, length)
    for (let hit = nextBelow(rng, 4); hit > 0; hit--) {
      ospf[nextBelow(rng, Math.max(1, ospf.length))] = nextBelow(rng, 256)
    }
    // lying counts and lengths: of LSAs in an update, of links in a router LSA, of an LSA
    if (ospf[1] === 4 && ospf.length >= 48 && nextBelow(rng, 4) === 0) {
      const at = [26, 24, 46, 44][nextBelow(rng, 4)] ?? 26
      write16(ospf, at, [0, 1, 0xff, 0xffff][nextBelow(rng, 4)] ?? 0)
    }
    if (nextBelow(rng, 10) > 0 && ospf.length >= 24) {
      if (nextBelow(rng, 2) === 0) write16(ospf, 2, ospf.length)
      write16(ospf, 12, 0)
      write16(ospf, 12, checksum16(ospf, 0, ospf.length))
    }
    const packet = new Uint8Array(20 + ospf.length)
    packet.set(ospf, 20)
    const dst = nextBelow(rng, 2) === 0 ? 0xe0000005 : 0x0a000001
    const header = { src: 0x0a000002, dst, proto: 89, ttl: 1, tos: 0xc0, id: i, totalLength: packet.length }
    emitIpv4(header as Parameters<typeof emitIpv4>[0], packet, 0)
    net.step('r1', { kind: 'packet', dev: 'eth0', bytes: packet })
    if (i % 50 === 0) net.runSeconds(0.1)
  }
  for (const note of net.get('r1').notes) {
    if (note.kind === 'ospf.refused') why.set(note.why, (why.get(note.why) ?? 0) + 1)
  }
  for (const reason of [
    'short',
    'version',
    'length',
    'type',
    'body',
    'lsa',
    'auth',
    'checksum',
    'area',
    'options',
  ]) {
    expect(why.get(reason) ?? 0, reason).toBeGreaterThan(50)
  }
  const { o } = net.get('r1')
  expect(o.oifs.length).toBe(2)
  expect(o.areas.flatMap((area) => area.lsdb).length).toBeLessThan(2000)
  // Once it is over, the two find together again.
  net.runSeconds(60)
  expect(o.oifs[0]?.nbrs.map((nbr) => `${formatIp4(nbr.src)} ${nbr.state}`)).toContain('10.0.0.2 Full')
})

test('no line of configuration throws; what is not understood is said to be unknown', () => {
  const rng = makeRng(5, 'lines')
  const words =
    'no ip ospf cost hello-interval 1 0 70000 area 0.0.0.0 10.0.0.0/8 network router router-id redistribute static metric timers throttle spf passive-interface default x'.split(
      ' ',
    )
  const net = makePair()
  let taken = 0
  for (let i = 0; i < 20_000; i++) {
    const line = Array.from(
      { length: 1 + nextBelow(rng, 6) },
      () => words[nextBelow(rng, words.length)] ?? '',
    )
    const node = ['', 'router ospf', 'interface eth0'][nextBelow(rng, 3)] ?? ''
    const parsed = parseOspfLine(node, line.join(' '))
    if (parsed.ok) {
      taken += 1
      net.step('r1', { kind: 'config', command: parsed.value })
    } else {
      expect(['Unknown command', 'Not modelled'].map((what) => `% ${what}: ${line.join(' ')}`)).toContain(
        parsed.error,
      )
    }
  }
  expect(taken).toBeGreaterThan(50)
})

test('a line that FRR would take is not called unknown', () => {
  for (const line of [
    'area 1 stub',
    'default-information originate always',
    'timers throttle lsa all 1000',
  ]) {
    expect(parseOspfLine('router ospf', line)).toEqual({ ok: false, error: `% Not modelled: ${line}` })
  }
  expect(parseOspfLine('router ospf', 'nonsense 1').ok).toBe(false)
})
