import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  formatIp4,
  formatMac,
  type Ip4,
  isGroupMac,
  isLoopback,
  isMulticast,
  type Mac,
  MAC_BROADCAST,
  parseIp4,
  parseMac,
} from './ids.ts'

test('addresses survive being written and read', () => {
  fc.assert(fc.property(fc.nat(0xffffffff), (ip) => parseIp4(formatIp4(ip as Ip4)) === ip))
  fc.assert(fc.property(fc.maxSafeNat(), (n) => parseMac(formatMac((n % 2 ** 48) as Mac)) === n % 2 ** 48))
})

test('addresses are unsigned numbers in network order', () => {
  expect(parseIp4('172.16.253.100')).toBe(0xac10fd64)
  expect(parseIp4('255.255.255.255')).toBe(0xffffffff)
  expect(parseMac('00:0C:29:35:01:35')).toBe(0x000c29350135)
  expect(formatMac(MAC_BROADCAST)).toBe('ff:ff:ff:ff:ff:ff')
})

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '1.2.3.x',
  ' 1.2.3.4',
  '1.2.3.4 ',
  '-1.2.3.4',
  '1.2.3.0004',
])('refuses %j as an IPv4 address', (text) => {
  expect(parseIp4(text)).toBeUndefined()
})

test.each([
  '',
  '00:11:22:33:44',
  '00:11:22:33:44:5',
  '00-11-22-33-44-55',
  '00:11:22:33:44:gg',
  '00:11:22:33:44:55:66',
])('refuses %j as a MAC', (text) => {
  expect(parseMac(text)).toBeUndefined()
})

test('kinds of addresses', () => {
  const ip = (text: string): Ip4 => parseIp4(text) ?? (0 as Ip4)
  expect(['224.0.0.5', '239.255.255.255', '223.1.1.1', '240.0.0.1'].map((t) => isMulticast(ip(t)))).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(['127.0.0.1', '127.255.0.3', '128.0.0.1'].map((t) => isLoopback(ip(t)))).toEqual([true, true, false])
  expect([MAC_BROADCAST, 0x01005e000005, 0x000c29350135].map((mac) => isGroupMac(mac as Mac))).toEqual([
    true,
    true,
    false,
  ])
})
