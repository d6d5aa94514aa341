import { describe, expect, test } from 'vitest'
import { ip, makeLan, ms } from '../../../testing/lan.ts'
import { write16, write32 } from '../../base/bytes.ts'
import { checksum16 } from '../../base/checksum.ts'
import { validateSource } from './validate.ts'

const NONE = ip('0.0.0.0')

/** The way back to 8.0.0.0/8 is eth1; 10.0.0.0/24 is on eth0. */
function host() {
  const lan = makeLan({ h: { eth0: '10.0.0.1/24', eth1: '10.1.0.1/24 on other' } })
  lan.op('h', {
    ...{ op: 'route.add', dst: ip('8.0.0.0'), prefix: 8, type: 'unicast', proto: 'boot', metric: 0 },
    ...{ prefsrc: NONE, nexthops: [{ gateway: ip('10.1.0.9'), dev: 'eth1', weight: 1 }] },
  })
  const ask = (src: string, dev = 'eth0') => {
    const valid = validateSource(lan.host('h'), dev, ip(src), ip('10.0.0.1'))
    return valid.ok ? 'ok' : valid.error.why
  }
  return { ...lan, ask }
}

describe('rp_filter', () => {
  const CASES: [all: number, own: number, way: string, none: string][] = [
    [0, 0, 'ok', 'ok'],
    [1, 0, 'IP_RPFILTER', 'IP_RPFILTER'],
    [0, 1, 'IP_RPFILTER', 'IP_RPFILTER'],
    [2, 0, 'ok', 'IP_RPFILTER'],
    [1, 2, 'ok', 'IP_RPFILTER'],
    [2, 1, 'ok', 'IP_RPFILTER'],
  ]
  test.each(CASES)(
    'all=%i, interface=%i: other way back %s, no way back %s (golden B11)',
    (all, own, way, none) => {
      const net = host()
      net.sysctl('h', 'conf.all.rp_filter', all)
      net.sysctl('h', 'conf.eth0.rp_filter', own)
      expect(net.ask('8.8.8.8')).toBe(way)
      expect(net.ask('99.9.9.9')).toBe(none)
      expect(net.ask('10.0.0.77')).toBe('ok')
      expect(net.ask('8.8.8.8', 'eth1')).toBe('ok')
    },
  )
})

test('an own address as source is a martian, unless accept_local', () => {
  const net = host()
  expect(net.ask('10.1.0.1')).toBe('IP_MARTIAN_SOURCE')
  net.sysctl('h', 'conf.eth0.accept_local', 1)
  expect(net.ask('10.1.0.1')).toBe('ok')
  // With the strict filter an own address must be on the interface itself.
  net.sysctl('h', 'conf.eth0.rp_filter', 1)
  expect(net.ask('10.1.0.1')).toBe('IP_RPFILTER')
  expect(net.ask('10.0.0.1')).toBe('ok')
})

/** Put a crafted echo request on the wire to h. */
function inject(net: ReturnType<typeof host>, src: string, dst: string): string | undefined {
  const before = net.notes('drop', 'h').length
  const bytes = new Uint8Array(42)
  write32(bytes, 2, 1)
  bytes[5] = 1
  write16(bytes, 12, 0x0800)
  bytes.set([0x45, 0, 0, 28, 0, 1, 0, 0, 64, 1], 14)
  write32(bytes, 26, ip(src))
  write32(bytes, 30, ip(dst))
  write16(bytes, 24, checksum16(bytes, 14, 34))
  bytes[34] = 8
  write16(bytes, 36, checksum16(bytes, 34, 42))
  const mac = net.host('h').devs['eth0']?.mac ?? 0
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(mac / 2 ** (8 * (5 - i))) & 0xff
  net.act('h', (_host, ctx) => ctx.reenter(_host, 'eth0', bytes, 0))
  net.run(ms(1))
  return net.notes('drop', 'h').slice(before)[0]?.why
}

test('addresses that cannot come over a link, and what log_martians says', () => {
  const net = host()
  net.sysctl('h', 'conf.all.log_martians', 1)
  expect(inject(net, '127.0.0.1', '10.0.0.1')).toBe('IP_MARTIAN_SOURCE')
  expect(inject(net, '10.0.0.7', '127.0.0.1')).toBe('IP_INADDRERRORS')
  expect(inject(net, '224.0.0.1', '10.0.0.1')).toBe('IP_MARTIAN_SOURCE')
  expect(inject(net, '255.255.255.255', '10.0.0.1')).toBe('IP_MARTIAN_SOURCE')
  expect(inject(net, '0.0.0.0', '10.0.0.1')).toBe('IP_MARTIAN_SOURCE')
  expect(inject(net, '0.1.2.3', '10.0.0.1')).toBe('IP_MARTIAN_SOURCE')
  expect(inject(net, '10.0.0.7', '0.0.0.1')).toBe('IP_INADDRERRORS')
  expect(net.notes('martian', 'h')).toHaveLength(7)
  net.sysctl('h', 'conf.eth0.route_localnet', 1)
  expect(inject(net, '10.0.0.7', '127.0.0.1')).toBeUndefined()
})
