import type { OwnLab } from './lab.ts'
import { FORWARD, netLab, web, type NetHost } from './net-lab.ts'
import { BIG, BODY, TWO_ROUTERS } from './two-routers.ts'

/** Refusals, and TCP under faults. */

const upload = { '/tmp/up': 'x'.repeat(BODY) }

export const TCP_LABS: readonly OwnLab[] = [
  netLab(
    'refusals',
    'the ways a connection is refused, and how curl says it',
    {
      hosts: {
        c: { on: ['eth0 l1 10.0.1.10/24'], boot: ['ip route add default via 10.0.1.1'], files: upload },
        r1: {
          on: ['eth0 l1 10.0.1.1/24', 'eth1 l2 10.0.2.1/24'],
          boot: [
            FORWARD,
            ...[
              ['81', 'icmp-net-unreachable'],
              ['82', 'icmp-host-unreachable'],
              ['83', 'icmp-proto-unreachable'],
              ['84', 'icmp-port-unreachable'],
              ['85', 'icmp-net-prohibited'],
              ['86', 'icmp-host-prohibited'],
              ['87', 'icmp-admin-prohibited'],
              ['88', 'tcp-reset'],
            ].map(
              ([port, kind]) => `iptables -A FORWARD -p tcp --dport ${port} -j REJECT --reject-with ${kind}`,
            ),
            'iptables -A FORWARD -p tcp --dport 89 -j DROP',
          ],
        },
        s: {
          on: ['eth0 l2 10.0.2.10/24'],
          files: web('s'),
          boot: ['ip route add default via 10.0.2.1', 'nginx'],
        },
      },
    },
    [
      'c$ curl -sS http://10.0.2.10:90/',
      ...['81', '82', '83', '84', '85', '86', '87', '88'].flatMap((port) => [
        `c$ curl -sS --connect-timeout 4 http://10.0.2.10:${port}/`,
        '@sleep 1',
      ]),
      'c$ curl -sS --connect-timeout 2 http://10.0.2.10:89/',
      'c$ curl -sS http://10.0.9.1/',
      's$ ip route replace blackhole 10.0.1.0/24',
      's$ curl -sS http://10.0.1.10/',
      'c$ curl -sS --connect-timeout 2 http://10.0.2.10/',
      's$ ip route replace unreachable 10.0.1.0/24',
      's$ curl -sS http://10.0.1.10/',
      's$ ping -c 1 10.0.1.10',
      's$ ip route del unreachable 10.0.1.0/24',
      'c$ curl -sS --max-time 2 http://10.0.2.10/ http://10.0.2.10/no http://10.0.2.10/',
      'c$ curl -sSI --max-time 2 http://10.0.2.10/moved | grep Lo',
    ],
  ),
  netLab(
    'slow-and-cut',
    'a slow link that is cut and mended while several transfers are under way',
    {
      delayUs: { mid: 150_000 },
      hosts: { ...TWO_ROUTERS, c: { ...(TWO_ROUTERS['c'] as NetHost), files: upload } },
    },
    [
      `c$ ${BIG} --max-time 8 http://10.0.3.10/big`,
      `c$ curl -sS --max-time 8 -d @/tmp/up http://10.0.3.10/`,
      '@sleep 1',
      '@unplug s eth0',
      `c& ${BIG} --max-time 9 http://10.0.3.10/big`,
      '@sleep 1.8',
      '@plug s eth0',
      '@sleep 5',
      `c& ${BIG} --max-time 3 http://10.0.3.10/big`,
      '@sleep 1.1',
      'c$ ip addr del 10.0.1.10/24 dev eth0',
      '@sleep 3',
      'c$ ip route show',
      'c$ ip addr add 10.0.1.10/24 dev eth0',
      'c$ ip route add default via 10.0.1.1',
      '@sleep 2',
      'c$ curl -sS --max-time 3 http://10.0.3.10/',
    ],
  ),
]
