import { nginxConf } from '../../core/lab/labs/course-files.ts'
import { ask, FAST, frrFiles, HTTP_CHECK, ROUTES, TCP_CHECK, virtualServer, vrrpInstance } from './control.ts'
import type { OwnLab } from './lab.ts'
import { FORWARD, type NetHost, netLab } from './net-lab.ts'

/** keepalived: which servers a service has, who has the virtual address. */

const VIP = '10.0.0.100'
const [S1, S2, S3] = ['10.0.0.21', '10.0.0.22', '10.0.0.23'] as const
const HIDE = 'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2'
const START = 'systemctl start keepalived'
const GET = `client$ curl -sS --max-time 2 -w "%{http_code}\\n" http://${VIP}:8080`
const LIST = 'lb1$ ipvsadm -Ln'

function server(name: string, address: string, vip = VIP): NetHost {
  return {
    on: [`eth0 lan ${address}/24`],
    files: { '/etc/nginx/nginx.conf': nginxConf(name) },
    boot: [HIDE, `ip addr add ${vip}/32 dev lo`, 'nginx'],
  }
}

function balancer(address: string, conf: string, boot: readonly string[] = [], later = false): NetHost {
  return {
    on: [`eth0 lan ${address}/24`],
    files: { '/etc/keepalived/keepalived.conf': conf },
    boot: [FORWARD, ...boot, ...(later ? [] : [START])],
  }
}

const CLIENT: NetHost = { on: ['eth0 lan 10.0.0.50/24'] }
const RR = 'lvs_sched rr'
const OWNS = [`ip addr add ${VIP}/24 dev eth0`]

/** One load balancer that has the virtual address on its interface, and servers on the same LAN. */
function checked(id: string, shows: string, conf: string, lines: readonly string[]): OwnLab {
  const hosts = {
    client: CLIENT,
    s1: server('s1', S1),
    s2: server('s2', S2),
    s3: server('s3', S3),
    lb1: balancer('10.0.0.11', conf, OWNS),
  }
  return { ...netLab(id, shows, { hosts }, lines), withoutHealth: true }
}

const BOTH = [{ address: S1 }, { address: S2 }]
const STOP = (name: string): string => `${name}$ nginx -s stop`
const RUN = (name: string): string => `${name}$ nginx`

/** Two that could have the virtual address. */
function pair(
  id: string,
  shows: string,
  confs: readonly [string[], string[]],
  lines: readonly string[],
): OwnLab {
  const [one, two] = confs.map((words) => vrrpInstance('eth0', `${VIP}/24`, words))
  const hosts = {
    client: CLIENT,
    lb1: balancer('10.0.0.11', one ?? '', [], true),
    lb2: balancer('10.0.0.12', two ?? '', [], true),
  }
  return { ...netLab(id, shows, { hosts }, lines), withoutHealth: true }
}

const WHO = [
  'lb1$ ip -4 addr show eth0',
  'lb2$ ip -4 addr show eth0',
  `client$ ping -c 1 -W 1 ${VIP}`,
  'client$ ip neigh',
]

/** A load balancer whose virtual address is announced by OSPF while it has servers. */
const QUORUM = virtualServer(
  '10.9.9.9',
  [
    RR,
    `quorum_up "/sbin/ip addr add 10.9.9.9/32 dev lo"`,
    `quorum_down "/sbin/ip addr del 10.9.9.9/32 dev lo"`,
  ],
  [{ address: S1 }],
)

