import { OUTSIDE_VIP as VIP, outsideLab } from '../../core/lab/labs/outside.ts'
import type { GoldenScenario, GoldenTake } from './scenario.ts'
import {
  S1,
  S2,
  LB1,
  ROUTE_LB1,
  HIDE,
  HIDE_LINE,
  ipvs,
  on,
  tunnelVip,
  at,
  BODY_STALL,
  SEGMENT_STALL,
  NO_TERMINAL,
  DR_SERVERS,
  RULE,
} from './words.ts'

/** The scenarios with the client outside: TUN, and all modes with and without forwarding. */

function rpFilter(all: number, tunl0: number): GoldenTake {
  const keys = `net.ipv4.conf.all.rp_filter=${all} net.ipv4.conf.tunl0.rp_filter=${tunl0} net.ipv4.conf.ens33.rp_filter=0`
  return { name: `TUN-all${all}-tunl0${tunl0}`, before: on('server1', `sysctl -w ${keys}`) }
}

export const TUN_SCENARIOS: readonly GoldenScenario[] = [
  {
    id: 'B5',
    shows: 'TUN to a server on the LAN and to one in another subnet',
    lab: outsideLab({
      boot: {
        server1: [...tunnelVip(), ...HIDE],
        server3: [...tunnelVip(), ...HIDE],
        router: ROUTE_LB1,
        LB1: ipvs('rr', '-i', S1, '192.168.66.13'),
      },
    }),
    takes: [{ name: '' }],
  },
  {
    id: 'B6',
    shows: 'TUN to a server that cannot unwrap',
    lab: outsideLab({ boot: { router: ROUTE_LB1, LB1: ipvs('rr', '-i', S1) } }),
    takes: [
      { name: 'no-ipip-module' },
      { name: 'tunl0-down', before: on('server1', 'modprobe ipip') },
      { name: 'tunl0-up-no-vip-forward1', before: on('server1', 'ip link set tunl0 up') },
      { name: 'tunl0-up-no-vip-forward0', before: on('server1', 'sysctl -w net.ipv4.ip_forward=0') },
    ],
  },
  {
    id: 'B7',
    shows: 'TUN and packets that no longer fit',
    lab: bodyLab(),
    takes: [
      { name: 'default', slowCables: true, except: at('*', BODY_STALL), unlike: NO_TERMINAL },
      {
        name: 'pmtu_disc0',
        slowCables: true,
        paced: true,
        unlike: NO_TERMINAL,
        before: on('LB1', 'sysctl -w net.ipv4.vs.pmtu_disc=0'),
      },
      {
        name: 'icmp-lost',
        slowCables: true,
        paced: true,
        except: at('router-ens33 sw-br0', SEGMENT_STALL),
        unlike: NO_TERMINAL,
        before: `${on('LB1', 'sysctl -w net.ipv4.vs.pmtu_disc=1')}\n${on('router', 'iptables -I FORWARD -p icmp --icmp-type fragmentation-needed -j DROP')}`,
      },
    ],
  },
  {
    id: 'B11',
    shows: 'rp_filter on the servers, in TUN and DR',
    lab: outsideLab({
      boot: {
        router: ROUTE_LB1,
        server1: [
          'modprobe ipip',
          `ip addr add ${VIP}/32 dev tunl0`,
          'ip link set tunl0 up',
          `sysctl -w ${HIDE_LINE}`,
        ],
        LB1: ipvs('rr', '-i', S1),
      },
    }),
    takes: [
      rpFilter(0, 0),
      rpFilter(1, 0),
      rpFilter(0, 1),
      rpFilter(2, 0),
      rpFilter(1, 2),
      rpFilter(2, 1),
      {
        name: 'DR-all1',
        before: [
          on('LB1', 'ipvsadm -C'),
          on(
            'server1',
            `ip addr del ${VIP}/32 dev tunl0`,
            'ip link set tunl0 down',
            `ip addr add ${VIP}/32 dev lo`,
          ),
          on('LB1', ...ipvs('rr', '-g', S1)),
          on('server1', 'sysctl -w net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.ens33.rp_filter=1'),
        ].join('\n'),
      },
      { name: 'DR-all1-no-default-route', before: on('server1', 'ip route del default') },
      {
        name: 'DR-lb-all1',
        before: [
          on('server1', 'ip route add default via 172.16.253.135'),
          on('LB1', 'sysctl -w net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.ens33.rp_filter=1'),
        ].join('\n'),
      },
    ],
  },
]

function bodyLab() {
  const lab = outsideLab({
    boot: {
      server1: [...tunnelVip(), `sysctl -w ${HIDE_LINE}`],
      router: ROUTE_LB1,
      LB1: ipvs('rr', '-i', S1),
    },
  })
  const { client } = lab.hosts
  if (client) client.files = { '/tmp/body': 'x'.repeat(3000) }
  return lab
}

/** Who was known to whom (see `GoldenTake.known`) in some of these takes. */
const KNOWN: Record<string, GoldenTake['known']> = {
  'NAT-forward0': [['server2', 'LB1']],
  'FULLNAT-forward1': [
    ['router', 'client'],
    ['client', 'router'],
  ],
  'FULLNAT-forward0': [['server2', 'LB1']],
  'TUN-forward1': [['server2', 'LB1']],
}

/** See `GoldenTake.startedAt`. */
const STARTED: Record<string, number> = {
  'DR-forward0': 9.3,
  'NAT-forward1': 22.0,
  'NAT-forward0': 33.8,
  'FULLNAT-forward1': 54.7,
  'FULLNAT-forward0': 66.5,
  'TUN-forward1': 89.8,
  'TUN-forward0': 106.4,
}

function forwardTakes(mode: string, ...before: readonly string[]): GoldenTake[] {
  return [1, 0].map((forward) => {
    const name = `${mode}-forward${forward}`
    const set = on('LB1', `sysctl -w net.ipv4.ip_forward=${forward}`)
    const known = KNOWN[name]
    const startedAt = STARTED[name]
    const lines = [...(forward === 1 ? before : []), set].join('\n')
    return { name, before: lines, ...(known && { known }), ...(startedAt !== undefined && { startedAt }) }
  })
}

export const MODES_SCENARIO: GoldenScenario = {
  id: 'B9',
  shows: 'ip_forward on the load balancer, in all four modes',
  lab: outsideLab({ boot: { ...DR_SERVERS, router: ROUTE_LB1, LB1: ipvs('rr', '-g', S1, S2) } }),
  takes: [
    ...forwardTakes('DR'),
    ...forwardTakes(
      'NAT',
      on('LB1', 'ipvsadm -C'),
      on('server1 server2', `ip addr del ${VIP}/32 dev lo`, `ip route replace default via ${LB1}`),
      on('LB1', ...ipvs('rr', '-m', S1, S2)),
    ),
    ...forwardTakes(
      'FULLNAT',
      on('server1 server2', 'ip route replace default via 172.16.253.135'),
      on('LB1', 'sysctl -w net.ipv4.vs.conntrack=1', `${RULE} -j MASQUERADE`),
    ),
    ...forwardTakes(
      'TUN',
      on('LB1', 'ipvsadm -C', 'iptables -t nat -F', 'sysctl -w net.ipv4.vs.conntrack=0'),
      on('server1 server2', ...tunnelVip()),
      on('LB1', ...ipvs('rr', '-i', S1, S2)),
    ),
  ],
}
