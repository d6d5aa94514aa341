import { expect, test } from 'vitest'
import { parseIp4, type Ip4 } from '../../base/ids.ts'
import { must } from '../../base/assert.ts'
import { makeLan, ms } from '../../../testing/lan.ts'

const ip = (text: string): Ip4 => must(parseIp4(text), text)

function two(...more: readonly string[]) {
  const lan = makeLan({ a: { eth0: '10.0.0.1/24' }, b: { eth0: '10.0.0.2/24', eth1: '10.9.0.2/24 on back' } })
  const change = (op: 'addr.add' | 'addr.del', text: string) => {
    const [address = '', prefix] = text.split('/')
    const at = { dev: 'eth0', ip: ip(address), prefix: Number(prefix) }
    const broadcast = 0 as Ip4
    return lan.op('a', op === 'addr.add' ? { op, ...at, label: 'eth0', broadcast } : { op, ...at })
  }
  for (const text of more) change('addr.add', text)
  const addresses = () => lan.host('a').devs['eth0']?.addrs.map((a) => `${a.ip & 255}/${a.prefix}`)
  return { lan, change, addresses }
}

test('primary addresses stand before secondary ones', () => {
  expect(two('10.0.0.3/24', '10.7.0.4/16', '10.0.0.5/24').addresses()).toEqual([
    '1/24',
    '4/16',
    '3/24',
    '5/24',
  ])
})

test('a secondary address is reached from the primary one', () => {
  const { lan } = two('10.0.0.3/24')
  const own = lan.host('a').local.find((route) => route.dst === ip('10.0.0.3'))
  expect(own?.prefsrc).toBe(ip('10.0.0.1'))
})

test('with the primary address its secondary ones go, unless they are promoted', () => {
  const plain = two('10.0.0.3/24', '10.7.0.4/16', '10.0.0.5/24')
  plain.change('addr.del', '10.0.0.1/24')
  expect(plain.addresses()).toEqual(['4/16'])
  expect(plain.lan.host('a').main.map((route) => route.prefix)).toEqual([16])
  const promoting = two('10.0.0.3/24', '10.7.0.4/16', '10.0.0.5/24')
  promoting.lan.sysctl('a', 'conf.eth0.promote_secondaries', 1)
  promoting.change('addr.del', '10.0.0.1/24')
  expect(promoting.addresses()).toEqual(['4/16', '3/24', '5/24'])
  expect(promoting.lan.host('a').main.map((route) => route.prefsrc)).toContain(ip('10.0.0.3'))
})

test('the last address takes the routes of the interface along, and kills its next hops of others', () => {
  const { lan, change } = two()
  lan.ping('a', '10.0.0.2')
  lan.run(ms(10))
  const route = {
    dst: ip('10.5.0.0'),
    prefix: 16,
    type: 'unicast',
    proto: 'boot',
    metric: 0,
    prefsrc: 0 as Ip4,
  } as const
  const hop = { gateway: ip('10.0.0.2'), dev: 'eth0', weight: 1 }
  lan.op('a', { op: 'route.add', ...route, nexthops: [hop] })
  expect(Object.keys(lan.host('a').neigh)).toHaveLength(1)
  change('addr.del', '10.0.0.1/24')
  expect(lan.host('a').main).toEqual([])
  expect(lan.host('a').neigh).toEqual({})
  // a route over two interfaces stays, half of it dead until there is an address again
  const both = [hop, { gateway: ip('10.9.0.1'), dev: 'eth1', weight: 1 }].map((h) => ({
    ...h,
    gateway: 0 as Ip4,
  }))
  lan.op('b', { op: 'route.add', ...route, nexthops: both })
  lan.op('b', { op: 'addr.del', dev: 'eth0', ip: ip('10.0.0.2'), prefix: 24 })
  const dead = () =>
    lan
      .host('b')
      .main.find((r) => r.prefix === 16)
      ?.nexthops.map((h) => h.dead === true)
  expect(dead()).toEqual([true, false])
  lan.op('b', {
    op: 'addr.add',
    dev: 'eth0',
    ip: ip('10.0.0.2'),
    prefix: 24,
    label: 'eth0',
    broadcast: 0 as Ip4,
  })
  expect(dead()).toEqual([false, false])
})
