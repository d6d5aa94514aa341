import type { OwnLab } from './lab.ts'
import { FORWARD, netLab, web, type NetHost } from './net-lab.ts'

/** Several ways at once: weights, dead next hops, next-hop objects, redirects. */

function star(count: number, boot: readonly string[]): Record<string, NetHost> {
  const numbers = Array.from({ length: count }, (_, i) => i + 1)
  return {
    c: {
      on: numbers.map((n) => `eth${n} p${n} 10.1.${n}.10/24`),
      boot: ['ip addr add 10.100.0.1/32 dev lo', ...boot],
    },
    ...Object.fromEntries(
      numbers.map((n) => [
        `r${n}`,
        {
          on: [`eth0 p${n} 10.1.${n}.1/24`, `eth1 srv 10.2.0.${n}/24`],
          boot: [FORWARD, `ip route add 10.100.0.1/32 via 10.1.${n}.10`],
        },
      ]),
    ),
    s: {
      on: ['eth0 srv 10.2.0.10/24'],
      files: web('s'),
      boot: [
        ...numbers.map((n) => `ip route add 10.1.${n}.0/24 via 10.2.0.${n}`),
        'ip route add 10.100.0.1/32 via 10.2.0.1',
        'sysctl -w net.ipv4.tcp_synack_retries=1',
        'nginx',
      ],
    },
  }
}

