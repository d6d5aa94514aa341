import { OUTSIDE_VIP as VIP } from '../../core/lab/labs/outside.ts'
import {
  CURL,
  DR,
  HIDDEN,
  LB1,
  LB2,
  NO_REDIRECTS,
  own,
  ownLab,
  type OwnLab,
  S1,
  S2,
  service,
  times,
  VIA_LB1,
  withFile,
} from './lab.ts'
import { front, FRONT_VIP, pageOf, twoNics } from './two-nics.ts'

/** IPVS: which server is taken, in ways that the other labs are not. */

const GET = `client$ curl -sS --max-time 2 http://${FRONT_VIP}`

export const IPVS_LABS: readonly OwnLab[] = [
  ownLab(
    'two-nics-wrr-mark',
    'NAT through two interfaces: port 80 by weights that change, two more ports by a mark',
    twoNics({
      boot: {
        LB: [
          ...front('-s wrr', ['-m -w 3', '-m -w 2', '-m -w 1']),
          `iptables -t mangle -A PREROUTING -d ${FRONT_VIP} -p tcp -m multiport --dports 8081,8082 -j MARK --set-mark 5`,
          ...front('-s rr', ['-m', '-m'], '-f 5', ''),
        ],
      },
    }),
    [
      ...times(7, GET),
      `${GET}:8081`,
      `${GET}:8082`,
      `${GET}:8081`,
      'LB$ ipvsadm -Ln',
      `LB$ ipvsadm -e -t ${FRONT_VIP}:80 -r 192.168.50.11:8080 -m -w 0`,
      `LB$ ipvsadm -e -t ${FRONT_VIP}:80 -r 192.168.50.13:8080 -m -w 4`,
      ...times(6, GET),
      `LB$ ipvsadm -d -t ${FRONT_VIP}:80 -r 192.168.50.12:8080`,
      ...times(2, GET),
      `${GET}:8083`,
      'LB$ ipvsadm -Ln',
      'LB$ ipvsadm -Sn',
      'LB$ iptables -t mangle -vnL PREROUTING',
    ],
  ),
  ownLab(
    'two-nics-hash-ports',
    'NAT, hashing of addresses and ports, one server quiesced, then Maglev',
    twoNics({ boot: { LB: front('-s sh -b sh-fallback,sh-port', ['-m', '-m', '-m -w 2']) } }),
    [
      ...[1, 2, 3, 4, 5, 6].map((n) => `${GET} --local-port 4100${n}`),
      `LB$ ipvsadm -e -t ${FRONT_VIP}:80 -r 192.168.50.12:8080 -m -w 0`,
      ...[1, 2, 3, 4, 5, 6].map((n) => `${GET} --local-port 4200${n}`),
      `LB$ ipvsadm -E -t ${FRONT_VIP}:80 -s mh -b mh-port,mh-fallback`,
      ...[1, 2, 3, 4, 5, 6].map((n) => `${GET} --local-port 4300${n}`),
      'LB$ ipvsadm -Ln',
      'LB$ ipvsadm -Lnc',
    ],
  ),
  own(
    'dr-persistent-mask',
    'DR, persistence of a subnet on all ports, its template runs out',
    {
      boot: {
        server1: HIDDEN,
        server2: HIDDEN,
        client: ['ip addr add 10.0.0.11/24 dev eth0', 'ip addr add 10.0.1.10/32 dev eth0'],
        router: ['ip route add 10.0.1.0/24 dev eth0'],
        LB1: [
          'ipvsadm --set 20 10 5',
          `ipvsadm -A -t ${VIP}:0 -s rr -p 20 -M 255.255.255.0`,
          `ipvsadm -a -t ${VIP}:0 -r ${S1}:0 -g`,
          `ipvsadm -a -t ${VIP}:0 -r ${S2}:0 -g`,
        ],
      },
    },
    [
      ...['0.10', '0.11', '1.10'].map((last) => `${CURL} --interface 10.0.${last}`),
      `client$ curl -v --max-time 3 --interface 10.0.0.11 http://${VIP}:8081/`,
      'LB1$ ipvsadm -Lnc',
      'LB1$ ipvsadm -Ln --persistent-conn',
      '@sleep 10.5',
      'LB1$ ipvsadm -Lnc',
      '@sleep 10',
      'LB1$ ipvsadm -Lnc',
      `${CURL} --interface 10.0.1.10`,
      `${CURL} --interface 10.0.0.10`,
      'LB1$ ipvsadm -L --timeout',
      'LB1$ ipvsadm -Ln',
    ],
  ),
  ownLab(
    'two-nics-thresholds',
    'NAT, as many connections as the servers may have, and one more',
    twoNics({ boot: { LB: front('-s rr', ['-m -x 2 -y 1', '-m -x 1', '-m -x 2']) } }),
    [
      ...times(6, GET),
      'LB$ ipvsadm -Ln --thresholds',
      `LB$ ipvsadm -e -t ${FRONT_VIP}:80 -r 192.168.50.12:8080 -m -x 3`,
      ...times(3, GET),
      `LB$ ipvsadm -e -t ${FRONT_VIP}:80 -r 192.168.50.11:8080 -m`,
      ...times(2, GET),
      'LB$ ipvsadm -Ln --thresholds',
      'LB$ ipvsadm -Ln',
    ],
  ),
  own(
    'directors-in-series',
    'one director gives requests to another, DR first, then NAT',
    {
      gateways: { server1: LB2, server2: LB2 },
      boot: {
        LB1: service('-s rr', `${LB2}:8080 -g`),
        LB2: [
          'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2',
          NO_REDIRECTS,
          ...service('-s wlc', `${S1}:8080 -m`, `${S2}:8080 -m -w 2`),
        ],
      },
    },
    [
      ...times(4, CURL),
      'LB1$ ipvsadm -Ln',
      'LB2$ ipvsadm -Ln',
      'LB2$ ip neigh',
      `LB1$ ipvsadm -e -t ${VIP}:8080 -r ${LB2}:8080 -i`,
      CURL,
      'LB2$ modprobe ipip',
      'LB2$ ip link set tunl0 up',
      CURL,
    ],
  ),
  own(
    'director-as-client',
    'the director asks its own service, by three modes',
    {
      gateways: VIA_LB1,
      boot: { ...DR, LB1: [NO_REDIRECTS, ...service('-s rr', `${S1}:8080 -m`, `${S2}:8080 -m`)] },
    },
    [
      `LB1$ curl -v --max-time 2 http://${VIP}:8080`,
      `LB1$ curl -v --max-time 2 --interface ${LB1} http://${VIP}:8080`,
      ...[S1, S2].map((server) => `LB1$ ipvsadm -e -t ${VIP}:8080 -r ${server}:8080 -g`),
      `LB1$ curl -v --max-time 2 http://${VIP}:8080`,
      `LB1$ curl -v --max-time 2 --interface ${LB1} http://${VIP}:8080`,
      'LB1$ sysctl -w net.ipv4.conf.all.accept_local=1',
      `LB1$ curl -v --max-time 2 --interface ${LB1} http://${VIP}:8080`,
      'LB1$ ipvsadm -Ln',
    ],
  ),
  withFile(
    own(
      'director-serves-too',
      'the director is a server of its own service: by DR, by NAT to another port, by the loopback address',
      {
        boot: {
          ...DR,
          LB1: [
            'nginx',
            ...service('-s rr', `${S1}:8080 -g`, `${LB1}:8080 -g`),
            `ipvsadm -A -t ${VIP}:80 -s rr`,
            `ipvsadm -a -t ${VIP}:80 -r ${LB1}:8080 -m`,
            `ipvsadm -a -t ${VIP}:80 -r 127.0.0.1:8080 -m`,
          ],
        },
      },
      [
        ...times(3, `client$ curl -sS --max-time 2 http://${VIP}:8080`),
        ...times(2, `client$ curl -sS --max-time 2 http://${VIP}/`),
        ...times(2, `LB1$ curl -sS --max-time 2 http://${VIP}/`),
        'LB1$ ipvsadm -Ln',
        'LB1$ ipvsadm -Lnc',
      ],
    ),
    'LB1',
    '/etc/nginx/nginx.conf',
    pageOf('LB1', 8080),
  ),
]
