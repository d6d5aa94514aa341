import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ip, makeLan, ms, s } from '../../../testing/lan.ts'
import type { Bytes } from '../../base/bytes.ts'
import { emitIpv4, readIpv4 } from '../../wire/ipv4.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { L2, newSkb, type Skb } from '../skb.ts'
import { fragment } from './fragment.ts'
import { reassemble } from './reassemble.ts'

const net = () => makeLan({ a: { eth0: '10.0.0.1/24' }, b: { eth0: '10.0.0.2/24' } })

function packet(length: number, id = 9): Skb {
  const skb = newSkb(20 + length)
  for (let i = 0; i < length; i++) skb.data[L2 + 20 + i] = i % 251
  const head = { totalLength: 20 + length, id, ttl: 64, proto: 17, src: ip('10.0.0.1'), dst: ip('10.0.0.2') }
  emitIpv4(head, skb.data, L2)
  return skb
}

/** Run something with the host and context of `b`. */
function inside<T>(lan: ReturnType<typeof net>, what: (host: Host, ctx: Ctx) => T): T {
  let out: T | undefined
  lan.act('b', (host, ctx) => {
    out = what(host, ctx)
  })
  return out as T
}

test('any packet cut for any MTU and brought in any order is whole again', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4000 }),
      fc.integer({ min: 68, max: 1500 }),
      fc.integer(),
      (length, mtu, mix) => {
        const lan = net()
        const whole = packet(length)
        inside(lan, (host, ctx) => {
          const pieces: Skb[] = []
          fragment(host, { ...whole }, mtu, ctx, (piece) => pieces.push(piece))
          for (const piece of pieces) expect(piece.data.length).toBeLessThanOrEqual(L2 + mtu)
          const order = pieces
            .map((piece, i) => ({ piece, key: Math.imul(i + 1, mix | 1) }))
            .sort((x, y) => x.key - y.key)
          const done = order.map(({ piece }) => reassemble(host, piece, ctx))
          expect(done.filter(Boolean)).toHaveLength(1)
          expect(done.at(-1)).toBe(true)
          expect(order.at(-1)?.piece.data.slice(L2)).toEqual(whole.data.slice(L2))
          expect(host.frags).toEqual([])
        })
      },
    ),
    { numRuns: 60 },
  )
})

function piece(from: number, bytes: Bytes, mf: boolean): Skb {
  const skb = newSkb(20 + bytes.length)
  skb.data.set(bytes, L2 + 20)
  const head = {
    totalLength: 20 + bytes.length,
    id: 4,
    ttl: 9,
    proto: 17,
    src: ip('10.0.0.1'),
    dst: ip('10.0.0.2'),
  }
  emitIpv4({ ...head, fragOffset: from, mf }, skb.data, L2)
  return { ...skb, dev: 'eth0', pkt: 'host' }
}

test('a repeated fragment is dropped alone, an overlap or a contradiction ends the datagram', () => {
  const lan = net()
  const why = () => lan.notes('drop', 'b').at(-1)?.why
  inside(lan, (host, ctx) => {
    expect(reassemble(host, piece(0, new Uint8Array(64), true), ctx)).toBe(false)
    expect(reassemble(host, piece(8, new Uint8Array(16), true), ctx)).toBe(false)
    expect(why()).toBe('DUP_FRAG')
    expect(host.frags).toHaveLength(1)
    expect(reassemble(host, piece(32, new Uint8Array(64), true), ctx)).toBe(false)
    expect(host.frags).toHaveLength(0)
    reassemble(host, piece(64, new Uint8Array(8), false), ctx)
    reassemble(host, piece(128, new Uint8Array(8), true), ctx)
    expect(why()).toBe('IP_INHDR')
    expect(host.frags).toHaveLength(0)
  })
})

test('after 30 seconds what is there is dropped, and the sender told if the first fragment came', () => {
  const lan = net()
  inside(lan, (host, ctx) => reassemble(host, piece(0, new Uint8Array(64), true), ctx))
  lan.run(s(29))
  expect(lan.notes('drop', 'b')).toHaveLength(0)
  lan.run(s(2))
  expect(lan.notes('drop', 'b').map((n) => n.why)).toEqual(['FRAG_REASM_TIMEOUT'])
  expect(lan.notes('icmp', 'b').at(-1)).toMatchObject({ type: 11, code: 1, to: ip('10.0.0.1') })
})

test('a router with a smaller MTU ahead cuts packets without DF', () => {
  const lan = makeLan({
    a: { eth0: '10.0.0.1/24' },
    r: { eth0: '10.0.0.254/24', eth1: '10.1.0.254/24 on back' },
    b: { eth0: '10.1.0.1/24 on back' },
  })
  const none = ip('0.0.0.0')
  for (const [id, via] of [
    ['a', '10.0.0.254'],
    ['b', '10.1.0.254'],
  ] as const) {
    lan.op(id, {
      ...{ op: 'route.add', dst: none, prefix: 0, type: 'unicast', proto: 'boot', metric: 0, prefsrc: none },
      nexthops: [{ gateway: ip(via), dev: 'eth0', weight: 1 }],
    })
  }
  lan.sysctl('r', 'ip_forward', 1)
  lan.op('r', { op: 'link.set', dev: 'eth1', mtu: 600 })
  lan.op('b', { op: 'link.set', dev: 'eth0', mtu: 600 })
  lan.ping('a', '10.1.0.1', { size: 3000 })
  lan.run(ms(100))
  // Cut by the sender for 1500, and again on the way; answered in pieces that fit.
  expect(lan.notes('ip.fragment', 'a')).toHaveLength(1)
  expect(lan.notes('ip.fragment', 'r').length).toBeGreaterThan(1)
  expect(lan.notes('ip.reassembled', 'a')).toHaveLength(1)
  const seen = lan.notes('rx', 'b').map((n) => lan.trace.frames.find((f) => f.id === n.frame)?.bytes)
  const lengths = seen.flatMap((b) => (b && b[12] === 8 && b[13] === 0 ? [readIpv4(b, 14).totalLength] : []))
  expect(Math.max(...lengths)).toBeLessThanOrEqual(600)
  expect(lan.notes('icmp', 'a').at(-1)).toMatchObject({ type: 0, why: 'in' })
})
