import { OUTSIDE_VIP as VIP, outsideLab } from '../../core/lab/labs/outside.ts'
import type { GoldenScenario, GoldenTake } from './scenario.ts'
import { S1, LB1, ROUTE_LB1, HIDE, VIP_ON_LO, HIDDEN_VIP, ipvs, on, tunnelVip, RULE } from './words.ts'

/** The scenarios that go through a table: ARP settings, hooks and counters in each mode. */

const ARP_HOSTS = 'server1 server2'

function arpKeys(key: string, all: number, dev: number, lo: number): string {
  const conf = 'net.ipv4.conf'
  return on(
    ARP_HOSTS,
    `sysctl -w ${conf}.all.${key}=${all} ${conf}.ens33.${key}=${dev} ${conf}.lo.${key}=${lo}`,
  )
}

/** Each try of the recording: an arping, then the kernel's own resolution by a ping. */
const IGNORE_SCRIPT = Array.from({ length: 3 }, () =>
  [
    '@sleep 0.4',
    on(
      'router',
      'ip neigh flush all',
      `arping -b -c 1 -w 2 -I ens33 ${VIP}`,
      'ip neigh flush all',
      `ping -c 1 -W 1 ${VIP}`,
    ),
    '@sleep 0.6',
    on('router', `ip neigh show ${VIP}`),
  ].join('\n'),
).join('\n')

function ignoreTake(all: number, dev: number, lo: number): GoldenTake {
  return {
    name: `arp_ignore-all${all}-ens33${dev}-lo${lo}`,
    before: arpKeys('arp_ignore', all, dev, lo),
    script: IGNORE_SCRIPT,
  }
}

const SLOW = [1.2, 0.6, 1.6, 0.8, 1.6, 0.7]
const QUICK = [0.8, 0.3, 0.7, 0.5, 0.6, 0.3]

/** `pauses`: seconds between what was typed. After five the router hears LB1's question whether it is still there. */
function announceTake(all: number, dev: number, lo: number, pauses = SLOW, before = ''): GoldenTake {
  const curl = on('router', `curl -v --max-time 4 http://${VIP}:8080`)
  const neighbours = on('router', 'ip neigh')
  const lines = [neighbours, curl, neighbours, curl, neighbours, on('LB1', 'ipvsadm -Ln --stats')]
  return {
    name: `arp_announce-all${all}-ens33${dev}-lo${lo}`,
    before: [before, arpKeys('arp_announce', all, dev, lo)].join('\n'),
    script: [
      '@sleep 0.4',
      on('router', `ping -c 1 ${VIP}`),
      on('server1', 'ip neigh flush all'),
      ...lines.flatMap((line, i) => [`@sleep ${pauses[i] ?? 0}`, line]),
    ].join('\n'),
  }
}
export const ARP_SCENARIO: GoldenScenario = {
  id: 'B10',
  shows: 'every setting of arp_ignore and arp_announce, on all, the interface and lo',
  lab: outsideLab({
    boot: {
      LB1: [`ip addr del ${VIP}/32 dev lo`, `ip addr add ${VIP}/32 dev ens33`, ...ipvs('rr', '-g', S1)],
      LB2: [`ip addr del ${VIP}/32 dev lo`],
      server1: [VIP_ON_LO],
      server2: [VIP_ON_LO],
    },
  }),
  takes: [
    ignoreTake(0, 0, 0),
    ignoreTake(0, 0, 1),
    ignoreTake(1, 0, 0),
    ignoreTake(0, 1, 0),
    ignoreTake(2, 0, 0),
    ignoreTake(8, 0, 0),
    ignoreTake(0, 2, 0),
    ignoreTake(0, 8, 0),
    ignoreTake(0, 0, 2),
    ignoreTake(0, 0, 8),
    announceTake(0, 0, 0, QUICK, arpKeys('arp_ignore', 1, 0, 0)),
    announceTake(0, 0, 2, QUICK),
    announceTake(1, 0, 0),
    announceTake(2, 0, 0),
    announceTake(0, 2, 0),
    announceTake(0, 1, 0),
  ],
}

