import { beforeEach, describe, expect, test } from 'vitest'
import { courseNet, describePacket, OspfNet } from '../../../../testing/ospf-net.ts'
import { formatIp4, type Ip4, parseIp4, SEC } from '../../../base/ids.ts'
import { MAX_AGE } from '../../../wire/ospf-lsa.ts'
import { ageOf } from './lsdb.ts'
import type { NsmState } from './types.ts'

const VIP = `${parseIp4('172.16.253.100') ?? 0}/32`

function vipHops(net: OspfNet): string[] {
  return (
    net
      .get('router')
      .rib.get(VIP)
      ?.nexthops.map((hop) => formatIp4(hop.gateway)) ?? []
  )
}

function stateOf(net: OspfNet, name: string, nbr: string): NsmState | undefined {
  return net
    .get(name)
    .o.oifs.flatMap((oif) => oif.nbrs)
    .find((one) => formatIp4(one.id) === nbr)?.state
}

describe('the course’s lab when LB1 goes', () => {
  let net: OspfNet
  beforeEach(() => {
    net = courseNet()
    net.run(60 * SEC)
    expect(vipHops(net)).toEqual(['172.16.253.129', '172.16.253.131'])
  })

  test('killed: the router notices by the dead timer, 3 to 4 s later (golden A5)', () => {
    net.get('LB1').running = false
    const at = net.now
    net.runSeconds(2.9)
    expect(vipHops(net)).toHaveLength(2)
    net.runSeconds(1.3)
    expect(vipHops(net)).toEqual(['172.16.253.129'])
    const lost = net
      .get('router')
      .notes.find((note) => note.kind === 'ospf.neighbor' && note.to === 'Deleted')
    expect(lost).toMatchObject({ from: 'Full', why: 'InactivityTimer' })
    expect((lost?.at ?? 0) - at).toBeLessThanOrEqual(4 * SEC)
    expect(net.get('router').log.at(-1)?.text).toBe(
      '[Y05P2-YJVXY] AdjChg: Nbr 172.16.253.131, NbrIP 172.16.253.131 (default) on ens33:172.16.253.135: Full -> Deleted (InactivityTimer)',
    )
  })

  test('stopped: its router LSA goes out at MaxAge and the route is gone at once, the neighbour 4 s later', () => {
    net.sent.length = 0
    net.step('LB1', { kind: 'stop' })
    const lsu = net.sent.filter((sent) => sent.from === 'LB1')
    expect(lsu.map((sent) => describePacket(sent.bytes))).toEqual(['lsu 1'])
    const header = lsu[0]?.bytes.subarray(28) ?? new Uint8Array(0)
    expect(((header[0] ?? 0) << 8) | (header[1] ?? 0)).toBe(MAX_AGE)
    net.get('LB1').running = false
    net.runSeconds(0.2)
    expect(vipHops(net)).toEqual(['172.16.253.129'])
    expect(stateOf(net, 'router', '172.16.253.131')).toBe('Full')
    expect(net.get('LB1').rib.size).toBe(0)
    net.runSeconds(4)
    expect(stateOf(net, 'router', '172.16.253.131')).toBeUndefined()
  })

  test('its interface goes down and comes back: at once there, by the dead timer here, Full again after the DD wait', () => {
    net.change('LB1', 'ens33', { up: false })
    expect(net.get('LB1').o.oifs.find((oif) => oif.dev === 'ens33')?.nbrs).toEqual([])
    net.runSeconds(15)
    expect(vipHops(net)).toEqual(['172.16.253.129'])
    net.change('LB1', 'ens33', { up: true })
    const at = net.now
    net.runSeconds(30)
    expect(stateOf(net, 'router', '172.16.253.131')).toBe('Full')
    expect(vipHops(net)).toEqual(['172.16.253.129', '172.16.253.131'])
    const full = net
      .get('router')
      .notes.filter((note) => note.kind === 'ospf.neighbor' && note.to === 'Full' && note.at > at)
    expect(full.length).toBeGreaterThan(0)
  })

  test('the VIP is taken off lo: the route follows within the second, the neighbours stay', () => {
    net.change('LB1', 'lo', { addrs: ['127.0.0.1/8'] })
    net.runSeconds(0.5)
    expect(vipHops(net)).toEqual(['172.16.253.129'])
    expect(stateOf(net, 'router', '172.16.253.131')).toBe('Full')
    net.change('LB1', 'lo', { addrs: ['127.0.0.1/8', '172.16.253.100/32'] })
    net.runSeconds(12)
    expect(vipHops(net)).toEqual(['172.16.253.129', '172.16.253.131'])
  })

  test('killed and started again: it goes beyond the sequence number of its former life', () => {
    const old = net.get('router').o.areas[0]?.lsdb.find((lsa) => formatIp4(lsa.adv) === '172.16.253.131')
    net.get('LB1').running = false
    net.runSeconds(10)
    net.add('LB1', { ens33: '172.16.253.131/24 on lan', lo: '127.0.0.1/8,172.16.253.100/32 on -' })
    net.configure(
      'LB1',
      'interface ens33\n ip ospf cost 1\n ip ospf dead-interval 4\n ip ospf hello-interval 1\n ip ospf priority 0\nrouter ospf\n ospf router-id 172.16.253.131\n network 172.16.253.0/24 area 0',
    )
    net.runSeconds(30)
    const now = net.get('router').o.areas[0]?.lsdb.find((lsa) => formatIp4(lsa.adv) === '172.16.253.131')
    expect(now?.seq).toBeGreaterThan(old?.seq ?? Infinity)
    expect(vipHops(net)).toEqual(['172.16.253.129', '172.16.253.131'])
  })
})

