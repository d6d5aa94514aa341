import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { must } from '../../core/base/assert.ts'
import { type Bytes, read16 } from '../../core/base/bytes.ts'
import { formatIp4 } from '../../core/base/ids.ts'
import { manipPacket } from '../../core/kernel/netfilter/nat/manip.ts'
import { L2 } from '../../core/kernel/skb.ts'
import { icmpChecksumOk } from '../../core/wire/icmp.ts'
import { ipDst, ipSrc, parseIpv4 } from '../../core/wire/ipv4.ts'
import { tcpChecksumOk } from '../../core/wire/tcp.ts'
import { ip, ms } from '../lan.ts'
import { makeFirewallLan } from './firewall-lan.ts'
import { makePacket, sendFrom } from './packets.ts'

type Lan = ReturnType<typeof makeFirewallLan>

/** Ends of the IP packet in a frame, `10.0.0.10:40000 > 10.0.1.10:80`. */
function ends(frame: Bytes | undefined): string {
  if (!frame) return 'none'
  const at = L2 + 20
  return (
    `${formatIp4(ipSrc(frame, L2))}:${read16(frame, at)} > ` +
    `${formatIp4(ipDst(frame, L2))}:${read16(frame, at + 2)}`
  )
}

const first = (lan: Lan, id: string, dev: string): string => ends(lan.sent(id, dev)[0])
const list = (lan: Lan, id: string): string[] => lan.sh(id, 'conntrack -L').split('\n').slice(1, -1)

describe('source', () => {
  test('MASQUERADE: the server sees the router, the port stays, the client sees the server', () => {
    const lan = makeFirewallLan()
    lan.set('router', 'iptables -t nat -A POSTROUTING -o eth1 -j MASQUERADE')
    lan.set('server', 'ip route del default')
    lan.listen('server', 8080)
    expect(lan.connect('client', '10.0.1.10', 8080, 40_001)).toBe('ESTABLISHED')
    expect(first(lan, 'router', 'eth1')).toBe('10.0.1.1:40001 > 10.0.1.10:8080')
    expect(first(lan, 'router', 'eth0')).toBe('10.0.1.10:8080 > 10.0.0.10:40001')
    expect(list(lan, 'router')).toEqual([
      'tcp      6 431999 ESTABLISHED src=10.0.0.10 dst=10.0.1.10 sport=40001 dport=8080 ' +
        'src=10.0.1.10 dst=10.0.1.1 sport=8080 dport=40001 [ASSURED] mark=0 use=1',
    ])
    expect(lan.notes('nat', 'router')).toMatchObject([
      { manip: 'src', from: ip('10.0.0.10'), fromPort: 40_001, to: ip('10.0.1.1'), toPort: 40_001 },
    ])
    for (const frame of [...lan.sent('router', 'eth0'), ...lan.sent('router', 'eth1')]) {
      expect(parseIpv4(frame, L2).ok && tcpChecksumOk(frame, L2, L2 + 20, frame.length)).toBe(true)
    }
  })

  test('a port that is taken gives way to a free one of its class', () => {
    const lan = makeFirewallLan()
    lan.set('router', 'iptables -t nat -A POSTROUTING -o eth1 -j SNAT --to-source 10.0.1.1')
    lan.set('server', 'iptables -A INPUT -j DROP')
    sendFrom(lan, 'client', { src: '10.0.0.10', sport: 40_001 })
    sendFrom(lan, 'client', { src: '10.0.0.11', sport: 40_001 })
    const ports = new Set(lan.sent('router', 'eth1').map((frame) => read16(frame, L2 + 20)))
    expect(ports.size).toBe(2)
    expect(ports.has(40_001)).toBe(true)
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(1024)
  })

  test('SNAT takes a port out of the range it is given', () => {
    const lan = makeFirewallLan()
    lan.set('router', 'iptables -t nat -A POSTROUTING -p tcp -j SNAT --to-source 10.0.1.1:2000-2001')
    lan.listen('server', 80)
    expect(lan.connect('client', '10.0.1.10', 80, 40_001)).toBe('ESTABLISHED')
    expect(lan.connect('client', '10.0.1.10', 80, 40_002)).toBe('ESTABLISHED')
    const ports = new Set(lan.sent('router', 'eth1').map((frame) => read16(frame, L2 + 20)))
    expect([...ports].sort()).toEqual([2000, 2001])
  })

  test('rules see the first packet only', () => {
    const lan = makeFirewallLan()
    lan.set('router', 'iptables -t nat -A POSTROUTING -o eth1 -j MASQUERADE')
    lan.listen('server', 80)
    lan.connect('client', '10.0.1.10', 80, 40_001)
    expect(lan.sent('router', 'eth1').length).toBeGreaterThan(1)
    expect(lan.sh('router', 'iptables -t nat -vnL POSTROUTING').split('\n')[2]).toMatch(/^ +1 +60 MASQUERADE/)
  })
})

