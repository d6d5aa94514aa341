import { ask, DATABASE, FAST, frrFiles, NEIGHBORS, OSPF_ROUTES, ROUTES } from './control.ts'
import type { OwnLab } from './lab.ts'
import { FORWARD, type NetHost, netLab, web } from './net-lab.ts'

/** FRR's OSPF on networks of several shapes: who becomes neighbour of whom, what is known, which way is taken. */

const START = 'systemctl start frr'
const ANYWHERE = 'network 0.0.0.0/0 area 0'
const HTTP = 'curl -sS --max-time 3 -o /dev/null -w "%{http_code}\\n"'
const P2P = [...FAST, 'ip ospf network point-to-point']

interface RouterOptions {
  /** Lines by interface, besides the short timers. */
  ifaces?: Record<string, readonly string[]>
  ospf?: readonly string[]
  top?: readonly string[]
  boot?: readonly string[]
  files?: Record<string, string>
  /** FRR is started by the script. */
  later?: true
}

/** A router with OSPF on each of its interfaces; its id is its first address. */
function speaker(name: string, on: readonly string[], options: RouterOptions = {}): NetHost {
  const devs = on.map((words) => words.split(' ')[0] ?? '')
  const id = on[0]?.split(' ')[2]?.split('/')[0] ?? ''
  const ifaces = Object.fromEntries(devs.map((dev) => [dev, [...FAST, ...(options.ifaces?.[dev] ?? [])]]))
  const files = frrFiles(name, id, {
    ifaces,
    ospf: options.ospf ?? [ANYWHERE],
    ...(options.top && { top: options.top }),
  })
  // One after the other: whoever comes first becomes designated router.
  const start = options.later ? [] : [START, 'sleep 6']
  return {
    on,
    files: { ...files, ...options.files },
    boot: [FORWARD, ...(options.boot ?? []), ...start],
  }
}

/** A load balancer with the virtual address on lo, which it announces; it answers itself. */
function balancer(n: number): NetHost {
  const name = `lb${n}`
  return speaker(name, [`eth0 lan 10.0.0.${10 + n}/24`], {
    ifaces: { eth0: ['ip ospf priority 0'] },
    boot: [`ip addr add ${VIP}/32 dev lo`, 'nginx'],
    files: web(name),
  })
}

const VIP = '10.9.9.9'
function balancers(count: number): Record<string, NetHost> {
  return {
    r1: speaker('r1', ['eth0 lan 10.0.0.1/24']),
    ...Object.fromEntries(Array.from({ length: count }, (_, i) => [`lb${i + 1}`, balancer(i + 1)])),
  }
}

const SQUARE: Record<string, readonly string[]> = {
  r1: ['eth0 a 10.0.12.1/24', 'eth1 b 10.0.13.1/24'],
  r2: ['eth0 a 10.0.12.2/24', 'eth1 c 10.0.24.2/24'],
  r3: ['eth0 b 10.0.13.3/24', 'eth1 d 10.0.34.3/24'],
  r4: ['eth0 c 10.0.24.4/24', 'eth1 d 10.0.34.4/24'],
}
function square(options: Record<string, RouterOptions>): Record<string, NetHost> {
  return Object.fromEntries(
    Object.entries(SQUARE).map(([name, on]) => [name, speaker(name, on, options[name])]),
  )
}

/** With several equal ways, or where daemons start side by side. */
function words(...lab: Parameters<typeof netLab>): OwnLab {
  return { ...netLab(...lab), wordsOnly: true }
}