/** Two or more routers on one network, all able to be DR. */
function lan(ids: readonly number[], extra = ''): OspfNet {
  const net = new OspfNet()
  for (const id of ids) {
    net.add(`r${id}`, { eth0: `10.0.0.${id}/24 on lan` })
    net.configure(`r${id}`, conf(id, extra))
  }
  return net
}

function conf(id: number, extra: string): string {
  return `interface eth0
 ip ospf hello-interval 1
 ip ospf dead-interval 4
${extra}
router ospf
 ospf router-id 1.1.1.${id}
 network 10.0.0.0/24 area 0`
}

const ipOf = (id: number): Ip4 => (0x0a000000 + id) as Ip4

describe('election', () => {
  test('the highest router id becomes DR, the next one backup; others are adjacent to these two only', () => {
    const net = lan([1, 2, 3, 4])
    net.runSeconds(20)
    for (const id of [1, 2, 3, 4]) {
      const self = net.get(`r${id}`).o.oifs[0]?.self
      expect([self?.dr, self?.bdr]).toEqual([ipOf(4), ipOf(3)])
    }
    expect(net.get('r4').o.oifs[0]?.state).toBe('DR')
    expect(net.get('r3').o.oifs[0]?.state).toBe('Backup')
    expect(stateOf(net, 'r1', '1.1.1.2')).toBe('2-Way')
    expect(stateOf(net, 'r1', '1.1.1.3')).toBe('Full')
  })

  test('a DR that is lost is followed by the backup; when it comes back it does not take over', () => {
    const net = lan([1, 2, 3])
    net.runSeconds(20)
    net.get('r3').running = false
    net.runSeconds(10)
    expect(net.get('r2').o.oifs[0]?.state).toBe('DR')
    expect(net.get('r1').o.oifs[0]?.state).toBe('Backup')
    net.add('r3', { eth0: '10.0.0.3/24 on lan' })
    net.configure('r3', conf(3, ''))
    net.runSeconds(20)
    expect(net.get('r3').o.oifs[0]?.state).toBe('DROther')
    expect(stateOf(net, 'r3', '1.1.1.2')).toBe('Full')
  })

  test('a point-to-point network has no DR and no network LSA', () => {
    const net = lan([1, 2], ' ip ospf network point-to-point')
    net.runSeconds(10)
    expect(stateOf(net, 'r1', '1.1.1.2')).toBe('Full')
    expect(net.get('r1').o.areas[0]?.lsdb.map((lsa) => lsa.type)).toEqual([1, 1])
    expect(new Set(net.sent.map((sent) => formatIp4(sent.dst)))).toEqual(new Set(['224.0.0.5']))
  })
})