describe('destination', () => {
  test('DNAT: a port of the router leads to the server', () => {
    const lan = makeFirewallLan()
    lan.set(
      'router',
      'iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.0.1.10:8080',
    )
    lan.listen('server', 8080)
    expect(lan.connect('client', '10.0.0.1', 80, 40_004)).toBe('ESTABLISHED')
    expect(first(lan, 'router', 'eth1')).toBe('10.0.0.10:40004 > 10.0.1.10:8080')
    expect(first(lan, 'router', 'eth0')).toBe('10.0.0.1:80 > 10.0.0.10:40004')
  })

  test('DNAT in OUTPUT: our own packet takes another way', () => {
    const lan = makeFirewallLan()
    lan.set('client', 'iptables -t nat -A OUTPUT -d 10.0.0.77 -p tcp -j DNAT --to-destination 10.0.1.10')
    lan.listen('server', 80)
    expect(lan.connect('client', '10.0.0.77', 80, 40_005)).toBe('ESTABLISHED')
    expect(first(lan, 'client', 'eth0')).toBe('10.0.0.10:40005 > 10.0.1.10:80')
    expect(lan.notes('arp.request', 'client').map((n) => formatIp4(n.target))).toEqual(['10.0.0.1'])
  })

  test('REDIRECT: the server answers on another port of its own, also to itself', () => {
    const lan = makeFirewallLan()
    lan.set(
      'server',
      'iptables -t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 8080',
      'iptables -t nat -A OUTPUT -p tcp --dport 81 -j REDIRECT --to-ports 8080',
    )
    lan.listen('server', 8080)
    expect(lan.connect('client', '10.0.1.10', 80, 40_006)).toBe('ESTABLISHED')
    expect(first(lan, 'server', 'eth0')).toBe('10.0.1.10:80 > 10.0.0.10:40006')
    expect(lan.connect('server', '1.1.1.1', 81, 40_007)).toBe('ESTABLISHED')
  })
})

describe('ICMP', () => {
  test('echo: two clients with one identifier behind one address are told apart', () => {
    const lan = makeFirewallLan()
    lan.set('client', 'ip addr add 10.0.0.11/24 dev eth0')
    lan.set('router', 'iptables -t nat -A POSTROUTING -o eth1 -j MASQUERADE')
    lan.ping('client', '10.0.1.10')
    lan.ping('client', '10.0.1.10', { src: ip('10.0.0.11') })
    lan.run(ms(5))
    const ids = lan.sent('router', 'eth1').map((frame) => read16(frame, L2 + 24))
    expect(ids[0]).toBe(7)
    expect(new Set(ids).size).toBe(2)
    const back = lan.sent('router', 'eth0').map((f) => [formatIp4(ipDst(f, L2)), read16(f, L2 + 24)])
    expect(back).toEqual([
      ['10.0.0.10', 7],
      ['10.0.0.11', 7],
    ])
    expect(lan.sent('router', 'eth0').every((f) => icmpChecksumOk(f, L2 + 20, f.length))).toBe(true)
  })

  test('an error about a translated connection is translated outside and inside', () => {
    const lan = makeFirewallLan()
    lan.set('router', 'iptables -t nat -A POSTROUTING -o eth1 -j MASQUERADE')
    lan.set('server', 'iptables -A INPUT -p tcp -j REJECT --reject-with icmp-host-prohibited')
    expect(lan.connect('client', '10.0.1.10', 80, 40_007)).toBe('CLOSED')
    const out = must(lan.sent('server', 'eth0')[0], 'error')
    expect(formatIp4(ipSrc(out, L2 + 28))).toBe('10.0.1.1')
    const back = must(lan.sent('router', 'eth0')[0], 'error')
    expect(formatIp4(ipDst(back, L2))).toBe('10.0.0.10')
    expect(formatIp4(ipSrc(back, L2 + 28))).toBe('10.0.0.10')
    expect(icmpChecksumOk(back, L2 + 20, back.length)).toBe(true)
    expect(parseIpv4(back, L2 + 28).ok).toBe(true)
  })
})

test('there and back again: the packet is what it was, byte for byte', () => {
  const port = fc.integer({ min: 1, max: 65_535 })
  const address = fc.integer({ min: 0x01000000, max: 0xdfffffff }).map((n) => formatIp4(n as never))
  const proto = fc.constantFrom('tcp', 'udp', 'icmp', 'ipip')
  const spec = fc.record({
    src: address,
    dst: address,
    proto,
    sport: port,
    dport: port,
    id: port,
    payload: fc.integer({ min: 0, max: 99 }),
  })
  const target = fc.record({ src: address, dst: address, sport: port, dport: port })
  fc.assert(
    fc.property(spec, target, fc.constantFrom('src' as const, 'dst' as const), (made, to, manip) => {
      const { data } = makePacket(made)
      const before = data.slice()
      const echo = made.proto === 'icmp'
      const there = { proto: 0, src: ip(to.src), dst: ip(to.dst), sport: to.sport, dport: to.dport }
      const sport = echo ? made.id : made.sport
      const back = { proto: 0, src: ip(made.src), dst: ip(made.dst), sport, dport: made.dport }
      manipPacket(data, L2, data.length, there, manip)
      expect(parseIpv4(data, L2).ok).toBe(true)
      if (made.proto === 'tcp') expect(tcpChecksumOk(data, L2, L2 + 20, data.length)).toBe(true)
      manipPacket(data, L2, data.length, back, manip)
      expect(data).toEqual(before)
    }),
    { seed: 7, numRuns: 500 },
  )
})