export const OSPF_LABS: readonly OwnLab[] = [
  netLab(
    'ospf-p2p',
    'a point-to-point link: no designated router, no network LSA',
    {
      hosts: {
        r1: speaker('r1', ['eth0 link 10.0.0.1/30'], { ifaces: { eth0: P2P } }),
        r2: speaker('r2', ['eth0 link 10.0.0.2/30'], {
          ifaces: { eth0: P2P },
          boot: ['ip addr add 10.9.9.9/32 dev lo', 'nginx'],
          files: web('r2'),
        }),
      },
    },
    [
      ...ask('r1', NEIGHBORS, DATABASE, OSPF_ROUTES, ROUTES),
      'r1$ ip route',
      `r1$ curl -sS --max-time 3 http://${VIP}`,
      'r2$ vtysh -c "show ip ospf database router self-originate"',
    ],
  ),
  words(
    'ospf-three-lbs',
    'three load balancers; the virtual address is taken from one and given back',
    { hosts: balancers(3) },
    [
      ...ask('r1', NEIGHBORS, DATABASE, ROUTES),
      'r1$ ip route',
      ...ask('lb2', NEIGHBORS),
      `lb2$ ip addr del ${VIP}/32 dev lo`,
      '@sleep 11',
      'r1$ ip route',
      `r1$ ${HTTP} http://${VIP}`,
      `lb2$ ip addr add ${VIP}/32 dev lo`,
      '@sleep 11',
      'r1$ ip route',
    ],
  ),
  words('ospf-eight-lbs', 'eight load balancers', { hosts: balancers(8) }, [
    ...ask('r1', NEIGHBORS, DATABASE, OSPF_ROUTES),
    'r1$ ip route',
    `r1$ ${HTTP} http://${VIP}`,
    ...ask('lb8', NEIGHBORS),
  ]),
  words(
    'ospf-killed',
    'ospfd is killed and watched over; FRR is stopped and started',
    { hosts: balancers(2) },
    [
      'r1$ ip route',
      'lb1$ systemctl stop frr',
      '@sleep 3',
      'r1$ ip route',
      ...ask('r1', NEIGHBORS, DATABASE),
      `r1$ ${HTTP} http://${VIP}`,
      `lb1$ ${START} >/dev/null 2>&1`,
      '@sleep 20',
      ...ask('r1', NEIGHBORS),
      'r1$ ip route',
      'lb2$ systemctl kill -s KILL frr',
      '@sleep 2',
      'r1$ ip route',
      '@sleep 5',
      ...ask('r1', NEIGHBORS, DATABASE),
      'r1$ ip route',
      `r1$ ${HTTP} http://${VIP}`,
    ],
  ),
  words('ospf-cable', 'the cable of a load balancer is pulled and put in again', { hosts: balancers(2) }, [
    'r1$ ip route',
    '@unplug lb1 eth0',
    '@sleep 6',
    ...ask('r1', NEIGHBORS, DATABASE),
    'r1$ ip route',
    ...ask('lb1', NEIGHBORS, ROUTES),
    `r1$ ${HTTP} http://${VIP}`,
    '@plug lb1 eth0',
    '@sleep 24',
    ...ask('r1', NEIGHBORS),
    'r1$ ip route',
  ]),
  words(
    'ospf-priorities',
    'four routers on one LAN elect by priority; the designated router leaves and comes back',
    {
      hosts: Object.fromEntries(
        (
          [
            ['r1', 1],
            ['r2', 10],
            ['r3', 5],
            ['r4', 0],
          ] as const
        ).map(([name, priority], i) => [
          name,
          speaker(name, [`eth0 lan 10.0.0.${i + 1}/24`], {
            ifaces: { eth0: ['ip ospf dead-interval 12', `ip ospf priority ${priority}`] },
            later: true,
          }),
        ]),
      ),
    },
    [
      ...['r1', 'r2', 'r3'].map((name) => `${name}& ${START} >/dev/null 2>&1`),
      `r4$ ${START} >/dev/null 2>&1`,
      '@sleep 24',
      ...ask('r1', NEIGHBORS, DATABASE),
      ...ask('r4', NEIGHBORS),
      'r2$ systemctl stop frr >/dev/null 2>&1',
      '@sleep 3',
      ...ask('r1', NEIGHBORS),
      `r2$ ${START} >/dev/null 2>&1`,
      '@sleep 12',
      ...ask('r4', NEIGHBORS),
    ],
  ),
  words(
    'ospf-equal-priority',
    'three routers of one priority: the highest id wins',
    {
      hosts: Object.fromEntries(
        ['r1', 'r2', 'r3'].map((name, i) => [
          name,
          speaker(name, [`eth0 lan 10.0.0.${i + 1}/24`], {
            ifaces: { eth0: ['ip ospf dead-interval 12'] },
            later: true,
          }),
        ]),
      ),
    },
    [
      ...['r1', 'r2'].map((name) => `${name}& ${START} >/dev/null 2>&1`),
      `r3$ ${START} >/dev/null 2>&1`,
      '@sleep 24',
      ...ask('r1', NEIGHBORS, DATABASE),
      ...ask('r3', NEIGHBORS),
      'r1$ vtysh -c "show ip ospf database network"',
    ],
  ),
  netLab(
    'ospf-costs',
    'a square with costs: one way there, another one back, then two of equal cost',
    {
      hosts: square({
        r1: { ifaces: { eth0: ['ip ospf cost 10'], eth1: ['ip ospf cost 20'] } },
        r4: { ifaces: { eth0: ['ip ospf cost 20'], eth1: ['ip ospf cost 5'] } },
      }),
    },
    [
      ...ask('r1', OSPF_ROUTES, ROUTES),
      ...ask('r4', OSPF_ROUTES),
      'r1$ ip route get 10.0.34.4',
      'r1$ vtysh -c "conf t" -c "interface eth1" -c "ip ospf cost 10"',
      '@sleep 8',
      ...ask('r1', OSPF_ROUTES),
      'r1$ ip route',
      'r1$ vtysh -c "show ip ospf interface eth1"',
    ],
  ),
  words(
    'ospf-in-a-row',
    'two routers in a row, two load balancers behind the second',
    {
      hosts: {
        r1: speaker('r1', ['eth0 mid 10.1.0.1/24']),
        r2: speaker('r2', ['eth0 lan 10.0.0.1/24', 'eth1 mid 10.1.0.2/24']),
        lb1: balancer(1),
        lb2: balancer(2),
      },
    },
    [
      ...ask('r1', NEIGHBORS, DATABASE, OSPF_ROUTES, ROUTES),
      'r1$ ip route',
      'r2$ ip route',
      ...ask('lb1', ROUTES),
      `r1$ ${HTTP} http://${VIP}`,
    ],
  ),
  netLab(
    'ospf-passive',
    'a network without Hellos is announced, one outside the configuration is not',
    {
      hosts: {
        r1: speaker('r1', ['eth0 mid 10.1.0.1/24']),
        r2: speaker('r2', ['eth0 mid 10.1.0.2/24', 'eth1 quiet 10.2.0.2/24', 'eth2 other 10.3.0.2/24'], {
          ospf: ['passive-interface eth1', 'network 10.1.0.0/16 area 0', 'network 10.2.0.0/16 area 0'],
        }),
        r3: speaker('r3', ['eth0 quiet 10.2.0.3/24']),
        s: {
          on: ['eth0 quiet 10.2.0.10/24'],
          files: web('s'),
          boot: ['ip route add default via 10.2.0.2', 'nginx'],
        },
      },
    },
    [
      ...ask('r1', NEIGHBORS, OSPF_ROUTES, ROUTES),
      ...ask('r2', NEIGHBORS, 'ospf interface eth1'),
      ...ask('r3', NEIGHBORS),
      'r1$ curl -sS --max-time 3 http://10.2.0.10',
      'r2$ vtysh -c "show ip ospf database router self-originate"',
    ],
  ),
  netLab(
    'ospf-redistribute',
    'static and connected routes as external ones; a default route is not among them',
    {
      hosts: {
        r1: speaker('r1', ['eth0 mid 10.1.0.1/24']),
        r2: speaker('r2', ['eth0 mid 10.1.0.2/24', 'eth1 out 10.2.0.2/24'], {
          top: ['ip route 192.0.2.0/24 10.2.0.10', 'ip route 0.0.0.0/0 10.2.0.10'],
          ospf: [
            'network 10.1.0.0/16 area 0',
            'redistribute connected metric-type 1',
            'redistribute static metric 50',
          ],
        }),
        s: {
          on: ['eth0 out 10.2.0.10/24 192.0.2.1/32'],
          files: web('s'),
          boot: ['ip route add 10.1.0.0/24 via 10.2.0.2', 'nginx'],
        },
      },
    },
    [
      ...ask('r1', DATABASE, OSPF_ROUTES, ROUTES),
      'r1$ ip route',
      'r1$ curl -sS --max-time 3 http://192.0.2.1',
      'r2$ vtysh -c "conf t" -c "no ip route 192.0.2.0/24 10.2.0.10"',
      '@sleep 8',
      ...ask('r1', OSPF_ROUTES),
      'r2$ vtysh -c "show ip ospf database external self-originate"',
    ],
  ),
  netLab(
    'ospf-static',
    'a static route of a longer distance stands in while OSPF has none',
    {
      hosts: {
        r1: speaker('r1', ['eth0 a 10.1.0.1/24', 'eth1 b 10.2.0.1/24'], {
          top: ['ip route 10.9.0.0/24 10.2.0.2 200', 'ip route 10.8.0.0/24 10.2.0.2 50'],
          ospf: ['network 10.1.0.0/16 area 0'],
        }),
        r2: speaker('r2', ['eth0 a 10.1.0.2/24', 'eth1 far 10.9.0.2/24', 'eth2 next 10.8.0.2/24']),
        r3: { on: ['eth0 b 10.2.0.2/24'], boot: [FORWARD] },
      },
    },
    [
      ...ask('r1', ROUTES, OSPF_ROUTES),
      'r1$ ip route',
      'r2$ systemctl stop frr >/dev/null 2>&1',
      '@sleep 3',
      ...ask('r1', ROUTES),
      'r1$ ip route',
      `r2$ ${START} >/dev/null 2>&1`,
      '@sleep 18',
      'r1$ ip route',
    ],
  ),
  netLab(
    'ospf-mismatch',
    'two routers that do not agree on the interval, a third with another area',
    {
      hosts: {
        r1: speaker('r1', ['eth0 lan 10.0.0.1/24']),
        r2: speaker('r2', ['eth0 lan 10.0.0.2/24'], { ifaces: { eth0: ['ip ospf hello-interval 2'] } }),
        r3: speaker('r3', ['eth0 lan 10.0.0.3/24'], { ospf: ['network 0.0.0.0/0 area 1'] }),
        r4: speaker('r4', ['eth0 lan 10.0.0.4/24']),
      },
    },
    [
      ...ask('r1', NEIGHBORS),
      ...ask('r2', NEIGHBORS, DATABASE),
      ...ask('r3', NEIGHBORS),
      ...ask('r4', NEIGHBORS),
    ],
  ),
]
