import { expect, test } from 'vitest'
import { playLab } from '../../testing/play-lab.ts'
import { loadShell } from '../shell/module.ts'
import { course } from './labs/course.ts'

await loadShell()

/**
 * The course with FRR under watchfrr. What is expected of zebra's dealings with the kernel was seen on a real one, with
 * the same commands.
 */
function router(...lines: string[]): string[] {
  return playLab(course, ['router$ sleep 30', ...lines.map((line) => `router$ ${line}`)]).slice(1)
}

const VIP = '172.16.253.100'

function chosen(table: string | undefined): string[] {
  const [, routes = ''] = (table ?? '').split('offload failure\n\n')
  const lines = routes.split('\n').filter((line) => line !== '')
  return lines.map((line) => line.replace(/, \d\d:\d\d:\d\d$/, ''))
}

test('numbers of next hops are given as zebra gives them (golden A4)', () => {
  const [objects] = router('ip nexthop')
  const ids = [...(objects ?? '').matchAll(/^id (\d+) (group )?/gm)].map((m) =>
    m[2] ? `group ${m[1]}` : m[1],
  )
  expect(ids).toEqual(['2', '6', 'group 10', '11'])
})

test('routes that others put into the kernel are known, ours that others take out come back', () => {
  const [, , , , , table, kernel] = router(
    'ip route add 10.61.0.0/16 via 172.16.253.129 metric 7',
    'ip route add 10.62.0.0/16 dev ens33',
    'ip route add blackhole 10.63.0.0/16',
    'ip route add 10.65.0.0/16 nexthop via 172.16.253.131 nexthop via 172.16.253.129',
    `ip route del ${VIP}; ip route del 10.62.0.0/16; sleep 1`,
    'vtysh -c "show ip route"',
    'ip route',
  )
  expect(chosen(table)).toEqual([
    'K>* 10.61.0.0/16 [0/7] via 172.16.253.129, ens33',
    'K>* 10.63.0.0/16 [0/0] unreachable (blackhole)',
    'K>* 10.65.0.0/16 [0/0] via 172.16.253.129, ens33, weight 1',
    '  *                    via 172.16.253.131, ens33, weight 1',
    'O   172.16.253.0/24 [110/1] is directly connected, ens33, weight 1',
    'C>* 172.16.253.0/24 is directly connected, ens33',
    `O>* ${VIP}/32 [110/1] via 172.16.253.129, ens33, weight 1`,
    '  *                           via 172.16.253.131, ens33, weight 1',
  ])
  expect(kernel).toContain(`${VIP} nhid 10 proto ospf metric 20`)
})

test('an interface that goes down takes its routes along; static and OSPF routes come back with it', () => {
  const [, down, objects, , up] = router(
    'vtysh -c "configure terminal" -c "ip route 10.1.0.0/16 172.16.253.131" -c "ip route 10.4.0.0/16 10.1.0.5"; ' +
      'sleep 1; ip link set ens33 down; sleep 1',
    'vtysh -c "show ip route"; ip route',
    'ip nexthop',
    'ip link set ens33 up; sleep 30',
    'vtysh -c "show ip route"',
  )
  expect(down).toBe('')
  expect(objects).toBe('')
  expect(chosen(up)).toEqual([
    'S>* 10.1.0.0/16 [1/0] via 172.16.253.131, ens33, weight 1',
    'S>  10.4.0.0/16 [1/0] via 10.1.0.5 (recursive), weight 1',
    '  *                     via 172.16.253.131, ens33, weight 1',
    'O   172.16.253.0/24 [110/1] is directly connected, ens33, weight 1',
    'C>* 172.16.253.0/24 is directly connected, ens33',
    `O>* ${VIP}/32 [110/1] via 172.16.253.129, ens33, weight 1`,
    '  *                           via 172.16.253.131, ens33, weight 1',
  ])
})

test('ospfd is killed: its routes go at once, its next hops are kept, watchfrr brings it back', () => {
  const [, gone, kept, , back] = router(
    'pkill -9 ospfd; sleep 2',
    `ip route show ${VIP}`,
    'ip nexthop',
    'sleep 30',
    `ip route show ${VIP}`,
  )
  expect(gone).toBe('')
  expect(kept).toContain('id 10 group 6/11 proto zebra')
  expect(back).toContain(`${VIP} nhid 10 proto ospf metric 20`)
})

test('next hops that nobody wants are taken out after three minutes, the parts of a group after three more', () => {
  const [, early, , late, , last] = router(
    'vtysh -c "conf t" -c "no router ospf"; sleep 170',
    'ip nexthop',
    'sleep 20',
    'ip nexthop',
    'sleep 180',
    'ip nexthop',
  )
  expect(early).toContain('id 10 group 6/11')
  expect(late).not.toContain('group')
  expect(late).toContain('id 6 via 172.16.253.129')
  expect(last).toBe('id 2 dev ens33 scope host proto zebra \n')
})

test('zebra is killed: routes stay until the next zebra sweeps them; stopped, it takes them along', () => {
  const [, stays, , swept, , stopped] = router(
    'pkill -9 zebra; sleep 2',
    `ip route show ${VIP}`,
    'sleep 5',
    `ip route show ${VIP}`,
    'systemctl restart frr; sleep 30; systemctl stop frr; sleep 1',
    'ip route',
  )
  expect(stays).toContain('nhid 10')
  expect(swept).toBe('')
  expect(stopped).toBe('172.16.253.0/24 dev ens33 proto kernel scope link src 172.16.253.135 \n')
})

test('the least distance wins, and what it wins over stays known', () => {
  const [, both, , one] = router(
    `vtysh -c "conf t" -c "ip route ${VIP}/32 172.16.253.130 200"; sleep 1`,
    `vtysh -c "show ip route ${VIP}/32"`,
    `vtysh -c "conf t" -c "no ip route ${VIP}/32 172.16.253.130 200" -c "ip route ${VIP}/32 172.16.253.130 5"; sleep 1`,
    `ip route show ${VIP}`,
  )
  expect(both).toContain('Known via "static", distance 200, metric 0\n')
  expect(both).toContain('Known via "ospf", distance 110, metric 1, best\n')
  expect(one).toMatch(/ proto static metric 20 \n$/)
})

test('a route map filters, and sets the source that the kernel uses', () => {
  const [, set, , filtered] = router(
    'vtysh -c "conf t" -c "route-map ANY permit 10" -c "set src 172.16.253.135"; sleep 6',
    `ip route show ${VIP}`,
    `vtysh -c "conf t" -c "ip prefix-list ANY seq 1 deny ${VIP}/32"; sleep 6`,
    `ip route show ${VIP}`,
  )
  expect(set).toContain('proto ospf src 172.16.253.135 metric 20')
  expect(filtered).toBe('')
})

test('neighbours know each other by MAC address although nothing was sent to them (ospf_proactively_arp)', () => {
  const [before, after] = playLab(course, [
    'LB1$ ip neigh show 172.16.253.129',
    'LB2$ ip neigh flush all; sleep 3; ip neigh show 172.16.253.131',
  ])
  expect(before).toContain('00:0c:29:df:3c:cc')
  expect(after).toContain('00:0c:29:31:01:31')
})
