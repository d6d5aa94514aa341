import fc from 'fast-check'
import { expect, test } from 'vitest'
import { broadcastOf, formatCidr, inPrefix, maskOf, networkOf, parseCidr, prefixOfMask } from './cidr.ts'
import { formatIp4, type Ip4 } from './ids.ts'

const anyIp = fc.nat(0xffffffff).map((n) => n as Ip4)
const anyPrefix = fc.nat(32)

test('masks', () => {
  expect([0, 1, 20, 24, 31, 32].map((prefix) => formatIp4(maskOf(prefix) as Ip4))).toEqual([
    '0.0.0.0',
    '128.0.0.0',
    '255.255.240.0',
    '255.255.255.0',
    '255.255.255.254',
    '255.255.255.255',
  ])
  fc.assert(fc.property(anyPrefix, (prefix) => prefixOfMask(maskOf(prefix)) === prefix))
  expect(prefixOfMask(0xff00ff00)).toBeUndefined()
})

test('a subnet holds its network address, its broadcast address and what lies between, and nothing else', () => {
  fc.assert(
    fc.property(anyIp, anyPrefix, (ip, prefix) => {
      const [from, to] = [networkOf(ip, prefix), broadcastOf(ip, prefix)]
      expect(to - from + 1).toBe(2 ** (32 - prefix))
      expect([from, ip, to].every((one) => inPrefix(one, from, prefix))).toBe(true)
      if (from > 0) expect(inPrefix((from - 1) as Ip4, from, prefix)).toBe(false)
      if (to < 0xffffffff) expect(inPrefix((to + 1) as Ip4, from, prefix)).toBe(false)
    }),
  )
})

test('reading and writing', () => {
  fc.assert(
    fc.property(anyIp, anyPrefix, (ip, prefix) => {
      expect(parseCidr(formatCidr({ ip, prefix }))).toEqual({ ip, prefix })
    }),
  )
  expect(parseCidr('10.0.0.1')).toEqual({ ip: 0x0a000001, prefix: 32 })
})

test.each(['10.0.0.1/33', '10.0.0.1/', '10.0.0.1/-1', '10.0.0.1/24/8', '10.0.0/24', '/24', '10.0.0.1/1x'])(
  'refuses %j',
  (text) => {
    expect(parseCidr(text)).toBeUndefined()
  },
)
