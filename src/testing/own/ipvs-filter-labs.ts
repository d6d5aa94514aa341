import { OUTSIDE_VIP as VIP } from '../../core/lab/labs/outside.ts'
import {
  CURL,
  HIDDEN,
  LB1,
  NAT,
  NO_REDIRECTS,
  own,
  ownLab,
  type OwnLab,
  S1,
  S2,
  times,
  VIA_LB1,
  withLb1,
} from './lab.ts'
import { front, FRONT_VIP, twoNics } from './two-nics.ts'

/** IPVS and Netfilter together: refusals, translation, marks, packets that are not tracked. */

export const IPVS_FILTER_LABS: readonly OwnLab[] = [
  own(
    'nat-refusals',
    'NAT, refused at every place a filter rule can be',
    {
      gateways: VIA_LB1,
      boot: {
        ...NAT,
        server1: ['iptables -A INPUT -p tcp --dport 8080 -j REJECT --reject-with icmp-admin-prohibited'],
        server2: ['iptables -A INPUT -p tcp --dport 8080 -j REJECT --reject-with tcp-reset'],
      },
    },
    [
      ...times(2, CURL),
      'server1$ iptables -F',
      'server2$ iptables -F',
      'LB1$ iptables -A FORWARD -p tcp --sport 8080 -j REJECT --reject-with icmp-host-unreachable',
      CURL,
      'LB1$ iptables -R FORWARD 1 -p tcp --sport 8080 -j REJECT --reject-with tcp-reset',
      CURL,
      'LB1$ iptables -F',
      'LB1$ iptables -A OUTPUT -p tcp --dport 8080 -j REJECT --reject-with icmp-net-prohibited',
      CURL,
      'LB1$ iptables -F',
      'LB1$ iptables -A INPUT -p tcp --dport 8080 -s 10.0.0.0/24 -m limit --limit 1/hour --limit-burst 1 -j ACCEPT',
      'LB1$ iptables -A INPUT -p tcp --dport 8080 --syn -j LOG --log-prefix "late: "',
      'LB1$ iptables -A INPUT -p tcp --dport 8080 --syn -j REJECT --reject-with icmp-proto-unreachable',
      ...times(2, CURL),
      'LB1$ iptables -vnL INPUT',
    ],
  ),
  ownLab(
    'two-nics-masquerade',
    'FULLNAT through two interfaces to servers without a gateway, a closed forward policy, the connection table',
    twoNics({
      noGateway: true,
      boot: {
        LB: [
          'sysctl -w net.ipv4.vs.conntrack=1',
          ...front('-s rr', ['-m', '-m', '-m']),
          `iptables -t nat -A POSTROUTING -m ipvs --vaddr ${FRONT_VIP} --vport 80 --vmethod masq -j MASQUERADE`,
          'iptables -P FORWARD DROP',
          'iptables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
        ],
        server3: ['iptables -A INPUT -p tcp --dport 8080 -j REJECT'],
      },
    }),
    [
      ...[1, 2, 3].map((n) => `client$ curl -sS --max-time 2 --local-port 4500${n} http://${FRONT_VIP}`),
      'LB$ conntrack -L',
      'LB$ ipvsadm -Lnc',
      'LB$ iptables -vnL FORWARD',
      `LB$ iptables -t nat -R POSTROUTING 1 -m ipvs --vaddr ${FRONT_VIP} -j SNAT --to-source 192.168.50.1:50000-50001`,
      ...[4, 5, 6, 7].map((n) => `client$ curl -sS --max-time 2 --local-port 4500${n} http://${FRONT_VIP}`),
      'LB$ conntrack -L -p tcp --sport 45005',
      'LB$ conntrack -C',
    ],
  ),
  own(
    'untracked-and-marked',
    'NAT whose packets are not tracked, then sent another way by a mark',
    {
      gateways: VIA_LB1,
      boot: withLb1(
        NAT,
        'sysctl -w net.ipv4.vs.conntrack=1',
        `iptables -t nat -A POSTROUTING -m ipvs --vaddr ${VIP} -j MASQUERADE`,
        `iptables -t raw -A PREROUTING -p tcp -d ${VIP} --dport 8080 -j NOTRACK`,
      ),
    },
    [
      ...times(2, CURL),
      'LB1$ conntrack -L',
      'LB1$ iptables -t raw -F',
      CURL,
      'LB1$ iptables -t nat -F',
      'LB1$ ip route add default via 172.16.253.135 table 7',
      'LB1$ ip rule add fwmark 7 lookup 7',
      `LB1$ iptables -t mangle -A OUTPUT -p tcp -d ${S1} -j MARK --set-mark 7`,
      ...times(2, CURL),
      'LB1$ iptables -t mangle -F',
      `LB1$ iptables -t mangle -A PREROUTING -p tcp -d ${VIP} -j MARK --set-mark 7`,
      ...times(2, CURL),
      'LB1$ ip rule',
    ],
  ),
  own(
    'router-translates-too',
    'the router translates both addresses in front of IPVS: NAT by-passed, DR, FULLNAT',
    {
      boot: {
        ...withLb1(NAT),
        server2: HIDDEN,
        router: [
          `iptables -t nat -A PREROUTING -d 10.0.0.1 -p tcp --dport 80 -j DNAT --to-destination ${VIP}:8080`,
          `iptables -t nat -A POSTROUTING -o ens33 -d ${VIP} -j MASQUERADE`,
        ],
      },
    },
    [
      'client$ curl -v --max-time 2 --local-port 46001 http://10.0.0.1',
      'router$ conntrack -L',
      'client$ curl -v --max-time 2 --local-port 46002 http://10.0.0.1',
      `LB1$ ipvsadm -e -t ${VIP}:8080 -r ${S2}:8080 -g`,
      ...[3, 4].map((n) => `client$ curl -v --max-time 2 --local-port 4600${n} http://10.0.0.1`),
      'LB1$ sysctl -w net.ipv4.vs.conntrack=1',
      `LB1$ iptables -t nat -A POSTROUTING -m ipvs --vaddr ${VIP} -j SNAT --to-source ${LB1}`,
      ...[5, 6].map((n) => `client$ curl -v --max-time 2 --local-port 4600${n} http://10.0.0.1`),
      'router$ iptables -t nat -vnL PREROUTING',
      'LB1$ conntrack -L',
    ],
  ),
  own(
    'nat-udp-errors',
    'NAT of UDP probes by a mark, and the errors about them',
    {
      gateways: VIA_LB1,
      boot: {
        LB1: [
          NO_REDIRECTS,
          `iptables -t mangle -A PREROUTING -d ${VIP} -p udp -j MARK --set-mark 9`,
          'ipvsadm -A -f 9 -s rr',
          `ipvsadm -a -f 9 -r ${S1} -m`,
          `ipvsadm -a -f 9 -r ${S2} -m`,
        ],
        server2: ['iptables -A INPUT -p udp -j REJECT --reject-with icmp-host-prohibited'],
      },
    },
    [
      `client$ traceroute -n -q 1 -f 2 -m 2 -w 1 ${VIP}`,
      `client$ traceroute -n -q 1 -f 3 -m 3 -w 1 ${VIP}`,
      `client$ traceroute -n -q 1 -f 3 -m 3 -w 1 ${VIP}`,
      'LB1$ ipvsadm -Ln',
      'LB1$ ipvsadm -E -f 9 -s rr -o',
      `client$ traceroute -n -q 1 -f 3 -m 3 -w 1 ${VIP}`,
      `client$ traceroute -n -q 1 -f 3 -m 3 -w 1 ${VIP}`,
      'LB1$ ipvsadm -Ln',
      'LB1$ ipvsadm -Lnc',
    ],
  ),
  ownLab(
    'servers-ask',
    'the servers are clients of their own service: by NAT in vain, with their source hidden it works',
    twoNics({
      boot: { LB: ['sysctl -w net.ipv4.conf.all.send_redirects=0', ...front('-s rr', ['-m', '-m'])] },
    }),
    [
      ...times(2, `server1$ curl -sS --max-time 2 http://${FRONT_VIP}`),
      'LB$ ipvsadm -Lnc',
      'LB$ sysctl -w net.ipv4.vs.conntrack=1',
      `LB$ iptables -t nat -A POSTROUTING -s 192.168.50.0/24 -o eth1 -m ipvs --vaddr ${FRONT_VIP} -j MASQUERADE`,
      ...times(2, `server1$ curl -sS --max-time 2 http://${FRONT_VIP}`),
      `client$ curl -sS --max-time 2 http://${FRONT_VIP}`,
      'LB$ iptables -t nat -vnL POSTROUTING',
      'server1$ ip neigh',
    ],
  ),
]
