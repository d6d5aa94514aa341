import { describe, expect, test } from 'vitest'
import { must } from '../../core/base/assert.ts'
import { read16 } from '../../core/base/bytes.ts'
import { fitsRule, lookAt } from '../../core/kernel/netfilter/tables/match.ts'
import { makeRule } from '../../core/kernel/netfilter/tables/tables.ts'
import { L2 } from '../../core/kernel/skb.ts'
import { parseIptables } from '../../core/shell/commands/iptables/parse.ts'
import { ms, s } from '../lan.ts'
import { makeFirewallLan } from './firewall-lan.ts'
import { makePacket, sendFrom, type Spec } from './packets.ts'

type Lan = ReturnType<typeof makeFirewallLan>

const send = (lan: Lan, spec: Spec): void => sendFrom(lan, 'client', spec)

/** Packets that rule `n` of a chain has counted. */
function counted(lan: Lan, chain: string, n = 1, host = 'router'): number {
  const table = must(lan.host(host).nf.tables.filter, 'table')
  return must(table.chains.find((c) => c.name === chain)?.rules[n - 1], 'rule').packets
}

describe('matches', () => {
  const TCP80 = '-p tcp --dport 80'
  const cases: [rule: string, packet: Spec, fits: boolean][] = [
    ['-p tcp', {}, true],
    ['! -p tcp', {}, false],
    ['-p udp', {}, false],
    ['-p 4', { proto: 'ipip' }, true],
    ['-s 10.0.0.0/24', {}, true],
    ['! -s 10.0.0.0/24', {}, false],
    ['-s 10.0.1.0/24', {}, false],
    ['-d 10.0.1.10', {}, true],
    ['! -d 10.0.1.11', {}, true],
    ['-i eth0', {}, true],
    ['-i eth1', {}, false],
    ['-i eth+', {}, true],
    ['! -i eth+', {}, false],
    ['-o eth1', {}, true],
    [TCP80, { dport: 80 }, true],
    [TCP80, { dport: 81 }, false],
    [TCP80, { proto: 'udp', dport: 80 }, false],
    ['-p tcp --dport 79:81', { dport: 81 }, true],
    ['-p tcp ! --dport 79:81', { dport: 81 }, false],
    ['-p tcp --dport :79', { dport: 80 }, false],
    ['-p tcp --sport 40000', {}, true],
    ['-p udp --dport 53', { proto: 'udp', dport: 53 }, true],
    ['-p tcp --syn', { flags: 2 }, true],
    ['-p tcp --syn', { flags: 18 }, false],
    ['-p tcp ! --syn', { flags: 16 }, true],
    ['-p tcp --tcp-flags SYN,RST SYN', { flags: 18 }, true],
    ['-p tcp --tcp-flags ALL NONE', { flags: 0 }, true],
    ['-p icmp --icmp-type echo-request', { proto: 'icmp' }, true],
    ['-p icmp --icmp-type echo-reply', { proto: 'icmp' }, false],
    ['-p icmp ! --icmp-type 8', { proto: 'icmp' }, false],
    ['-p icmp --icmp-type 3/4', { proto: 'icmp', type: 3, code: 4 }, true],
    ['-p icmp --icmp-type 3/4', { proto: 'icmp', type: 3, code: 3 }, false],
    ['-p icmp --icmp-type any', { proto: 'icmp', type: 13 }, true],
    ['-m mark --mark 5', { mark: 5 }, true],
    ['-m mark --mark 1/1', { mark: 5 }, true],
    ['-m mark ! --mark 5', { mark: 5 }, false],
    ['-p tcp -m multiport --dports 79,80:82', { dport: 82 }, true],
    ['-p tcp -m multiport --sports 79,80:82', { dport: 82 }, false],
    ['-p tcp -m multiport --ports 40000', {}, true],
    ['-p tcp -m multiport ! --ports 40000', {}, false],
    ['-m addrtype --dst-type UNICAST', {}, true],
    ['-m addrtype --dst-type LOCAL', { dst: '10.0.0.1' }, true],
    ['-m addrtype ! --dst-type LOCAL', { dst: '10.0.0.1' }, false],
    ['-m addrtype --src-type LOCAL', { src: '10.0.1.1' }, true],
    ['-m addrtype --dst-type BROADCAST', { dst: '10.0.1.255' }, true],
    ['-m comment --comment x', {}, true],
    ['-f', {}, false],
    ['! -f', {}, true],
    ['-m ipvs --ipvs', {}, false],
    ['-m ipvs ! --ipvs', {}, true],
    ['-m ipvs --vport 80', {}, false],
  ]
  test.each(cases)('%s on %j: %s', (text, spec, fits) => {
    const lan = makeFirewallLan()
    const parsed = parseIptables(['-A', 'FORWARD', ...text.split(' ')])
    if (!parsed.ok || typeof parsed.value === 'string') throw new Error(JSON.stringify(parsed))
    const skb = makePacket(spec)
    const look = lookAt(skb, 'eth0', 'eth1', 0)
    expect(fitsRule(lan.host('router'), makeRule(must(parsed.value.rules[0], 'rule')), look)).toBe(fits)
  })

  test('a later fragment fits -f and no port', () => {
    const lan = makeFirewallLan()
    const fits = (text: string): boolean => {
      const parsed = parseIptables(['-A', 'FORWARD', ...text.split(' ')])
      if (!parsed.ok || typeof parsed.value === 'string') throw new Error(text)
      const skb = makePacket({})
      skb.data[L2 + 7] = 2
      return fitsRule(
        lan.host('router'),
        makeRule(must(parsed.value.rules[0], 'rule')),
        lookAt(skb, '', '', 0),
      )
    }
    expect(fits('-f')).toBe(true)
    expect(fits('-p tcp')).toBe(true)
    expect(fits('-p tcp --dport 80')).toBe(false)
    expect(fits('-p tcp ! --dport 80')).toBe(false)
  })

  test('limit lets the burst through, then as many as the rate gives', () => {
    const lan = makeFirewallLan()
    lan.set('router', 'iptables -A FORWARD -m limit --limit 2/s --limit-burst 3 -j ACCEPT')
    for (let i = 0; i < 6; i++) send(lan, { proto: 'udp' })
    expect(counted(lan, 'FORWARD')).toBe(3)
    lan.run(s(1))
    for (let i = 0; i < 6; i++) send(lan, { proto: 'udp' })
    expect(counted(lan, 'FORWARD')).toBe(5)
  })
})

