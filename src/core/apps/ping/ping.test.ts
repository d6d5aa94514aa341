import { expect, test } from 'vitest'
import { SEC } from '../../base/ids.ts'
import { makeNet, type Net, type NetSpec } from '../../../testing/net.ts'
import { percentText, tripText } from './words.ts'

function net(fate?: NetSpec['fate']): Net {
  return makeNet({ hosts: { a: '10.0.0.1/24', b: '10.0.0.2/24' }, ...(fate ? { fate } : {}) })
}

function shell(n: Net, line: string): string {
  const pid = n.start('a', line)
  n.run(60 * SEC)
  const status = n.status(pid, 'a')
  return n.output(pid, 'a') + (status === 0 ? '' : `(exit status ${status})\n`)
}

test('answers and statistics', () => {
  expect(shell(net(), 'ping -c 2 10.0.0.2')).toBe(`PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.200 ms
64 bytes from 10.0.0.2: icmp_seq=2 ttl=64 time=0.100 ms

--- 10.0.0.2 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time 1000ms
rtt min/avg/max/mdev = 0.100/0.150/0.200/0.050 ms
`)
})

test('nobody there: errors of our own host, status 1', () => {
  expect(shell(net(), 'ping -c 1 10.0.0.77')).toBe(`PING 10.0.0.77 (10.0.0.77) 56(84) bytes of data.
From 10.0.0.1 icmp_seq=1 Destination Host Unreachable

--- 10.0.0.77 ping statistics ---
1 packets transmitted, 0 received, +1 errors, 100% packet loss, time 0ms

(exit status 1)
`)
})

test('golden A9: no answer within -W, no route, no name', () => {
  const n = net((to) => (to === 'b' ? 'lose' : 'pass'))
  expect(shell(n, 'ping -c 2 -W 1 10.0.0.2')).toBe(`PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.

--- 10.0.0.2 ping statistics ---
2 packets transmitted, 0 received, 100% packet loss, time 1000ms

(exit status 1)
`)
  expect(shell(n, 'ping -c 1 8.8.8.8')).toBe('ping: connect: Network is unreachable\n(exit status 2)\n')
  expect(shell(n, 'ping -c 1 nosuchhost.invalid')).toBe(
    'ping: nosuchhost.invalid: Temporary failure in name resolution\n(exit status 2)\n',
  )
})

test('quiet, size, interval, source', () => {
  const n = net()
  const text = shell(n, 'ping -q -c 3 -i 0.2 -s 100 -I 10.0.0.1 10.0.0.2')
  expect(text).toContain('PING 10.0.0.2 (10.0.0.2) from 10.0.0.1 : 100(128) bytes of data.\n\n---')
  expect(text).toContain('3 packets transmitted, 3 received, 0% packet loss, time 400ms')
  expect(shell(n, 'ping -c 1 -I eth0 10.0.0.2')).toContain('from 10.0.0.1 eth0: 56(84) bytes')
  expect(shell(n, 'ping -c 1 -I 1.2.3.4 10.0.0.2')).toBe(
    'ping: bind: Cannot assign requested address\n(exit status 2)\n',
  )
  expect(shell(n, 'ping -c 1 -I nodev 10.0.0.2')).toBe(
    'ping: SO_BINDTODEVICE nodev: No such device\n(exit status 2)\n',
  )
})

test('without -c it goes on until it is interrupted', () => {
  const n = net()
  const pid = n.start('a', 'ping 10.0.0.2')
  n.run(4.5 * SEC)
  n.runner.signal('a', pid, 'INT')
  n.run(SEC)
  expect(n.output(pid, 'a')).toContain('5 packets transmitted, 5 received, 0% packet loss, time 4000ms')
  expect(n.status(pid, 'a')).toBe(0)
  expect(n.host('a').icmp.socks).toEqual([])
})

test('-w ends it; a doubled answer is marked', () => {
  const n = net((to) => (to === 'a' ? 'twice' : 'pass'))
  const text = shell(n, 'ping -w 2 10.0.0.2')
  expect(text).toContain('(DUP!)')
  expect(text).toMatch(/[23] packets transmitted, [23] received, \+[23] duplicates, 0% packet loss/)
})

test('numbers as iputils prints them', () => {
  expect([95, 1001, 18_620, 9994, 123_456].map(tripText)).toEqual(['0.095', '1.00', '18.6', '9.99', '123'])
  expect([100 / 3, 0, 50].map(percentText)).toEqual(['33.3333', '0', '50'])
})

test('a broadcast address is pinged on purpose only', () => {
  const n = net()
  n.host('b').sysctl.ipv4['icmp_echo_ignore_broadcasts'] = 0
  expect(shell(n, 'ping -c 1 10.0.0.255')).toBe(
    'ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n(exit status 2)\n',
  )
  expect(shell(n, 'ping -b -c 1 -W 1 10.0.0.255')).toMatch(
    /^WARNING: pinging broadcast address\nPING 10\.0\.0\.255 [^]*64 bytes from 10\.0\.0\.2: icmp_seq=1/,
  )
  expect(shell(n, 'ping -b -c 1 255.255.255.255')).toBe(
    'ping: connect: Network is unreachable\n(exit status 2)\n',
  )
})
