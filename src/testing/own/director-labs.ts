import { OUTSIDE_VIP as VIP } from '../../core/lab/labs/outside.ts'
import {
  CURL,
  DR,
  HIDDEN,
  LB1,
  NAT,
  NO_REDIRECTS,
  oneSource,
  own,
  ownLab,
  type OwnLab,
  S1,
  S2,
  service,
  times,
  TUNNEL,
  VIA_LB1,
  withFile,
} from './lab.ts'
import { front, FRONT_VIP, pageOf, twoNics } from './two-nics.ts'

/** What happens beside the packets of a plain connection: errors, old entries, other ways to the service. */

/** An answer of one segment, which does not go through a narrow link in one piece. */
const BIG = pageOf('server', 8080).replace('return 200 "', `return 200 "${'0123456789'.repeat(118)} `)
const GET = 'client$ curl -sS --max-time 3 -o /dev/null -w'
const SIZE = `${GET} '%{http_code} %{size_download}\\n' http://${VIP}:8080`
const TRACE = `client$ traceroute -n -T -p 8080 -q 1 -N 1 -w 1 -m 4 ${VIP}`

function bigPages(lab: OwnLab): OwnLab {
  for (const server of ['server1', 'server2']) withFile(lab, server, '/etc/nginx/nginx.conf', BIG)
  return lab
}

