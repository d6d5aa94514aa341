import { expect, test } from 'vitest'
import { makeLan } from '../../../testing/lan.ts'
import { maxConf } from './max.ts'
import { getSysctl, listSysctl, setSysctl } from './registry.ts'

const host = () => makeLan({ h: { ens33: '10.0.0.1/24' } }).host('h')

test('ip_forward switches every interface, and conf.all.forwarding is the same switch', () => {
  const h = host()
  expect(setSysctl(h, 'net.ipv4.ip_forward', '1').ok).toBe(true)
  for (const key of ['all', 'default', 'ens33', 'lo'])
    expect(getSysctl(h, `net.ipv4.conf.${key}.forwarding`)).toBe('1')
  setSysctl(h, 'net.ipv4.conf.all.forwarding', '0')
  expect(getSysctl(h, 'net.ipv4.ip_forward')).toBe('0')
})

test('other settings of conf.all leave the interfaces alone: their effect is the maximum', () => {
  const h = host()
  setSysctl(h, 'net.ipv4.conf.all.arp_ignore', '1')
  expect(getSysctl(h, 'net.ipv4.conf.ens33.arp_ignore')).toBe('0')
  expect(maxConf(h, 'ens33', 'arp_ignore')).toEqual({ all: 1, own: 0, value: 1 })
})

test.each([
  ['net.ipv4.fib_multipath_hash_policy', '4'],
  ['net.ipv4.fib_multipath_hash_policy', '-1'],
  ['net.ipv4.fib_multipath_hash_fields', '0'],
  ['net.ipv4.ip_forward', 'yes'],
  ['net.ipv4.ip_forward', ''],
])('%s = %j is refused with EINVAL and changes nothing', (key, value) => {
  const h = host()
  const before = getSysctl(h, key)
  expect(setSysctl(h, key, value)).toEqual({ ok: false, error: 'EINVAL' })
  expect(getSysctl(h, key)).toBe(before)
})

test.each([
  'net.ipv4.nonsense',
  'net.ipv4.conf.eth7.arp_ignore',
  'constructor',
  'net.ipv4.conf.all.toString',
  '',
])('%j does not exist', (key) => {
  expect(setSysctl(host(), key, '1')).toEqual({ ok: false, error: 'ENOENT' })
  expect(getSysctl(host(), key)).toBeUndefined()
})

test('the list is sorted, has no doubles, and every key of it can be read back', () => {
  const h = host()
  const keys = listSysctl(h).map(([key]) => key)
  expect(keys).toEqual([...new Set(keys)].sort((a, b) => (a < b ? -1 : 1)))
  for (const [key, value] of listSysctl(h)) expect(getSysctl(h, key)).toBe(value)
})
