import { describe, expect, test } from 'vitest'
import { tcpClose } from '../../core/kernel/tcp/socket.ts'
import { ms, s } from '../lan.ts'
import { makeFirewallLan } from './firewall-lan.ts'
import { sendFrom } from './packets.ts'

type Lan = ReturnType<typeof makeFirewallLan>

/** A rule that lets everything pass but makes the router track connections. */
const TRACK = 'iptables -A FORWARD -m state --state INVALID -j DROP'
const list = (lan: Lan, more = ''): string[] =>
  lan
    .sh('router', `conntrack -L${more}`)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('conntrack v1.4.7'))

describe('states', () => {
  test('a TCP connection is followed from SYN to TIME_WAIT, as Linux lists it', () => {
    const lan = makeFirewallLan()
    lan.set('router', TRACK)
    const listener = lan.listen('server', 8080)
    expect(listener).toBeGreaterThan(0)
    expect(lan.connect('client', '10.0.1.10', 8080, 40_000)).toBe('ESTABLISHED')
    const ends = 'src=10.0.0.10 dst=10.0.1.10 sport=40000 dport=8080'
    const back = 'src=10.0.1.10 dst=10.0.0.10 sport=8080 dport=40000'
    expect(list(lan)).toEqual([`tcp      6 431999 ESTABLISHED ${ends} ${back} [ASSURED] mark=0 use=1`])
    const socks = Object.values(lan.host('client').tcp.socks)
    const sock = socks.find((one) => one.lport === 40_000)
    lan.act('client', (host, ctx) => tcpClose(host, sock?.id ?? 0, ctx))
    lan.run(ms(5))
    expect(list(lan)[0]).toMatch(/^tcp +6 (59|119) (CLOSE_WAIT|FIN_WAIT) /)
    const server = Object.values(lan.host('server').tcp.socks).find((one) => one.rport === 40_000)
    lan.act('server', (host, ctx) => tcpClose(host, server?.id ?? 0, ctx))
    lan.run(ms(5))
    expect(list(lan)).toEqual([`tcp      6 119 TIME_WAIT ${ends} ${back} [ASSURED] mark=0 use=1`])
    lan.run(s(120))
    expect(list(lan)).toEqual([])
    const states = lan.notes('conntrack', 'router').map((n) => n.to)
    expect(states).toContain('SYN_RECV')
    expect(states.at(-1)).toBe('TIME_WAIT')
  })

  test('a refused connection leaves nothing, an unanswered one SYN_SENT', () => {
    const lan = makeFirewallLan()
    lan.set('router', TRACK)
    expect(lan.connect('client', '10.0.1.10', 81, 40_000)).toBe('CLOSED')
    expect(list(lan)).toEqual([])
    lan.set('server', 'iptables -A INPUT -j DROP')
    lan.connect('client', '10.0.1.10', 81, 40_001)
    expect(list(lan)[0]).toMatch(/^tcp +6 119 SYN_SENT .* \[UNREPLIED\] /)
  })

  test('a SYN with other numbers goes on an unanswered connection; old numbers of an answered one are INVALID', () => {
    const lan = makeFirewallLan()
    lan.set('router', TRACK)
    lan.set('server', 'iptables -A INPUT -p tcp --dport 81 -j DROP')
    const info = (): unknown => lan.notes('conntrack', 'router').at(-1)?.info
    for (const seq of [1000, 4_000_000_000, 2_000_000_000]) sendFrom(lan, 'client', { seq, dport: 81 })
    expect(list(lan)[0]).toMatch(/^tcp +6 119 SYN_SENT /)
    expect(lan.drops('router')).toEqual([])
    lan.listen('server', 8080)
    expect(lan.connect('client', '10.0.1.10', 8080, 40_001)).toBe('ESTABLISHED')
    const sock = Object.values(lan.host('client').tcp.socks).find((one) => one.lport === 40_001)
    const { sndNxt = 0, rcvNxt = 0 } = sock ?? {}
    const ack = { flags: 16, sport: 40_001, dport: 8080, ack: rcvNxt }
    sendFrom(lan, 'client', { ...ack, seq: (sndNxt - 1_000_000) >>> 0 })
    expect(info()).toBe('INVALID')
  })

  test('an echo is NEW, its answer ESTABLISHED, an answer to nothing INVALID', () => {
    const lan = makeFirewallLan()
    lan.set('router', TRACK)
    lan.ping('client', '10.0.1.10')
    lan.run(ms(5))
    expect(lan.notes('conntrack', 'router').map((n) => [n.info, n.dir])).toEqual([
      ['NEW', 'original'],
      ['ESTABLISHED', 'reply'],
    ])
    expect(list(lan)).toEqual([
      'icmp     1 29 src=10.0.0.10 dst=10.0.1.10 type=8 code=0 id=7 ' +
        'src=10.0.1.10 dst=10.0.0.10 type=0 code=0 id=7 mark=0 use=1',
    ])
    sendFrom(lan, 'client', { proto: 'icmp', type: 0, id: 9 })
    expect(lan.drops('router')).toEqual(['NETFILTER_DROP filter/FORWARD rule 1'])
  })

  test('UDP becomes a stream when it is answered for longer than two seconds', () => {
    const lan = makeFirewallLan()
    lan.set('router', TRACK)
    const ask = { proto: 'udp', sport: 5000, dport: 53, src: '10.0.0.10', dst: '10.0.1.10' } as const
    const answer = { proto: 'udp', sport: 53, dport: 5000, src: '10.0.1.10', dst: '10.0.0.10' } as const
    sendFrom(lan, 'client', ask)
    expect(list(lan)[0]).toContain('[UNREPLIED]')
    sendFrom(lan, 'server', answer)
    expect(list(lan)[0]).toMatch(/^udp +17 29 /)
    lan.run(s(3))
    sendFrom(lan, 'client', ask)
    expect(list(lan)[0]).toMatch(/^udp +17 119 .*\[ASSURED\]/)
  })

  test('an ICMP error is RELATED to the connection it is about', () => {
    const lan = makeFirewallLan()
    lan.set(
      'router',
      'iptables -A FORWARD -m state --state RELATED -j ACCEPT',
      'iptables -A FORWARD -p udp -j ACCEPT',
      'iptables -A FORWARD -j DROP',
    )
    sendFrom(lan, 'client', { proto: 'udp', dport: 99 })
    expect(lan.notes('conntrack', 'router').map((n) => n.info)).toEqual(['NEW', 'RELATED'])
    expect(lan.notes('icmp', 'client')).toMatchObject([{ type: 3, code: 3 }])
  })
})

