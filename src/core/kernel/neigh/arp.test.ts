import { expect, test } from 'vitest'
import { ip, makeLan, ms, s } from '../../../testing/lan.ts'
import { formatIp4 } from '../../base/ids.ts'
import { findNeigh } from './neigh.ts'

const VIP = '172.16.253.100'

/** Golden B10: the router asks for the VIP, which LB1 has on ens33 and the servers have on lo. */
function askForVip(all: number, ens33: number, lo: number) {
  const lan = makeLan({
    router: { ens33: '172.16.253.135/24' },
    LB1: { ens33: '172.16.253.131/24' },
    server1: { ens33: '172.16.253.130/24' },
    server2: { ens33: '172.16.253.134/24' },
  })
  const own = (host: string, dev: string): void => {
    lan.op(host, { op: 'addr.add', dev, ip: ip(VIP), prefix: 32, label: dev, broadcast: ip('0.0.0.0') })
  }
  own('LB1', 'ens33')
  for (const server of ['server1', 'server2']) {
    own(server, 'lo')
    lan.sysctl(server, 'conf.all.arp_ignore', all)
    lan.sysctl(server, 'conf.ens33.arp_ignore', ens33)
    lan.sysctl(server, 'conf.lo.arp_ignore', lo)
  }
  lan.ping('router', VIP)
  lan.run(s(1))
  return lan
}

const matrix: [all: number, ens33: number, lo: number, winner: string, answers: number][] = [
  [0, 0, 0, 'server2', 3],
  [0, 0, 1, 'server2', 3],
  [0, 0, 2, 'server2', 3],
  [0, 0, 8, 'server2', 3],
  [1, 0, 0, 'LB1', 1],
  [0, 1, 0, 'LB1', 1],
  [2, 0, 0, 'LB1', 1],
  [0, 2, 0, 'LB1', 1],
  [8, 0, 0, 'LB1', 1],
  [0, 8, 0, 'LB1', 1],
]

test.each(matrix)(
  'arp_ignore all=%i ens33=%i lo=%i: %s is believed, %i answer',
  (all, ens33, lo, winner, answers) => {
    const lan = askForVip(all, ens33, lo)
    expect(lan.notes('arp.reply').length).toBe(answers)
    expect(lan.notes('arp.ignored').length).toBe(3 - answers)
    const entry = findNeigh(lan.host('router'), 'ens33', ip(VIP))
    expect(entry?.mac).toBe(lan.host(winner).devs['ens33']?.mac)
  },
)

test('arp_ignore 2 counts the subnet of any address of the interface: a /32 beside a /24 answers', () => {
  const lan = makeLan({ router: { ens33: '172.16.253.135/24' }, server1: { ens33: '172.16.253.130/24' } })
  const add = { op: 'addr.add', dev: 'ens33', prefix: 32, label: 'ens33', broadcast: ip('0.0.0.0') } as const
  lan.op('server1', { ...add, ip: ip(VIP) })
  lan.sysctl('server1', 'conf.all.arp_ignore', 2)
  lan.ping('router', VIP)
  lan.run(s(1))
  expect(lan.notes('arp.reply', 'server1').length).toBe(1)
})

test('a suppressed answer names the values that decided, and the request is dropped with its reason', () => {
  const lan = askForVip(1, 0, 2)
  expect(lan.notes('arp.ignored', 'server1')[0]).toMatchObject({ ignore: 1, all: 1, own: 0, owner: 'lo' })
  expect(lan.host('server1').drops).toMatchObject({ ARP_IGNORED: 1 })
})

const announce: [all: number, ens33: number, lo: number, sender: string][] = [
  [0, 0, 0, VIP],
  [0, 0, 2, VIP],
  [1, 0, 0, VIP],
  [0, 1, 0, VIP],
  [2, 0, 0, '172.16.253.130'],
  [0, 2, 0, '172.16.253.130'],
]

test.each(announce)(
  'arp_announce all=%i ens33=%i lo=%i: the request is sent as %s',
  (all, ens33, lo, sender) => {
    const lan = makeLan({ router: { ens33: '172.16.253.135/24' }, server1: { ens33: '172.16.253.130/24' } })
    lan.op('server1', {
      op: 'addr.add',
      dev: 'lo',
      ip: ip(VIP),
      prefix: 32,
      label: 'lo:0',
      broadcast: ip(VIP),
    })
    lan.sysctl('server1', 'conf.all.arp_announce', all)
    lan.sysctl('server1', 'conf.ens33.arp_announce', ens33)
    lan.sysctl('server1', 'conf.lo.arp_announce', lo)
    lan.ping('server1', '172.16.253.135', { src: ip(VIP) })
    lan.run(ms(10))
    const asked = lan.notes('arp.request', 'server1')[0]
    expect(asked && formatIp4(asked.sender)).toBe(sender)
    // The router learns whoever asks: that is how the VIP's entry is spoilt.
    expect(findNeigh(lan.host('router'), 'ens33', ip(sender))?.mac).toBe(
      lan.host('server1').devs['ens33']?.mac,
    )
  },
)

test("a request for somebody else's address changes an entry that exists, but makes none", () => {
  const lan = makeLan({ a: { eth0: '10.0.0.1/24' }, b: { eth0: '10.0.0.2/24' }, c: { eth0: '10.0.0.3/24' } })
  lan.ping('a', '10.0.0.2')
  lan.run(ms(10))
  expect(Object.keys(lan.host('c').neigh)).toEqual([])
  expect(lan.host('c').drops['ARP_NOT_MINE']).toBe(1)
})
