import { expect, test } from 'vitest'
import { ip, makeLan, ms, s } from '../../../testing/lan.ts'

const NONE = ip('0.0.0.0')

test('arp_filter: only the interface that leads to the asker answers', () => {
  const lan = makeLan({
    h: { eth0: '10.0.0.1/24', eth1: '10.0.0.2/24' },
    pc: { eth0: '10.0.0.9/24' },
  })
  const answers = () => lan.notes('arp.reply', 'h').map((n) => n.dev)
  const ask = () => {
    lan.op('pc', { op: 'neigh.flush' })
    lan.ping('pc', '10.0.0.2')
    lan.run(ms(10))
  }
  ask()
  expect(answers().sort()).toEqual(['eth0', 'eth1'])
  lan.sysctl('h', 'conf.all.arp_filter', 1)
  ask()
  expect(answers().slice(2)).toEqual(['eth0'])
  expect(lan.notes('drop', 'h').at(-1)).toMatchObject({ why: 'ARP_IGNORED', detail: 'arp_filter' })
})

test('proxy_arp: a router answers for what lies behind it, late unless proxy_delay is 0', () => {
  const lan = makeLan({
    pc: { eth0: '10.0.0.9/8' },
    r: { eth0: '10.0.0.1/24', eth1: '10.1.0.1/24 on back' },
    far: { eth0: '10.1.0.2/8 on back' },
  })
  lan.sysctl('r', 'ip_forward', 1)
  lan.sysctl('r', 'conf.all.proxy_arp', 1)
  lan.sysctl('r', 'neigh.eth0.proxy_delay', 0)
  lan.ping('pc', '10.1.0.2')
  lan.run(s(2))
  expect(lan.notes('arp.proxy', 'r').map((n) => [n.dev, n.by])).toEqual([
    ['eth0', 'eth1'],
    ['eth1', 'eth0'],
  ])
  expect(lan.notes('icmp', 'pc').at(-1)).toMatchObject({ type: 0, why: 'in' })
  // Not for addresses on the asker's own side.
  lan.ping('pc', '10.0.0.77')
  lan.run(s(4))
  expect(lan.notes('arp.proxy', 'r')).toHaveLength(2)
})

test('arp_notify: announcements when the interface comes up; who knows the address takes the new MAC', () => {
  const lan = makeLan({ h: { eth0: '10.0.0.1/24' }, pc: { eth0: '10.0.0.9/24' } })
  lan.ping('pc', '10.0.0.1')
  lan.run(s(2))
  lan.op('h', { op: 'link.set', dev: 'eth0', up: false })
  lan.op('h', { op: 'link.set', dev: 'eth0', up: true })
  expect(lan.notes('arp.announce', 'h')).toHaveLength(0)
  lan.sysctl('h', 'conf.eth0.arp_notify', 1)
  const mac = 0x020000000099 as never
  lan.op('h', { op: 'link.set', dev: 'eth0', mac })
  lan.run(ms(5))
  expect(lan.notes('arp.announce', 'h')).toHaveLength(1)
  expect(lan.notes('neigh', 'pc').at(-1)).toMatchObject({ ip: ip('10.0.0.1'), mac, why: 'gratuitous' })
})

test('arp_accept: announcements of strangers make an entry only if it says so, 2 = only from the own subnet', () => {
  const lan = makeLan({ h: { eth0: '10.0.0.1/24' }, pc: { eth0: '10.0.0.9/24' } })
  const announce = (address: string) => {
    lan.op('pc', { op: 'arp.send', dev: 'eth0', kind: 'announce', ip: ip(address), src: NONE })
    lan.run(ms(5))
    return lan.host('h').neigh[`eth0 ${ip(address)}`]?.state
  }
  expect(announce('10.0.0.50')).toBeUndefined()
  lan.sysctl('h', 'conf.all.arp_accept', 2)
  expect(announce('10.0.0.51')).toBe('STALE')
  expect(announce('10.9.0.51')).toBeUndefined()
  lan.sysctl('h', 'conf.all.arp_accept', 1)
  expect(announce('10.9.0.51')).toBe('STALE')
  lan.sysctl('h', 'conf.all.drop_gratuitous_arp', 1)
  expect(announce('10.9.0.52')).toBeUndefined()
})

test('an announcement of our own address by another host changes nothing here', () => {
  const lan = makeLan({ h: { eth0: '10.0.0.1/24' }, pc: { eth0: '10.0.0.9/24' } })
  lan.sysctl('h', 'conf.all.arp_accept', 1)
  lan.op('pc', { op: 'arp.send', dev: 'eth0', kind: 'announce', ip: ip('10.0.0.1'), src: NONE })
  lan.run(ms(5))
  expect(lan.host('h').neigh).toEqual({})
})