export const KEEPALIVED_LABS: readonly OwnLab[] = [
  checked(
    'check-sorry',
    'a sorry server while no other one answers',
    virtualServer(VIP, [RR, `sorry_server ${S3} 8080`], BOTH),
    [
      '@sleep 3',
      LIST,
      ...[GET, GET],
      STOP('s1'),
      STOP('s2'),
      '@sleep 7',
      LIST,
      GET,
      RUN('s1'),
      '@sleep 6',
      LIST,
      GET,
    ],
  ),
  checked(
    'check-inhibit',
    'a server that fails stays in the table with weight 0',
    virtualServer(
      VIP,
      [RR, 'quorum 2', 'hysteresis 0'],
      [
        { address: S1, lines: ['weight 3', 'inhibit_on_failure'] },
        { address: S2, lines: ['weight 2'] },
        { address: S3 },
      ],
    ),
    ['@sleep 3', LIST, STOP('s1'), STOP('s2'), '@sleep 7', LIST, ...[GET, GET], RUN('s1'), '@sleep 6', LIST],
  ),
  {
    // a TCP check cannot be told from a request
    wordsOnly: true,
    ...checked(
      'check-tcp',
      'a TCP check, weights, and a cable that is pulled',
      virtualServer(
        VIP,
        ['lvs_sched wrr'],
        [
          { address: S1, lines: ['weight 2'], check: TCP_CHECK },
          { address: S2, lines: ['weight 1'], check: TCP_CHECK },
        ],
      ),
      [LIST, GET, STOP('s1'), '@sleep 6', LIST, GET, '@unplug s2 eth0', '@sleep 9', LIST, GET],
    ),
  },
  checked(
    'check-404',
    'a check of a page that is not there',
    virtualServer(
      VIP,
      [RR],
      [
        { address: S1, check: HTTP_CHECK.map((line) => line.replace('status_code 200', 'status_code 404')) },
        { address: S2 },
      ],
    ),
    ['@sleep 5', LIST, GET, GET],
  ),
  {
    // which of the two is checked first, and so stands first in the table, is drawn at random
    wordsOnly: true,
    ...checked(
      'check-stop',
      'keepalived is stopped, started, and told to read its file again',
      virtualServer(VIP, [RR, 'alpha'], BOTH),
      [
        LIST,
        'lb1$ systemctl stop keepalived',
        LIST,
        GET,
        'lb1$ systemctl start keepalived',
        '@sleep 5',
        LIST,
        `lb1$ sed -i "s/lvs_sched rr/lvs_sched wlc/" /etc/keepalived/keepalived.conf`,
        'lb1$ systemctl reload keepalived',
        '@sleep 3',
        LIST,
        GET,
      ],
    ),
  },
  {
    ...netLab(
      'check-quorum-ospf',
      'the virtual address is announced while there is a server',
      {
        hosts: {
          r1: {
            on: ['eth0 lan 10.0.0.1/24'],
            files: frrFiles('r1', '10.0.0.1', {
              ifaces: { eth0: FAST },
              ospf: ['network 10.0.0.0/24 area 0'],
            }),
            boot: [FORWARD, 'systemctl start frr', 'sleep 6'],
          },
          s1: server('s1', S1, '10.9.9.9'),
          lb1: {
            on: ['eth0 lan 10.0.0.11/24'],
            files: {
              ...frrFiles('lb1', '10.0.0.11', {
                ifaces: { eth0: [...FAST, 'ip ospf priority 0'] },
                ospf: ['network 0.0.0.0/0 area 0'],
              }),
              '/etc/keepalived/keepalived.conf': QUORUM,
            },
            boot: [FORWARD, START, 'systemctl start frr'],
          },
        },
      },
      [
        'lb1$ ip addr show lo',
        LIST,
        'r1$ ip route',
        'r1$ curl -sS --max-time 2 http://10.9.9.9:8080',
        STOP('s1'),
        '@sleep 12',
        'lb1$ ip addr show lo',
        LIST,
        ...ask('r1', ROUTES),
        'r1$ curl -sS --max-time 2 http://10.9.9.9:8080',
        RUN('s1'),
        '@sleep 12',
        'r1$ ip route',
        'r1$ curl -sS --max-time 2 http://10.9.9.9:8080',
      ],
    ),
    withoutHealth: true,
  },
  pair(
    'vrrp-preempt',
    'the better one takes the address back when it comes',
    [
      ['state BACKUP', 'priority 150'],
      ['state BACKUP', 'priority 100'],
    ],
    [`lb2$ ${START}`, '@sleep 6', ...WHO, `lb1$ ${START}`, '@sleep 6', ...WHO],
  ),
  pair(
    'vrrp-nopreempt',
    'the better one waits until the other fails',
    [
      ['state BACKUP', 'nopreempt', 'priority 150'],
      ['state BACKUP', 'nopreempt', 'priority 100'],
    ],
    [
      `lb2$ ${START}`,
      '@sleep 6',
      `lb1$ ${START}`,
      '@sleep 6',
      ...WHO,
      'lb2$ systemctl stop keepalived',
      '@sleep 3',
      ...WHO,
    ],
  ),
  pair(
    'vrrp-equal',
    'two masters of one priority: the higher address stays',
    [
      ['state MASTER', 'priority 100'],
      ['state MASTER', 'priority 100'],
    ],
    [`lb1$ ${START}`, '@sleep 6', `lb2$ ${START}`, '@sleep 6', ...WHO],
  ),
  pair(
    'vrrp-cable',
    'the master is cut off: two masters, then one again',
    [
      ['state MASTER', 'priority 150'],
      ['state BACKUP', 'priority 100'],
    ],
    [
      `lb2$ ${START}`,
      `lb1$ ${START}`,
      '@sleep 6',
      '@unplug lb1 eth0',
      '@sleep 5',
      ...WHO,
      '@plug lb1 eth0',
      '@sleep 5',
      ...WHO,
    ],
  ),
]