describe('rules about states', () => {
  test('only the client may open: answers pass, connections from the server do not', () => {
    const lan = makeFirewallLan()
    lan.set(
      'router',
      'iptables -P FORWARD DROP',
      'iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
      'iptables -A FORWARD -i eth0 -m conntrack --ctstate NEW -j ACCEPT',
    )
    lan.listen('server', 80)
    lan.listen('client', 80)
    expect(lan.connect('client', '10.0.1.10', 80, 40_000)).toBe('ESTABLISHED')
    expect(lan.connect('server', '10.0.0.10', 80, 40_000)).toBe('SYN_SENT')
    expect(lan.drops('router')).toEqual(['NETFILTER_DROP filter/FORWARD policy'])
  })

  test('who sees one direction only finds every ACK invalid', () => {
    const lan = makeFirewallLan()
    lan.set('router', TRACK)
    // The way back of the server does not lead through the router's tracking.
    lan.set('router', 'iptables -t raw -A PREROUTING -s 10.0.1.10 -j NOTRACK')
    lan.listen('server', 80)
    lan.connect('client', '10.0.1.10', 80, 40_000)
    expect(lan.drops('router')[0]).toBe('NETFILTER_DROP filter/FORWARD rule 1')
    expect(lan.notes('conntrack', 'router').map((n) => n.info)).toContain('INVALID')
  })

  test('what is not tracked is UNTRACKED and leaves no entry', () => {
    const lan = makeFirewallLan()
    lan.set(
      'router',
      'iptables -t raw -A PREROUTING -j CT --notrack',
      'iptables -A FORWARD -m conntrack --ctstate UNTRACKED -j ACCEPT',
      'iptables -A FORWARD -j DROP',
    )
    lan.listen('server', 80)
    expect(lan.connect('client', '10.0.1.10', 80, 40_000)).toBe('ESTABLISHED')
    expect(list(lan)).toEqual([])
  })

  test('a connection is picked up in the middle, unless nf_conntrack_tcp_loose is 0', () => {
    for (const loose of ['1', '0']) {
      const lan = makeFirewallLan()
      lan.set('server', 'iptables -A INPUT -j DROP')
      lan.set('router', `sysctl -qw net.netfilter.nf_conntrack_tcp_loose=${loose}`, TRACK)
      sendFrom(lan, 'client', { flags: 16 })
      expect(list(lan).length).toBe(Number(loose))
      expect(lan.drops('router').length).toBe(loose === '1' ? 0 : 1)
    }
  })

  test('a segment outside the window is INVALID, unless tracking is liberal', () => {
    for (const liberal of ['0', '1']) {
      const lan = makeFirewallLan()
      lan.listen('server', 80)
      lan.set('router', `sysctl -qw net.netfilter.nf_conntrack_tcp_be_liberal=${liberal}`, TRACK)
      expect(lan.connect('client', '10.0.1.10', 80, 40_000)).toBe('ESTABLISHED')
      sendFrom(lan, 'client', { sport: 40_000, dport: 80, flags: 16, payload: 10 })
      expect(lan.drops('router').length).toBe(1 - Number(liberal))
    }
  })

  test('the entry is gone after -F of the last rule that needs it: new packets are not tracked', () => {
    const lan = makeFirewallLan()
    lan.set('router', TRACK, 'iptables -F')
    sendFrom(lan, 'client', { proto: 'udp' })
    expect(list(lan)).toEqual([])
  })
})
