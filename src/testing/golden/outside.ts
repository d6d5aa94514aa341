import { outsideLab } from '../../core/lab/labs/outside.ts'
import type { GoldenScenario } from './scenario.ts'
import {
  S1,
  S2,
  LB1,
  ROUTE_LB1,
  HIDDEN_VIP,
  VIA_LB1,
  ipvs,
  on,
  at,
  OWNED,
  DR_SERVERS,
  NAT_BOTH,
  RULE,
} from './words.ts'

/** The scenarios with the client outside: DR, NAT, FULLNAT. */

export const DR_SCENARIOS: readonly GoldenScenario[] = [
  {
    id: 'B1',
    shows:
      'DR, client outside: addresses never change, only MAC addresses; the reply does not meet the load balancer',
    lab: outsideLab({ boot: { ...DR_SERVERS, router: ROUTE_LB1, LB1: ipvs('rr', '-g', S1, S2) } }),
    takes: [{ name: '' }],
  },
  {
    id: 'B1G',
    shows: "DR with the load balancer as the server's gateway: a martian source",
    lab: outsideLab({
      gateways: { server1: LB1 },
      boot: { server1: HIDDEN_VIP, router: ROUTE_LB1, LB1: ipvs('rr', '-g', S1) },
    }),
    takes: [
      { name: 'default' },
      {
        name: 'accept_local',
        known: [['LB1', 'router']],
        before: on('LB1', 'sysctl -w net.ipv4.conf.all.accept_local=1 net.ipv4.conf.ens33.accept_local=1'),
      },
    ],
  },
  {
    id: 'B12',
    shows: 'DR: ping, TTL, traceroute, closed ports, services without servers',
    lab: outsideLab({ boot: { ...DR_SERVERS, router: ROUTE_LB1, LB1: ipvs('rr', '-g', S1, S2) } }),
    takes: [{ name: '' }],
  },
  {
    id: 'B14',
    shows: 'persistence: a client stays with its server',
    lab: outsideLab({
      boot: {
        ...DR_SERVERS,
        router: ROUTE_LB1,
        LB1: ipvs('rr -p 50', '-g', S1, S2),
        client: ['ip addr add 10.0.0.11/24 dev eth0'],
      },
    }),
    takes: [{ name: '' }],
  },
]

const SERVER_NAT = { router: ROUTE_LB1, LB1: ipvs('rr', '-m', S1, S2) }
const REDIRECTS_OFF = 'sysctl -w net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.ens33.send_redirects=0'

export const NAT_SCENARIOS: readonly GoldenScenario[] = [
  {
    id: 'B2',
    shows: "NAT with the load balancer as the servers' gateway",
    lab: outsideLab({ gateways: VIA_LB1, boot: SERVER_NAT }),
    takes: [{ name: '', paced: true }],
  },
  {
    id: 'B2R',
    shows: 'NAT: what ICMP redirects do to servers that accept them',
    lab: outsideLab({ gateways: VIA_LB1, boot: SERVER_NAT }),
    takes: [
      {
        name: 'redirects-accepted',
        before: on('server1 server2', 'sysctl -w net.ipv4.ip_forward=0'),
        except: at('LB1-ens33 router-ens33 server1-ens33 server2-ens33 sw-br0', OWNED),
      },
      { name: 'lb-send-redirects-0', before: on('LB1', REDIRECTS_OFF) },
    ],
  },
  {
    id: 'B3',
    shows: "NAT with the router as the servers' gateway: the classic failure",
    lab: outsideLab({ boot: SERVER_NAT }),
    takes: [{ name: '' }],
  },
  {
    id: 'B4',
    shows: "NAT with a client on the servers' own subnet",
    lab: outsideLab({ gateways: VIA_LB1, boot: NAT_BOTH }),
    takes: [
      { name: 'same-subnet-default' },
      { name: 'lb-send-redirects-0', startedAt: 37.6, before: on('LB1', REDIRECTS_OFF) },
      {
        name: 'servers-host-route-via-lb',
        startedAt: 71.7,
        before: on('server1 server2', `ip route add 172.16.253.135/32 via ${LB1}`),
      },
      {
        name: 'host-route-redirects-on',
        startedAt: 86.8,
        known: [['server1', 'LB1']],
        before: on('LB1', REDIRECTS_OFF.replaceAll('=0', '=1')),
      },
    ],
  },
]

export const FULLNAT_SCENARIOS: readonly GoldenScenario[] = [
  {
    id: 'B8',
    shows: 'FULLNAT built from IPVS NAT and a source rule',
    lab: outsideLab({ boot: NAT_BOTH }),
    takes: [
      {
        name: 'masquerade',
        before: on('LB1', 'sysctl -w net.ipv4.vs.conntrack=1', `${RULE} --vport 8080 -j MASQUERADE`),
      },
      {
        name: 'snat-to-lb1',
        before: on('LB1', 'iptables -t nat -F POSTROUTING', `${RULE} -j SNAT --to-source ${LB1}`),
      },
      { name: 'same-subnet-client' },
      {
        name: 'no-vs-conntrack',
        known: [['server1', 'LB1']],
        before: on('LB1', 'sysctl -w net.ipv4.vs.conntrack=0'),
      },
    ],
  },
]
