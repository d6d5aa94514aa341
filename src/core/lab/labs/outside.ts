import type { Lab, LabHost } from '../schema.ts'
import { nginxConf } from './course-files.ts'

/**
 * The client outside: the course's LAN behind a router with two more links, to a client and to a third server in a subnet
 * of its own. The virtual address is on the load balancers; what the servers have on top of their gateway, and the
 * balancing itself, depends on the mode and is left to whoever uses the lab.
 */
export const OUTSIDE_VIP = '172.16.253.100'

const LAN: Record<string, { address: string; mac: string; role: LabHost['role']; at: [number, number] }> = {
  router: { address: '172.16.253.135', mac: '00:0c:29:35:01:35', role: 'router', at: [288, 24] },
  LB1: { address: '172.16.253.131', mac: '00:0c:29:31:01:31', role: 'lb', at: [24, 200] },
  LB2: { address: '172.16.253.129', mac: '00:0c:29:df:3c:cc', role: 'lb', at: [552, 200] },
  server1: { address: '172.16.253.130', mac: '00:0c:29:30:01:30', role: 'server', at: [24, 412] },
  server2: { address: '172.16.253.134', mac: '00:0c:29:ad:61:36', role: 'server', at: [552, 412] },
}

/** What one experiment changes: gateways of hosts (else the router's address), and boot lines after the common ones. */
export interface OutsideOptions {
  gateways?: Record<string, string>
  boot?: Record<string, readonly string[]>
}

/** The common lab with changes. Boot lines of an unknown host are an error of the caller and ignored. */
export function outsideLab(options: OutsideOptions = {}): Lab {
  const { gateways = {}, boot = {} } = options
  const hosts: Record<string, LabHost> = {}
  for (const id of Object.keys(LAN)) hosts[id] = lanHost(id, gateways[id])
  hosts['client'] = endHost('client', 'client', 'net', '02:00:00:00:00:10', '10.0.0.10', '10.0.0.1')
  hosts['server3'] = endHost('server3', 'server', 'far', '02:00:00:00:66:13', '192.168.66.13', '192.168.66.1')
  for (const [id, host] of Object.entries(hosts)) host.boot.push(...(boot[id] ?? []))
  return {
    vipscope: 1,
    id: 'outside',
    title: { en: 'The client outside', zh: '客户端在外部' },
    seed: 1,
    profile: 'ubuntu-24.04',
    segments: {
      lan: { mtu: 1500, delayUs: 50 },
      net: { mtu: 1500, delayUs: 50 },
      far: { mtu: 1500, delayUs: 50 },
    },
    hosts,
  }
}

function lanHost(id: string, gateway = '172.16.253.135'): LabHost {
  const { address = '', mac = '', role = 'server', at = [0, 0] } = LAN[id] ?? {}
  const host: LabHost = {
    role,
    at,
    interfaces: { ens33: { segment: 'lan', mac, addresses: [`${address}/24`] } },
    files: role === 'server' ? { '/etc/nginx/nginx.conf': nginxConf(id) } : {},
    boot: ['sysctl -w net.ipv4.ip_forward=1'],
  }
  if (role === 'router') {
    host.interfaces['eth0'] = { segment: 'net', mac: '02:00:00:00:00:01', addresses: ['10.0.0.1/24'] }
    host.interfaces['eth1'] = { segment: 'far', mac: '02:00:00:00:66:01', addresses: ['192.168.66.1/24'] }
    return host
  }
  host.boot.push(`ip route add default via ${gateway}`)
  host.boot.push(role === 'lb' ? `ip addr add ${OUTSIDE_VIP}/32 dev lo label lo:0` : 'nginx')
  return host
}

/** A host on a link of its own to the router. */
function endHost(
  id: string,
  role: LabHost['role'],
  segment: string,
  mac: string,
  address: string,
  gateway: string,
): LabHost {
  return {
    role,
    at: role === 'client' ? [288, -180] : [552, 24],
    interfaces: { eth0: { segment, mac, addresses: [`${address}/24`] } },
    files: role === 'server' ? { '/etc/nginx/nginx.conf': nginxConf(id) } : {},
    boot: [`ip route add default via ${gateway}`, ...(role === 'server' ? ['nginx'] : [])],
  }
}

const VIP_ON_SERVER = [
  'sysctl -w net.ipv4.conf.all.arp_ignore=1',
  'sysctl -w net.ipv4.conf.all.arp_announce=2',
  `ip addr add ${OUTSIDE_VIP}/32 dev lo label lo:0`,
]

/** Direct routing: one way to the virtual address, LB1, which gives the requests to the two servers in turn. */
export const outsideDr: Lab = outsideLab({
  boot: {
    server1: VIP_ON_SERVER,
    server2: VIP_ON_SERVER,
    router: [`ip route add ${OUTSIDE_VIP}/32 via 172.16.253.131`],
    LB1: [
      `ipvsadm -A -t ${OUTSIDE_VIP}:8080 -s rr`,
      `ipvsadm -a -t ${OUTSIDE_VIP}:8080 -r 172.16.253.130:8080 -g`,
      `ipvsadm -a -t ${OUTSIDE_VIP}:8080 -r 172.16.253.134:8080 -g`,
    ],
  },
})