describe('chains', () => {
  test('the first verdict counts, and the drop names its rule', () => {
    const lan = makeFirewallLan()
    lan.set(
      'router',
      'iptables -A FORWARD -p udp --dport 1',
      'iptables -A FORWARD -p udp -j DROP',
      'iptables -A FORWARD -p udp',
    )
    send(lan, { proto: 'udp', dport: 1 })
    expect([1, 2, 3].map((n) => counted(lan, 'FORWARD', n))).toEqual([1, 1, 0])
    expect(lan.drops('router')).toEqual(['NETFILTER_DROP filter/FORWARD rule 2'])
    expect(lan.notes('hook', 'router').at(-1)).toMatchObject({
      point: 'FORWARD',
      verdict: 'DROP',
      by: 'filter',
    })
  })

  test('a chain of the user returns, goto does not come back, the policy is last', () => {
    const lan = makeFirewallLan()
    lan.set(
      'router',
      'iptables -N one',
      'iptables -N two',
      'iptables -A FORWARD -p udp -j one',
      'iptables -A FORWARD -p udp --dport 1 -g two',
      'iptables -A FORWARD -p udp -j ACCEPT',
      'iptables -A one -p udp --sport 9 -j DROP',
      'iptables -A FORWARD -p icmp -j ACCEPT',
      'iptables -A one -j RETURN',
      'iptables -A two -p udp --dport 2 -j ACCEPT',
      'iptables -P FORWARD DROP',
    )
    send(lan, { proto: 'udp', dport: 2 })
    expect(lan.drops('router')).toEqual([])
    send(lan, { proto: 'udp', dport: 1 })
    expect(lan.drops('router')).toEqual(['NETFILTER_DROP filter/FORWARD policy'])
    send(lan, { proto: 'udp', dport: 2, sport: 9 })
    expect(lan.drops('router').at(-1)).toBe('NETFILTER_DROP filter/one rule 1')
  })

  test('chains cannot call one another in a circle', () => {
    const lan = makeFirewallLan()
    lan.set('router', 'iptables -N a', 'iptables -N b', 'iptables -A a -j b')
    expect(lan.sh('router', 'iptables -A b -j a')).toContain('RULE_APPEND failed')
  })

  test('policies count from the first -Z on', () => {
    const lan = makeFirewallLan()
    const policy = () => lan.sh('router', 'iptables -vnL FORWARD').split('\n')[0]
    lan.set('router', 'iptables -A FORWARD -p tcp')
    send(lan, { proto: 'udp' })
    expect(policy()).toBe('Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)')
    lan.set('router', 'iptables -Z')
    send(lan, { proto: 'icmp', type: 14, payload: 12 })
    lan.ping('router', '10.0.1.10')
    lan.run(ms(5))
    // Measured: a built-in chain that never had a rule is not there yet, and counts nothing.
    expect(lan.sh('router', 'iptables -vnL OUTPUT')).toContain('(policy ACCEPT 0 packets, 0 bytes)')
    expect(policy()).toBe('Chain FORWARD (policy ACCEPT 1 packets, 40 bytes)')
  })
})

