import type { Lab, LabHost } from '../schema.ts'
import { nginxConf, SYSCTL_CONF } from './course-files.ts'

/**
 * The other way to have two load balancers: not both at once behind equal routes, but one master that holds the virtual
 * address and one backup that waits. VRRP moves the address; each balancer sends to both servers. No router, no OSPF: the
 * client is on the same LAN and asks by ARP.
 */
const VIP = '172.16.253.100'
const SERVERS = ['172.16.253.130', '172.16.253.134'] as const
const HIDE = 'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2'

function keepalivedConf(state: 'MASTER' | 'BACKUP', priority: number): string {
  const servers = SERVERS.map(
    (server) => `    real_server ${server} 8080 {
        weight 1
        HTTP_GET {
            url {
                path /
                status_code 200
            }
            connect_timeout 2
            retry 1
            delay_before_retry 1
        }
    }
`,
  )
  return `vrrp_instance VI_1 {
    state ${state}
    interface ens33
    virtual_router_id 51
    priority ${priority}
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass 1111
    }
    virtual_ipaddress {
        ${VIP}/24
    }
}

virtual_server ${VIP} 8080 {
    delay_loop 5
    lvs_sched rr
    lvs_method DR
    protocol TCP
${servers.join('')}}
`
}

type Place = [at: [number, number], address: string, mac: string]

function machine(
  role: LabHost['role'],
  [at, address, mac]: Place,
  files: Record<string, string>,
  boot: string[],
): LabHost {
  const interfaces = { ens33: { segment: 'lan', mac, addresses: [`${address}/24`] } }
  return {
    role,
    at,
    interfaces,
    files: { '/etc/sysctl.conf': SYSCTL_CONF, ...files },
    boot: ['sysctl -p', ...boot],
  }
}

function balancer(place: Place, state: 'MASTER' | 'BACKUP', priority: number): LabHost {
  const files = { '/etc/keepalived/keepalived.conf': keepalivedConf(state, priority) }
  return machine('lb', place, files, ['systemctl restart keepalived'])
}

function server(name: string, place: Place): LabHost {
  const boot = [HIDE, `ip addr add ${VIP}/32 dev lo label lo:0`, 'nginx']
  return machine('server', place, { '/etc/nginx/nginx.conf': nginxConf(name) }, boot)
}

export const vrrp: Lab = {
  vipscope: 1,
  id: 'vrrp',
  title: { en: 'Master and backup with VRRP', zh: '用 VRRP 做主备' },
  seed: 1,
  profile: 'ubuntu-24.04',
  segments: { lan: { mtu: 1500, delayUs: 50 } },
  hosts: {
    client: machine('client', [[288, 24], '172.16.253.135', '00:0c:29:35:01:35'], {}, []),
    LB1: balancer([[24, 24], '172.16.253.131', '00:0c:29:31:01:31'], 'MASTER', 150),
    LB2: balancer([[552, 24], '172.16.253.129', '00:0c:29:df:3c:cc'], 'BACKUP', 100),
    server1: server('server1', [[24, 412], SERVERS[0], '00:0c:29:30:01:30']),
    server2: server('server2', [[552, 412], SERVERS[1], '00:0c:29:ad:61:36']),
  },
}