export const WAY_LABS: readonly OwnLab[] = [
  netLab(
    'dead-nexthops',
    'a route of three weighted gateways that lose link and neighbours',
    {
      hosts: star(3, [
        'ip route add 10.2.0.0/24 src 10.100.0.1 nexthop via 10.1.1.1 weight 1 nexthop via 10.1.2.1 weight 2 nexthop via 10.1.3.1 weight 3',
        'sysctl -w net.ipv4.conf.all.ignore_routes_with_linkdown=1',
      ]),
    },
    [
      'c$ ip route show',
      '@unplug c eth2',
      '@sleep 1',
      'c$ ip route show',
      '@unplug c eth3',
      '@sleep 1',
      'c$ ip route get 10.2.0.10',
      'c$ curl -sS --max-time 2 http://10.2.0.10/',
      'c$ ping -c 1 -W 1 10.2.0.10',
      '@unplug c eth1',
      '@sleep 1',
      'c$ ip route get 10.2.0.10',
      'c$ curl -sS --max-time 2 http://10.2.0.10/',
      'c$ ping -c 1 -W 1 10.2.0.10',
      '@plug c eth3',
      '@sleep 1',
      'c$ ip route get 10.2.0.10',
      'c$ curl -sS --max-time 2 http://10.2.0.10/',
      'c$ ip link set eth3 down',
      'c$ ip route show',
      '@plug c eth1',
      '@sleep 1',
      'c$ curl -sS --max-time 2 http://10.2.0.10/',
      'c$ ip link set eth3 up',
      'c$ ip route show',
      'c$ ip link set eth1 down',
      'c$ ip route show',
      'c$ ip addr del 10.1.3.10/24 dev eth3',
      'c$ ip route show',
    ],
  ),
  netLab(
    'use-neigh',
    'a gateway that does not answer, left out by fib_multipath_use_neigh',
    {
      hosts: {
        c: { on: ['eth0 lan 10.0.0.10/24'], boot: ['sysctl -w net.ipv4.fib_multipath_use_neigh=1'] },
        r1: { on: ['eth0 lan 10.0.0.1/24', 'eth1 far 10.2.0.1/24'], boot: [FORWARD] },
        s: {
          on: ['eth0 far 10.2.0.10/24'],
          files: web('s'),
          boot: ['ip route add default via 10.2.0.1', 'nginx'],
        },
      },
    },
    [
      'c$ ip route add 10.2.0.0/24 nexthop via 10.0.0.1 nexthop via 10.0.0.77 nexthop via 10.0.0.78 weight 9',
      'c$ ping -c 1 -W 4 10.0.0.77',
      'c$ ping -c 1 -W 4 10.0.0.78',
      ...Array.from({ length: 4 }, () => 'c$ curl -sS --max-time 2 http://10.2.0.10/'),
      'c$ ip neigh show',
      'c$ ip route show 10.2.0.0/24',
      'c$ sysctl -w net.ipv4.fib_multipath_hash_policy=1',
      ...Array.from({ length: 4 }, () => 'c$ curl -sS --max-time 2 http://10.2.0.10/'),
      'c$ traceroute -n -q 2 -w 1 -m 3 10.2.0.10',
      'c$ ping -c 1 -W 1 10.2.0.10',
    ],
  ),
  netLab(
    'nexthop-groups',
    'nexthop objects: a group and a resilient group whose members go',
    { hosts: star(3, []) },
    [
      'c$ ip nexthop add id 1 via 10.1.1.1 dev eth1',
      'c$ ip nexthop add id 2 via 10.1.2.1 dev eth2',
      'c$ ip nexthop add id 3 via 10.1.3.1 dev eth3',
      'c$ ip nexthop add id 10 group 1,2/2,3,5',
      'c$ ip nexthop add id 10 group 1,2,4/3,2',
      'c$ ip nexthop add id 10 group 1/2,4,3',
      'c$ ip nexthop add id 10 group 1/2,4',
      'c$ ip nexthop add id 10 group 1/3,2',
      'c$ ip nexthop add id 11 group 2/3 type resilient buckets 4 idle_timer 30',
      'c$ ip nexthop show',
      'c$ ip route add 10.2.0.0/24 nhid 10 src 10.100.0.1',
      'c$ ip route show',
      'c$ ip nexthop del id 2',
      'c$ ip nexthop show',
      'c$ ip nexthop bucket show id 11',
      'c$ ip nexthop bucket get id 11 index 2',
      'c$ ip route get 10.2.0.10',
      'c$ curl -sS --max-time 2 http://10.2.0.10/',
      'c$ ip route replace 10.2.0.0/24 nhid 11 src 10.100.0.1',
      'c$ curl -sS --max-time 2 http://10.2.0.10/',
      'c$ ip route show',
      'c$ ip nexthop replace id 3 via 10.1.2.1 dev eth2',
      'c$ ping -c 1 -W 1 10.2.0.10',
      'c$ ip nexthop add id 4 blackhole',
      'c$ ip route add 10.2.0.10/32 nhid 4',
      'c$ ping -c 1 -W 1 10.2.0.10',
      'c$ ip route show',
      'c$ ip nexthop del id 4',
      'c$ ip link set eth2 down',
      'c$ ip nexthop show',
      'c$ ip route show',
      'c$ curl -sS --max-time 2 http://10.2.0.10/',
    ],
  ),
  netLab(
    'redirected',
    "two routers on the client's LAN: redirects, taken and refused",
    {
      // a redirect comes when connect() is over
      delayUs: { lan: 3000 },
      hosts: {
        c: { on: ['eth0 lan 10.0.0.10/24'], boot: ['ip route add default via 10.0.0.1'] },
        r1: { on: ['eth0 lan 10.0.0.1/24'], boot: [FORWARD, 'ip route add 10.2.0.0/24 via 10.0.0.2'] },
        r2: { on: ['eth0 lan 10.0.0.2/24', 'eth1 far 10.2.0.1/24'], boot: [FORWARD] },
        s: {
          on: ['eth0 far 10.2.0.10/24'],
          files: web('s'),
          boot: ['ip route add default via 10.2.0.1', 'ip addr add 10.2.0.11/24 dev eth0', 'nginx'],
        },
      },
    },
    [
      'c$ ping -c 3 -i 1 -W 1 10.2.0.10',
      'c$ ip route get 10.2.0.10',
      'c$ curl -sS --max-time 2 http://10.2.0.11/',
      'c$ ip route get 10.2.0.11',
      'c$ ip route flush cache',
      'c$ sysctl -w net.ipv4.conf.all.accept_redirects=0 net.ipv4.conf.eth0.accept_redirects=0',
      '@sleep 3',
      'c$ ping -c 2 -i 1 -W 1 10.2.0.10',
      'c$ ip route get 10.2.0.10',
      'r1$ sysctl -w net.ipv4.conf.all.send_redirects=0',
      'c$ ping -c 1 -W 1 10.2.0.11',
      'r1$ sysctl -w net.ipv4.conf.eth0.send_redirects=0',
      'c$ ping -c 1 -W 1 10.2.0.11',
      'c$ traceroute -n -q 1 -w 1 -m 3 10.2.0.10',
    ],
  ),
]
