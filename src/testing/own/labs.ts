import { OUTSIDE_VIP as VIP } from '../../core/lab/labs/outside.ts'
import { vrrp } from '../../core/lab/labs/vrrp.ts'
import { DIRECTOR_LABS } from './director-labs.ts'
import { IPVS_CHANGE_LABS } from './ipvs-change-labs.ts'
import { IPVS_FILTER_LABS } from './ipvs-filter-labs.ts'
import { IP_LABS } from './ip-labs.ts'
import { IPVS_LABS } from './ipvs-labs.ts'
import {
  CURL,
  DR,
  HIDDEN,
  LB1,
  NAT,
  NO_REDIRECTS,
  own,
  type OwnLab,
  S1,
  S2,
  service,
  times,
  TUNNEL,
  VIA_LB1,
  withLb1,
} from './lab.ts'
import { KEEPALIVED_LABS } from './keepalived-labs.ts'
import { OSPF_LABS } from './ospf-labs.ts'
import { WAY_LABS } from './way-labs.ts'
import { TCP_LABS } from './tcp-labs.ts'

/** With routing daemons and keepalived. */
export const CONTROL_LABS: readonly OwnLab[] = [...OSPF_LABS, ...KEEPALIVED_LABS]

export const OWN_LABS: readonly OwnLab[] = [
  own(
    'dr-wrr',
    'DR, weights 3 and 1',
    { boot: { ...DR, LB1: service('-s wrr', `${S1}:8080 -g -w 3`, `${S2}:8080 -g -w 1`) } },
    [...times(6, CURL), 'LB1$ ipvsadm -Ln'],
  ),
  own(
    'dr-sh-clients',
    'DR, source hashing, four clients',
    {
      boot: {
        ...DR,
        LB1: service('-s sh', `${S1}:8080 -g`, `${S2}:8080 -g`),
        client: ['11', '12', '13'].map((last) => `ip addr add 10.0.0.${last}/24 dev eth0`),
      },
    },
    ['10', '11', '12', '13', '10'].map((last) => `${CURL} --interface 10.0.0.${last}`),
  ),
  own(
    'dr-persistent',
    'DR, persistence',
    { boot: { ...DR, LB1: service('-s rr -p 30', `${S1}:8080 -g`, `${S2}:8080 -g`) } },
    [...times(3, CURL), 'LB1$ ipvsadm -Ln'],
  ),
  own('dr-quiesced', 'DR, one server quiesced by weight 0, then taken out', { boot: DR }, [
    ...times(2, CURL),
    `LB1$ ipvsadm -e -t ${VIP}:8080 -r ${S2}:8080 -g -w 0`,
    ...times(2, CURL),
    `LB1$ ipvsadm -d -t ${VIP}:8080 -r ${S1}:8080`,
    CURL,
    'LB1$ ipvsadm -Ln',
  ]),
  own(
    'dr-server-rejects',
    'DR, one server refuses by a filter rule',
    { boot: { ...DR, server2: [...HIDDEN, 'iptables -A INPUT -p tcp --dport 8080 -j REJECT'] } },
    times(2, CURL),
  ),
  own(
    'dr-server-resets',
    'DR, one server refuses by a TCP reset',
    {
      boot: {
        ...DR,
        server2: [...HIDDEN, 'iptables -A INPUT -p tcp --dport 8080 -j REJECT --reject-with tcp-reset'],
      },
    },
    times(2, CURL),
  ),
  own('nat-rr', 'NAT', { gateways: VIA_LB1, boot: NAT }, times(3, CURL)),
  own(
    'nat-port-80',
    'NAT to another port',
    {
      gateways: VIA_LB1,
      boot: {
        LB1: [NO_REDIRECTS, `ipvsadm -A -t ${VIP}:80 -s lc`, `ipvsadm -a -t ${VIP}:80 -r ${S1}:8080 -m`],
      },
    },
    [`client$ curl -v --max-time 3 http://${VIP}/`, 'LB1$ ipvsadm -Ln'],
  ),
  own('nat-wrong-gateway', 'NAT, the router as gateway of the servers', { boot: NAT }, [CURL]),
  own(
    'nat-forward-policy',
    'NAT, the load balancer forwards nothing by policy',
    { gateways: VIA_LB1, boot: withLb1(NAT, 'iptables -P FORWARD DROP') },
    [CURL, 'LB1$ iptables -vnL FORWARD'],
  ),
  own(
    'tun-two-subnets',
    'TUN to a server on the LAN and to one behind the router',
    {
      boot: {
        server1: TUNNEL,
        server3: TUNNEL,
        LB1: service('-s rr', `${S1}:8080 -i`, '192.168.66.13:8080 -i'),
      },
    },
    times(2, CURL),
  ),
  own(
    'snat-source',
    'FULLNAT by a source rule on the load balancer',
    {
      boot: withLb1(
        NAT,
        'sysctl -w net.ipv4.vs.conntrack=1',
        `iptables -t nat -A POSTROUTING -m ipvs --vaddr ${VIP}/32 -j SNAT --to-source ${LB1}`,
      ),
    },
    times(2, CURL),
  ),
  own(
    'dnat-router',
    'no IPVS: the router translates destinations',
    {
      boot: {
        router: [
          `iptables -t nat -A PREROUTING -d ${VIP} -p tcp --dport 8080 -j DNAT --to-destination ${S1}`,
        ],
      },
    },
    times(2, CURL),
  ),
  own(
    'icmp-kinds',
    'ping: reached, out of hops, no such host, too long for the way',
    { boot: { ...DR, router: ['ip link set eth1 mtu 1300'] } },
    [
      `client$ ping -c 1 ${VIP}`,
      `client$ ping -c 1 -t 1 -W 1 ${S1}`,
      'client$ ping -c 1 -W 4 172.16.253.77',
      'client$ ping -c 1 -W 1 -M do -s 1400 192.168.66.13',
      'client$ ping -c 1 -W 1 -M do -s 1400 192.168.66.13',
    ],
  ),
  own('cable-out', 'the cable of the load balancer is pulled and put in again', { boot: DR }, [
    CURL,
    '@unplug LB1 ens33',
    CURL,
    '@plug LB1 ens33',
    CURL,
  ]),
  own(
    'arp-flux',
    'no route to the virtual address: whoever answers first gets the requests',
    { boot: { server1: [`ip addr add ${VIP}/32 dev lo`], LB1: DR.LB1, router: [`ip route del ${VIP}/32`] } },
    [...times(2, CURL), `router$ ip neigh show ${VIP}`],
  ),
  ...IPVS_LABS,
  ...IPVS_CHANGE_LABS,
  ...IPVS_FILTER_LABS,
  ...DIRECTOR_LABS,
  ...IP_LABS,
  ...WAY_LABS,
  ...TCP_LABS,
  ...CONTROL_LABS,
  vrrpLab(),
]

/** The built-in lab, over cables as short as the others'. */
function vrrpLab(): OwnLab {
  const segments = { lan: { mtu: 1500, delayUs: 5 } }
  const curl = ['client$ curl -v http://172.16.253.100:8080', '@sleep 1']
  const addresses = ['LB1$ ip -4 addr show ens33', 'LB2$ ip -4 addr show ens33']
  const lines = [
    ...['@sleep 7', ...curl, 'client$ ip neigh', ...addresses, 'LB1$ ipvsadm -Ln', 'LB2$ ipvsadm -Ln'],
    ...['LB1$ systemctl stop keepalived', '@sleep 4', ...curl, ...curl, 'client$ ip neigh', ...addresses],
    ...['LB1$ ipvsadm -Ln', 'LB1$ systemctl start keepalived', '@sleep 11', ...curl, 'client$ ip neigh'],
    'LB2$ ip -4 addr show ens33',
  ]
  const shows = 'VRRP moves the virtual address to the backup and back'
  return {
    id: 'vrrp',
    shows,
    lab: { ...vrrp, segments },
    script: `${lines.join('\n')}\n`,
    withoutHealth: true,
  }
}
