import { expect, test } from 'vitest'
import { courseNet, describePacket } from '../../../../testing/ospf-net.ts'
import { MS, SEC, US } from '../../../base/ids.ts'
import { showDatabase, showMaxAge } from './show/database.ts'
import { showInterfaces, showTraffic } from './show/interface.ts'
import { showNeighborDetail, showNeighbors } from './show/neighbor.ts'
import { showOspf } from './show/process.ts'
import { showBorderRouters, showRoutes } from './show/route.ts'
import { dumpTime } from './show/words.ts'

/** Texts as FRR 8.4.4 printed them in the same situation; the whole shows of the converged course are compared elsewhere. */
test.each([
  [3165 * MS, '3.165s'],
  [91 * SEC + 400 * MS, '1m31s'],
  [7445 * SEC, '2h04m05s'],
  [564 * US, '564 usecs'],
  [86401 * SEC, '1d00h00m'],
  [15 * 86400 * SEC + SEC, '2w1d00h'],
  [0, '0 usecs'],
])('%d ns are %s', (ns, text) => {
  expect(dumpTime(ns)).toBe(text)
})

test('after a neighbour was stopped: its LSA at 3600 with the mark of those that wait, the neighbour in the table', () => {
  const net = courseNet()
  net.run(60 * SEC)
  net.step('LB1', { kind: 'stop' })
  net.get('LB1').running = false
  net.runSeconds(1)
  const { o } = net.get('router')
  const summary = showDatabase(o, net.now).split('\n')
  expect(summary).toContain('172.16.253.131 172.16.253.131  3600 0x80000003 0x4bd9 2')
  const detail = showDatabase(o, net.now, { type: 'router' })
  expect(detail).toContain(
    '  LS age: 3600\n  Options: 0x2  : *|-|-|-|-|-|E|-\n  LS Flags: 0x86 \n  Flags: 0x0\n',
  )
  expect(showMaxAge(o, net.now)).toContain(
    '\n                MaxAge Link States:\n\nLink type: 1\nLink State ID: 172.16.253.131\n',
  )
  expect(showNeighbors(o, net.now).split('\n')).toHaveLength(6)
  net.runSeconds(4)
  expect(showNeighbors(o, net.now).split('\n')).toHaveLength(5)
  // The remover comes a minute after the LSA; then it is gone.
  net.runSeconds(60)
  expect(showDatabase(o, net.now)).not.toContain('172.16.253.131')
  expect(showOspf(o, net.now)).toContain('   Number of LSA 3\n')
})

test('one neighbour by its id: its line alone; nobody of that id: an empty line', () => {
  const net = courseNet()
  net.run(30 * SEC)
  const { o } = net.get('router')
  expect(showNeighbors(o, net.now, { id: '172.16.253.131' })).toMatch(
    /^172\.16\.253\.131 {4}0 Full\/DROther .*\n\n$/,
  )
  expect(showNeighbors(o, net.now, { id: '1.2.3.4' })).toBe('\n')
  expect(showNeighborDetail(o, net.now, { id: '1.2.3.4' })).toBe('\n')
})

test('interfaces: one without OSPF, one that is not there, one that is down', () => {
  const net = courseNet()
  net.run(30 * SEC)
  const { o } = net.get('router')
  expect(showInterfaces(o, net.now, 'lo')).toBe(
    'lo is up\n  ifindex 2, MTU 65536 bytes, BW 0 Mbit <UP,LOOPBACK,RUNNING>\n  OSPF not enabled on this interface\n\n',
  )
  expect(showInterfaces(o, net.now, 'nosuch')).toBe('No such interface name\n')
  net.change('router', 'ens33', { up: false })
  expect(showInterfaces(o, net.now, 'ens33')).toContain(
    '  OSPF is enabled, but not running on this interface\n',
  )
})

test('counts of packets stand under their heads', () => {
  const net = courseNet()
  net.run(30 * SEC)
  const lines = showTraffic(net.get('router').o).split('\n')
  expect(lines.slice(0, 4)).toEqual([
    '',
    'Interface       HELLO            DB-Desc         LS-Req           LS-Update        LS-Ack            Packets      ',
    '                Rx/Tx            Rx/Tx            Rx/Tx            Rx/Tx            Rx/Tx            Queued       ',
    '-------------------------------------------------------------------------------------------------------------',
  ])
  const count = (from: (name: string) => boolean, kind: string): number =>
    net.sent.filter((sent) => from(sent.from) && describePacket(sent.bytes).split(' ')[0] === kind).length
  const out = ['hello', 'dd', 'lsr', 'lsu', 'lsack'].map((kind) => count((name) => name === 'router', kind))
  const pairs = (lines[4] ?? '').trim().split(/ +/)
  expect(pairs.slice(1, 6).map((pair) => Number(pair.split('/')[1]))).toEqual(out)
  expect(Number(pairs[1]?.split('/')[0])).toBe(count((name) => name !== 'router', 'hello'))
  expect(lines[4]?.length).toBe(
    'ens33           327/181           40/23           10/6            22/24           28/4                  0'
      .length,
  )
})

test('without boundary routers their table is empty', () => {
  const net = courseNet()
  net.run(30 * SEC)
  expect(showBorderRouters(net.get('router').o)).toBe(
    '============ OSPF router routing table =============\n\n\n',
  )
  expect(showRoutes(net.get('LB1').o)).toContain('N    172.16.253.100/32     [0] area: 0.0.0.0\n')
})