/** Hooks and modes: one curl in each mode. */
export const HOOKS_SCENARIO: GoldenScenario = {
  id: 'N1',
  shows: 'the Netfilter hooks a packet meets, in each mode',
  lab: outsideLab({ boot: { router: ROUTE_LB1, server1: HIDDEN_VIP, LB1: ipvs('rr', '-g', S1) } }),
  takes: [
    { name: 'DR' },
    {
      name: 'NAT',
      paced: true,
      before: [
        on('LB1', 'ipvsadm -C'),
        on('server1', `ip addr del ${VIP}/32 dev lo`, `ip route replace default via ${LB1}`),
        on('LB1', ...ipvs('rr', '-m', S1)),
      ].join('\n'),
    },
    {
      name: 'FULLNAT',
      before: [
        on('server1', 'ip route replace default via 172.16.253.135'),
        on('LB1', 'sysctl -w net.ipv4.vs.conntrack=1', `${RULE} -j MASQUERADE`),
      ].join('\n'),
    },
    {
      name: 'TUN',
      before: [
        on('LB1', 'ipvsadm -C', 'iptables -t nat -F', 'sysctl -w net.ipv4.vs.conntrack=0'),
        on('server1 server3', ...tunnelVip()),
        on('LB1', ...ipvs('rr', '-i', S1)),
      ].join('\n'),
    },
    {
      name: 'TUN-other-subnet',
      before: on('LB1', 'ipvsadm -C', ...ipvs('rr', '-i', '192.168.66.13')),
    },
    { name: 'no-service', known: [['LB1', 'router']], before: on('LB1', 'ipvsadm -C') },
    { name: 'ping-vip' },
  ],
}

const COUNTED = [
  `-d ${VIP} -p tcp --dport 8080`,
  `-s 10.0.0.10 -d ${S1} -p tcp --dport 8080`,
  `-s ${LB1} -d ${S1} -p tcp --dport 8080`,
  `-d ${S1} -p 4`,
  `-s ${S1} -p tcp --sport 8080`,
  `-s ${VIP} -p tcp --sport 8080`,
]
/** Rules without a target: they count. */
const COUNTERS = [
  ...['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'].flatMap((chain) =>
    COUNTED.map((match) => `iptables -t mangle -A ${chain} ${match}`),
  ),
  ...['INPUT', 'FORWARD', 'OUTPUT'].flatMap((chain) => [
    `iptables -t filter -A ${chain} -p tcp -m multiport --ports 8080`,
    `iptables -t filter -A ${chain} -p 4`,
  ]),
]
const ZERO = on('LB1', 'iptables -t mangle -Z', 'iptables -Z')

export const COUNTS_SCENARIO: GoldenScenario = {
  id: 'B16',
  shows: 'how many packets of one exchange pass each chain of the load balancer, in each mode',
  lab: outsideLab({
    boot: {
      router: ROUTE_LB1,
      server1: [...HIDE, `ip addr add ${VIP}/32 dev lo`],
      LB1: [...COUNTERS, ...ipvs('rr', '-g', S1)],
    },
  }),
  takes: [
    { name: 'DR', before: ZERO },
    {
      name: 'NAT',
      paced: true,
      before: [
        ZERO,
        on('LB1', 'ipvsadm -C'),
        on('server1', `ip addr del ${VIP}/32 dev lo`, `ip route replace default via ${LB1}`),
        on('LB1', ...ipvs('rr', '-m', S1)),
      ].join('\n'),
    },
    {
      name: 'TUN',
      before: [
        ZERO,
        on('LB1', 'ipvsadm -C'),
        on(
          'server1',
          'ip route replace default via 172.16.253.135',
          'modprobe ipip',
          `ip addr add ${VIP}/32 dev tunl0`,
          'ip link set tunl0 up',
        ),
        on('LB1', ...ipvs('rr', '-i', S1)),
      ].join('\n'),
    },
    {
      name: 'FULLNAT',
      paced: true,
      before: [
        ZERO,
        on('LB1', 'ipvsadm -C', `${RULE} -j MASQUERADE`, 'sysctl -w net.ipv4.vs.conntrack=1'),
        on('server1', `ip addr del ${VIP}/32 dev tunl0`, 'ip link set tunl0 down'),
        on('LB1', ...ipvs('rr', '-m', S1)),
      ].join('\n'),
    },
  ],
}