describe('what two sides must agree on', () => {
  test.each([
    [
      ' ip ospf hello-interval 2',
      'hello-interval',
      'HelloInterval mismatch on eth0:10.0.0.1 (expected 1, but received 2).',
    ],
    [
      ' ip ospf dead-interval 5',
      'dead-interval',
      'RouterDeadInterval mismatch on eth0:10.0.0.1 (expected 4, but received 5).',
    ],
  ])('%s', (line, why, text) => {
    const net = lan([1])
    net.add('r2', { eth0: '10.0.0.2/24 on lan' })
    net.configure('r2', conf(2, line))
    net.runSeconds(10)
    expect(stateOf(net, 'r1', '1.1.1.2')).toBeUndefined()
    expect(net.get('r1').notes).toContainEqual(expect.objectContaining({ kind: 'ospf.refused', why }))
    expect(net.get('r1').log[0]?.text).toMatch(
      new RegExp(`^\\[.{11}\\]\\[EC 134217741\\] Packet 1\\.1\\.1\\.2 \\[Hello:RECV\\]: `),
    )
    expect(net.get('r1').log[0]?.text).toContain(text)
  })

  test('an MTU larger than ours keeps the neighbour in ExStart, unless it is ignored', () => {
    for (const ignore of [false, true]) {
      const net = lan([1, 2], ignore ? ' ip ospf mtu-ignore' : '')
      net.change('r2', 'eth0', { mtu: 9000 })
      net.runSeconds(20)
      expect(stateOf(net, 'r1', '1.1.1.2')).toBe(ignore ? 'Full' : 'ExStart')
    }
  })

  test('a passive interface says nothing and hears nothing, but its network is announced', () => {
    const net = lan([1])
    net.configure('r1', 'router ospf\n passive-interface eth0')
    net.sent.length = 0
    net.runSeconds(10)
    expect(net.sent).toEqual([])
    expect(net.get('r1').groups.size).toBe(0)
  })
})

describe('time and loss', () => {
  test('with a third of all packets lost the databases become the same all the same', () => {
    const net = lan([1, 2, 3, 4, 5])
    let count = 0
    net.lose = () => (count += 7) % 3 === 0
    net.runSeconds(300)
    net.lose = () => false
    net.runSeconds(60)
    const dump = (name: string): string[] =>
      net
        .get(name)
        .o.areas.flatMap((area) => area.lsdb.map((lsa) => `${lsa.type} ${lsa.id} ${lsa.seq} ${lsa.checksum}`))
    for (const id of [2, 3, 4, 5]) expect(dump(`r${id}`)).toEqual(dump('r1'))
    expect(dump('r1').length).toBe(6)
  })

  test('LSAs are issued anew after 28 to 30 minutes, so that none grows old', () => {
    const net = lan([1, 2])
    net.keepPackets = false
    net.runSeconds(60)
    const first = net.get('r1').o.areas[0]?.routerLsa
    net.runSeconds(1660 - 60)
    expect(net.get('r1').o.areas[0]?.routerLsa?.seq).toBe(first?.seq)
    net.runSeconds(150)
    expect(net.get('r1').o.areas[0]?.routerLsa?.seq).toBeGreaterThan(first?.seq ?? Infinity)
    net.runSeconds(6000)
    const ages = net.get('r2').o.areas[0]?.lsdb.map((lsa) => ageOf(lsa, net.now)) ?? []
    expect(Math.max(...ages)).toBeLessThan(1820)
    expect(ages).toHaveLength(3)
  })

  test('what a dead router said is forgotten after an hour', () => {
    const net = lan([1, 2])
    net.keepPackets = false
    net.runSeconds(30)
    net.get('r2').running = false
    net.runSeconds(3500)
    const by2 = (): number =>
      net.get('r1').o.areas[0]?.lsdb.filter((lsa) => formatIp4(lsa.adv) === '1.1.1.2').length ?? 0
    expect(by2()).toBeGreaterThan(0)
    net.runSeconds(250)
    expect(by2()).toBe(0)
  })
})

test('redistributed routes are external LSAs with a way to them, and are taken back', () => {
  const net = lan([1, 2])
  net.configure('r2', 'router ospf\n redistribute static metric 7')
  const route = {
    dst: parseIp4('192.0.2.0') ?? (0 as Ip4),
    prefix: 24,
    type: 'static' as const,
    distance: 1,
    metric: 0,
    nexthops: [{ gateway: 0 as Ip4, dev: 'lo' }],
  }
  net.step('r2', { kind: 'redistributed', routes: [route] })
  net.runSeconds(30)
  const got = net.get('r1').rib.get(`${route.dst}/24`)
  expect(got?.metric).toBe(7)
  expect(got?.nexthops).toEqual([{ gateway: ipOf(2), dev: 'eth0' }])
  net.step('r2', { kind: 'redistributed', routes: [{ ...route, remove: true }] })
  net.runSeconds(10)
  expect(net.get('r1').rib.has(`${route.dst}/24`)).toBe(false)
})