describe('targets', () => {
  test.each([
    ['icmp-net-unreachable', 0],
    ['icmp-host-unreachable', 1],
    ['icmp-proto-unreachable', 2],
    ['icmp-port-unreachable', 3],
    ['icmp-net-prohibited', 9],
    ['icmp-host-prohibited', 10],
    ['icmp-admin-prohibited', 13],
  ])('REJECT --reject-with %s answers with code %i', (kind, code) => {
    const lan = makeFirewallLan()
    lan.set('router', `iptables -A FORWARD -p udp -j REJECT --reject-with ${kind}`)
    send(lan, { proto: 'udp' })
    expect(lan.notes('icmp', 'client')).toMatchObject([{ type: 3, code, why: 'in' }])
  })

  test('REJECT --reject-with tcp-reset: the connection is refused at once, in the name of the server', () => {
    const lan = makeFirewallLan()
    lan.listen('server', 80)
    lan.set('router', 'iptables -A FORWARD -p tcp --dport 80 -j REJECT --reject-with tcp-reset')
    expect(lan.connect('client', '10.0.1.10', 80, 40_000)).toBe('CLOSED')
    expect(lan.notes('tcp.state', 'client').at(-1)).toMatchObject({ to: 'CLOSED' })
    expect(lan.sent('router', 'eth1')).toEqual([])
  })

  test('MARK sets, and later tables see it', () => {
    const lan = makeFirewallLan()
    lan.set(
      'router',
      'iptables -t mangle -A PREROUTING -j MARK --set-mark 0x10',
      'iptables -t mangle -A PREROUTING -j MARK --or-mark 1',
      'iptables -A FORWARD -m mark --mark 0x11 -j DROP',
    )
    send(lan, { proto: 'udp' })
    expect(lan.drops('router')).toEqual(['NETFILTER_DROP filter/FORWARD rule 1'])
  })

  test('LOG writes the line of the kernel and goes on', () => {
    const lan = makeFirewallLan()
    lan.set('router', "iptables -A FORWARD -p tcp --dport 80 -j LOG --log-prefix 'F ' --log-tcp-sequence")
    send(lan, { mss: 1460 })
    // Form of the line: Linux 6.1 for the same rule and a SYN of the same ends.
    expect(lan.notes('nf.log', 'router').map((n) => n.line)).toEqual([
      'F IN=eth0 OUT=eth1 MAC=00:00:00:00:00:02:00:00:00:00:00:01:08:00 SRC=10.0.0.10 DST=10.0.1.10 LEN=44 ' +
        'TOS=0x00 PREC=0x00 TTL=63 ID=77 DF PROTO=TCP SPT=40000 DPT=80 SEQ=1000 ACK=0 WINDOW=500 RES=0x00 SYN URGP=0 ',
    ])
    expect(lan.sent('router', 'eth1')).toHaveLength(1)
  })

  test.each([
    ['--set-mss 1000', 1460, 1000],
    ['--set-mss 1500', 1460, 1460],
    ['--clamp-mss-to-pmtu', 1460, 1360],
  ])('TCPMSS %s: %i becomes %i', (option, was, is) => {
    const lan = makeFirewallLan()
    lan.op('router', { op: 'link.set', dev: 'eth1', mtu: 1400 })
    lan.set('router', `iptables -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS ${option}`)
    send(lan, { mss: was })
    const out = must(lan.sent('router', 'eth1')[0], 'frame')
    expect(read16(out, L2 + 42)).toBe(is)
    expect(lan.host('server').drops['TCP_CSUM']).toBeUndefined()
  })
})

test('firewalld lets ssh and ping in and nothing else, and goes without a trace', () => {
  const lan = makeFirewallLan()
  lan.listen('server', 22)
  lan.listen('server', 80)
  lan.set('server', 'systemctl start firewalld')
  expect(lan.connect('client', '10.0.1.10', 22, 40_001)).toBe('ESTABLISHED')
  expect(lan.connect('client', '10.0.1.10', 80, 40_002)).toBe('CLOSED')
  expect(lan.notes('icmp', 'client')).toMatchObject([{ type: 3, code: 10 }])
  lan.ping('client', '10.0.1.10')
  lan.run(ms(5))
  expect(lan.notes('icmp', 'client').at(-1)).toMatchObject({ type: 0 })
  lan.set('server', 'systemctl stop firewalld')
  expect(lan.host('server').nf).toEqual({ tables: {}, active: 0 })
  expect(lan.connect('client', '10.0.1.10', 80, 40_003)).toBe('ESTABLISHED')
})

test('a host without rules runs no function of a table', () => {
  const lan = makeFirewallLan()
  send(lan, { flags: 4 })
  expect(lan.host('router').ct.count).toBe(0)
  expect(lan.notes('conntrack')).toEqual([])
  expect(lan.notes('hook', 'router').map((n) => n.point)).toEqual(['PREROUTING', 'FORWARD', 'POSTROUTING'])
})