export const DIRECTOR_LABS: readonly OwnLab[] = [
  own(
    'dr-old-conntrack',
    'DR, tracked: the first packet of a connection from an old source is lost',
    {
      boot: {
        ...DR,
        router: [oneSource('172.16.253.135')],
        LB1: [
          'sysctl -w net.ipv4.vs.conntrack=1 net.ipv4.vs.conn_reuse_mode=3',
          'iptables -A INPUT -p tcp -m conntrack --ctstate NEW -j ACCEPT',
          ...service('-s rr', `${S1}:8080 -g`, `${S2}:8080 -g`),
        ],
      },
    },
    [
      CURL,
      'router$ conntrack -F',
      CURL,
      'LB1$ ipvsadm -Ln',
      'LB1$ sysctl -w net.ipv4.vs.expire_nodest_conn=1',
      `LB1$ ipvsadm -e -t ${VIP}:8080 -r ${S1}:8080 -g -w 0`,
      `LB1$ ipvsadm -e -t ${VIP}:8080 -r ${S2}:8080 -g -w 2`,
      'router$ conntrack -F',
      CURL,
      'LB1$ ipvsadm -Ln',
      'LB1$ conntrack -L',
    ],
  ),
  own(
    'dr-redirect',
    'DR to servers that do not have the virtual address but a rule that takes its packets',
    {
      boot: {
        server1: ['iptables -t nat -A PREROUTING -p tcp -d ' + VIP + ' --dport 8080 -j REDIRECT'],
        server2: [
          `iptables -t nat -A PREROUTING -p tcp -d ${VIP} --dport 8080 -j DNAT --to-destination 127.0.0.1:8080`,
        ],
        LB1: DR.LB1,
      },
    },
    [
      `client$ curl -v --max-time 2 --local-port 48001 http://${VIP}:8080`,
      `client$ curl -v --max-time 2 --local-port 48002 http://${VIP}:8080`,
      'server1$ conntrack -L',
      `server2$ iptables -t nat -R PREROUTING 1 -p tcp -d ${VIP} --dport 8080 -j DNAT --to-destination ${S2}:8080`,
      ...[3, 4].map((n) => `client$ curl -v --max-time 2 --local-port 4800${n} http://${VIP}:8080`),
      'server2$ conntrack -L',
      'server1$ iptables -t nat -vnL PREROUTING',
    ],
  ),
  ownLab(
    'transparent-director',
    'addresses that nobody has: a mark and a local route bring them to IPVS, by destination hashing, then locality',
    twoNics({
      boot: {
        client: ['ip route add 198.51.100.0/24 via 10.9.0.1'],
        LB: [
          'iptables -t mangle -A PREROUTING -p tcp -d 198.51.100.0/24 --dport 8081 -j MARK --set-mark 1',
          'ip rule add fwmark 1 lookup 100',
          'ip route add local 0.0.0.0/0 dev lo table 100',
          ...front('-s dh', ['-m', '-m', '-m'], '-f 1', ''),
        ],
      },
    }),
    [
      ...[1, 2, 3, 1, 4, 5].map((n) => `client$ curl -sS --max-time 2 http://198.51.100.${n}:8081`),
      'LB$ ipvsadm -E -f 1 -s lblc',
      ...[1, 2, 3, 1].map((n) => `client$ curl -sS --max-time 2 http://198.51.100.${n}:8081`),
      'LB$ ipvsadm -E -f 1 -s lblcr',
      ...[1, 2, 1].map((n) => `client$ curl -sS --max-time 2 http://198.51.100.${n}:8081`),
      'client$ curl -sS --max-time 2 http://198.51.100.1:8080',
      'client$ ping -c 1 -W 1 198.51.100.1',
      'LB$ ipvsadm -Ln',
    ],
  ),
  bigPages(
    own(
      'dr-path-mtu',
      'DR, answers too long for the way: the error finds the server through the director',
      { boot: { ...DR, router: ['ip link set eth0 mtu 1300'] } },
      [SIZE, SIZE, SIZE, 'LB1$ ipvsadm -Ln'],
    ),
  ),
  bigPages(
    own(
      'nat-path-mtu',
      'NAT, answers too long for the way: the error is translated back',
      { gateways: VIA_LB1, boot: { ...NAT, router: ['ip link set eth0 mtu 1300'] } },
      [SIZE, SIZE, SIZE, 'LB1$ ipvsadm -Lnc'],
    ),
  ),
  ownLab(
    'dnat-on-director',
    'the director translates another address to its own service, with and without conntrack for IPVS',
    twoNics({
      boot: {
        LB: [
          ...front('-s rr', ['-m', '-m']),
          `iptables -t nat -A PREROUTING -p tcp -d 10.9.0.1 --dport 9000 -j DNAT --to-destination ${FRONT_VIP}:80`,
        ],
      },
    }),
    [
      `client$ curl -sS --max-time 2 --local-port 49001 http://${FRONT_VIP}`,
      'client$ curl -sS --max-time 2 --local-port 49002 http://10.9.0.1:9000',
      'LB$ conntrack -L',
      'LB$ sysctl -w net.ipv4.vs.conntrack=1',
      'client$ curl -sS --max-time 2 --local-port 49003 http://10.9.0.1:9000',
      'LB$ conntrack -L',
      'LB$ ipvsadm -Lnc',
      `LB$ curl -sS --max-time 2 --local-port 49004 http://${FRONT_VIP}`,
      'LB$ conntrack -L -p tcp --sport 49004',
      'LB$ iptables -t nat -vnL PREROUTING',
    ],
  ),
  ownLab(
    'two-nics-counters',
    'counters of IPVS and of rules that look at its connections; long pings through the same director',
    twoNics({
      boot: {
        client: ['ip route add 192.168.50.0/24 via 10.9.0.1'],
        LB: [
          'sysctl -w net.ipv4.vs.conntrack=1',
          ...front('-s wlc', ['-m', '-m -w 2']),
          'iptables -A FORWARD -m ipvs --vdir REPLY -j ACCEPT',
          'iptables -A FORWARD -m ipvs ! --ipvs -p icmp -j ACCEPT',
          'iptables -A FORWARD -m conntrack --ctstate INVALID -j DROP',
          'iptables -t mangle -A OUTPUT -m ipvs --vproto tcp --vport 80 --vdir ORIGINAL',
          'iptables -t mangle -A POSTROUTING -m ipvs --vmethod masq',
        ],
      },
    }),
    [
      ...times(3, `client$ curl -sS --max-time 2 http://${FRONT_VIP}`),
      'client$ ping -c 1 -s 3000 192.168.50.11',
      `client$ ping -c 1 -s 3000 ${FRONT_VIP}`,
      '@sleep 4',
      'LB$ ipvsadm -Ln --stats',
      'LB$ iptables -vnL FORWARD',
      'LB$ iptables -A FORWARD -m ipvs --ipvs --vdir REPLY -j ACCEPT',
      'LB$ iptables -A FORWARD -m ipvs ! --ipvs --vdir REPLY -j ACCEPT',
      'LB$ iptables -S FORWARD',
      'LB$ iptables -t mangle -vnL OUTPUT',
      'LB$ iptables -t mangle -vnL POSTROUTING',
      `LB$ ipvsadm -Z -t ${FRONT_VIP}:80`,
      'LB$ ipvsadm -Ln --stats',
    ],
  ),
  own(
    'traceroute-modes',
    'traceroute with TCP to a service by NAT, by DR and by TUN',
    {
      gateways: { server2: LB1 },
      boot: {
        server1: [...TUNNEL, ...HIDDEN.slice(0, 1)],
        LB1: [NO_REDIRECTS, ...service('-s rr', `${S2}:8080 -m`)],
      },
    },
    [
      TRACE,
      `LB1$ ipvsadm -d -t ${VIP}:8080 -r ${S2}:8080`,
      `LB1$ ipvsadm -a -t ${VIP}:8080 -r ${S1}:8080 -i`,
      TRACE,
      `LB1$ ipvsadm -d -t ${VIP}:8080 -r ${S1}:8080`,
      TRACE,
      `LB1$ ipvsadm -a -t ${VIP}:8080 -r ${S1}:8080 -g`,
      TRACE,
      'LB1$ ipvsadm -Ln',
    ],
  ),
]
