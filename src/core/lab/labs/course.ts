import type { Lab, LabHost } from '../schema.ts'
import { frrConf, frrDaemons, keepalivedConf, nginxConf, SYSCTL_CONF } from './course-files.ts'

/**
 * The lesson's lab: one LAN, a router that is also the client, two load balancers behind one virtual address, a server
 * behind each. Boot lines are typed as in the lesson, its slips included (arp_ignore and arp_announce on `lo` alone).
 * Without its daemons a stand-in does what they lead to: `ip route add ... proto ospf` for FRR's two-way route, `ipvsadm` for
 * keepalived's virtual server.
 */
const VIP = '172.16.253.100'
const FORWARDING = 'sysctl -p'

function machine(
  role: LabHost['role'],
  at: [number, number],
  address: string,
  mac: string,
  files: Record<string, string>,
  boot: string[],
): LabHost {
  return {
    role,
    at,
    interfaces: { ens33: { segment: 'lan', mac, addresses: [`${address}/24`] } },
    files: { '/etc/sysctl.conf': SYSCTL_CONF, ...files },
    boot: [FORWARDING, ...boot],
  }
}

type Place = [at: [number, number], address: string, mac: string]

function balancer(name: string, [at, address, mac]: Place, server: string, daemons: boolean): LabHost {
  const files = {
    '/etc/frr/daemons': frrDaemons(),
    '/etc/frr/frr.conf': frrConf(name, address, 0),
    '/etc/keepalived/keepalived.conf': keepalivedConf(VIP, server),
  }
  const standIn = [`ipvsadm -A -t ${VIP}:8080 -s rr`, `ipvsadm -a -t ${VIP}:8080 -r ${server}:8080 -g -w 10`]
  return machine('lb', at, address, mac, files, [
    `ifconfig lo:0 ${VIP} netmask 255.255.255.255 up`,
    ...(daemons ? ['systemctl restart keepalived', 'systemctl restart frr'] : standIn),
  ])
}

function server(name: string, at: [number, number], address: string, mac: string): LabHost {
  return machine('server', at, address, mac, { '/etc/nginx/nginx.conf': nginxConf(name) }, [
    'sysctl -w net.ipv4.conf.lo.arp_ignore=1',
    'sysctl -w net.ipv4.conf.lo.arp_announce=2',
    `ifconfig lo:0 ${VIP} broadcast ${VIP} netmask 255.255.255.255 up`,
    `route add -host ${VIP} dev lo:0`,
    'nginx',
  ])
}

/** The lab with FRR and keepalived running, or with what stands in for them. */
function courseLab(id: string, title: Lab['title'], daemons: boolean): Lab {
  const files = {
    '/etc/frr/daemons': frrDaemons(),
    '/etc/frr/frr.conf': frrConf('router', '172.16.253.135', 1),
  }
  const standIn = `ip route add ${VIP} proto ospf metric 20 nexthop via 172.16.253.131 dev ens33 nexthop via 172.16.253.129 dev ens33`
  const lb1: Place = [[24, 24], '172.16.253.131', '00:0c:29:31:01:31']
  const lb2: Place = [[552, 24], '172.16.253.129', '00:0c:29:df:3c:cc']
  return {
    vipscope: 1,
    id,
    title,
    seed: 1,
    profile: 'ubuntu-24.04',
    segments: { lan: { mtu: 1500, delayUs: 50 } },
    hosts: {
      router: machine('router', [288, 24], '172.16.253.135', '00:0c:29:35:01:35', files, [
        daemons ? 'systemctl restart frr' : standIn,
      ]),
      LB1: balancer('LB1', lb1, '172.16.253.130', daemons),
      LB2: balancer('LB2', lb2, '172.16.253.134', daemons),
      server1: server('server1', [24, 412], '172.16.253.130', '00:0c:29:30:01:30'),
      server2: server('server2', [552, 412], '172.16.253.134', '00:0c:29:ad:61:36'),
    },
  }
}

export const course: Lab = courseLab(
  'course',
  { en: 'Two load balancers behind one virtual IP', zh: '一个虚拟 IP 背后的两台负载均衡器' },
  true,
)

/** Boots at once and is at rest: for whatever is not about routing daemons and health checks. */
export const courseStandIn: Lab = courseLab(
  'course-static',
  { en: 'The same, with routes and services typed by hand', zh: '同一网络，路由和服务改为手工配置' },
  false,
)
