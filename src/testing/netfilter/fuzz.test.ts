import { expect, test } from 'vitest'
import { must } from '../../core/base/assert.ts'
import { type Bytes, write16 } from '../../core/base/bytes.ts'
import { makeRng, nextBelow } from '../../core/base/prng.ts'
import { checksum16 } from '../../core/base/checksum.ts'
import { cloneHost } from '../../core/kernel/clone.ts'
import { receiveFrame } from '../../core/kernel/kernel.ts'
import { L2 } from '../../core/kernel/skb.ts'
import { ms } from '../lan.ts'
import { makeFirewallLan } from './firewall-lan.ts'
import { makePacket } from './packets.ts'

const FRAMES = 20_000

/** A router with every table in use. */
function guarded() {
  const lan = makeFirewallLan()
  lan.set(
    'router',
    'iptables -t raw -A PREROUTING -p udp --dport 7 -j NOTRACK',
    'iptables -t mangle -A PREROUTING -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 500',
    'iptables -t mangle -A PREROUTING -m mark --mark 0 -j MARK --set-mark 3',
    'iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.0.1.10:8080',
    'iptables -t nat -A PREROUTING -p udp --dport 53 -j REDIRECT --to-ports 5353',
    'iptables -t nat -A POSTROUTING -o eth1 -j MASQUERADE --random',
    'iptables -A FORWARD -j LOG --log-tcp-options --log-tcp-sequence',
    'iptables -A FORWARD -m state --state INVALID -j REJECT --reject-with icmp-admin-prohibited',
    'iptables -A FORWARD -p tcp --sport 1:20000 -j REJECT --reject-with tcp-reset',
    'iptables -A INPUT -m conntrack ! --ctstate ESTABLISHED,RELATED,DNAT -p icmp -j ACCEPT',
    'iptables -A INPUT -p tcp -m multiport --ports 1:1000 -j REJECT',
  )
  return lan
}

test('no frame makes the tables throw, whatever is in it', () => {
  const lan = guarded()
  const rng = makeRng(11, 'frames')
  const below = (n: number): number => nextBelow(rng, n)
  const protos = ['tcp', 'udp', 'icmp', 'ipip'] as const
  const frame = (): Bytes => {
    const skb = makePacket({
      proto: must(protos[below(4)], 'proto'),
      src: `10.0.0.${below(256)}`,
      dst: below(4) === 0 ? '10.0.0.1' : `10.0.1.${9 + below(3)}`,
      sport: below(65_536),
      dport: must([80, 53, 7, 8080, below(65_536)][below(5)], 'port'),
      flags: below(256),
      type: below(20),
      code: below(16),
      id: below(9),
      payload: below(80),
      mss: 1460,
    })
    let data: Bytes = skb.data
    for (let n = below(4); n > 0; n--) data[L2 + below(data.length - L2)] = below(256)
    if (below(6) === 0) data = data.slice(0, L2 + 20 + below(data.length - L2 - 20))
    if (below(8) === 0) write16(data, L2 + 6, below(0x4000))
    // Most keep a right IP checksum and length, so that they get as far as the tables.
    if (below(10) > 0) {
      data[L2] = 0x45
      write16(data, L2 + 2, data.length - L2)
      write16(data, L2 + 10, 0)
      write16(data, L2 + 10, checksum16(data, L2, L2 + 20))
    }
    data.set([0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 8, 0])
    return data
  }
  for (let i = 0; i < FRAMES; i++) {
    const bytes = frame()
    lan.act('router', (host, ctx) => receiveFrame(host, 'eth0', { id: 0, bytes }, ctx))
    if (i % 50 === 0) lan.run(ms(1))
  }
  const { ct, drops } = lan.host('router')
  expect(Object.keys(ct.entries).length).toBe(ct.count)
  expect(Object.keys(ct.replies).length).toBe(ct.count)
  expect(ct.count).toBeGreaterThan(100)
  expect(drops['NETFILTER_DROP']).toBeGreaterThan(100)
})

test('a copy of a host shares no rule, counter or connection with it', () => {
  const lan = guarded()
  lan.listen('server', 8080)
  lan.connect('client', '10.0.1.10', 8080, 40_000)
  const copy = cloneHost(lan.host('router'), (proc) => proc)
  const before = JSON.stringify([copy.nf, copy.ct])
  lan.set('router', 'iptables -I FORWARD -p udp -j DROP', 'iptables -t nat -Z', 'iptables -N new')
  lan.connect('client', '10.0.1.10', 8080, 40_001)
  expect(JSON.stringify([copy.nf, copy.ct])).toBe(before)
  const bare = cloneHost(makeFirewallLan().host('client'), (proc) => proc)
  const host = lan.host('client')
  const bareCopy = cloneHost(host, (proc) => proc)
  lan.set('client', 'iptables -A INPUT -p tcp')
  expect(bareCopy.nf).toEqual(bare.nf)
})

test('fragments are put together before they are tracked', () => {
  const lan = guarded()
  const { data } = makePacket({ proto: 'udp', dport: 99, payload: 64 })
  const piece = (from: number, to: number, more: boolean): Bytes => {
    const out = new Uint8Array(L2 + 20 + to - from)
    out.set(data.subarray(0, L2 + 20))
    out.set(data.subarray(L2 + 20 + from, L2 + 20 + to), L2 + 20)
    write16(out, L2 + 2, out.length - L2)
    write16(out, L2 + 6, (more ? 0x2000 : 0) | (from / 8))
    write16(out, L2 + 10, 0)
    write16(out, L2 + 10, checksum16(out, L2, L2 + 20))
    out.set([0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 8, 0])
    return out
  }
  for (const bytes of [piece(0, 40, true), piece(40, 72, false)]) {
    lan.act('router', (host, ctx) => receiveFrame(host, 'eth0', { id: 0, bytes }, ctx))
  }
  lan.run(ms(5))
  expect(lan.notes('conntrack', 'router').map((n) => [n.info, n.dport])).toContainEqual(['NEW', 99])
  expect(lan.sent('router', 'eth1')[0]?.length).toBe(data.length)
})
