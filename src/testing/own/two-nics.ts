import type { Lab, LabHost } from '../../core/lab/schema.ts'

/** A director with two interfaces: the clients' side, where the virtual address is, and the servers' own subnet. */
export const FRONT_VIP = '10.9.0.100'
const FRONT = '10.9.0.1'
const GATEWAY = '192.168.50.1'
/** The last bytes of the servers' addresses in 192.168.50.0/24. */
const SERVERS = { server1: 11, server2: 12, server3: 13 } as const

/** A page of several ports that says who answered whom. */
export function pageOf(server: string, ...ports: readonly number[]): string {
  return `worker_processes 1;
pid /run/nginx.pid;
events { worker_connections 64; }
http {
    default_type text/plain;
    server {
${ports.map((port) => `        listen ${port};\n`).join('')}        location / {
            return 200 "${server} $server_addr:$server_port for $remote_addr\\n";
        }
    }
}
`
}

/** Boot lines of a host come after the common ones; `noGateway`: the servers know their own subnet only. */
export interface TwoNicsOptions {
  boot?: Record<string, readonly string[]>
  noGateway?: boolean
}

export function twoNics({ boot = {}, noGateway = false }: TwoNicsOptions): Lab {
  const hosts: Record<string, LabHost> = {
    client: {
      role: 'client',
      interfaces: { eth0: { segment: 'front', mac: '02:00:00:09:00:10', addresses: ['10.9.0.10/24'] } },
      files: {},
      boot: [],
    },
    LB: {
      role: 'lb',
      interfaces: {
        eth0: {
          segment: 'front',
          mac: '02:00:00:09:00:01',
          addresses: [`${FRONT}/24`, `${FRONT_VIP}/32`],
        },
        eth1: { segment: 'back', mac: '02:00:00:50:00:01', addresses: [`${GATEWAY}/24`] },
      },
      files: {},
      boot: ['sysctl -w net.ipv4.ip_forward=1'],
    },
  }
  for (const [id, last] of Object.entries(SERVERS)) {
    hosts[id] = {
      role: 'server',
      interfaces: {
        eth0: { segment: 'back', mac: `02:00:00:50:00:${last}`, addresses: [`192.168.50.${last}/24`] },
      },
      files: { '/etc/nginx/nginx.conf': pageOf(id, 8080, 8081, 8082) },
      boot: [...(noGateway ? [] : [`ip route add default via ${GATEWAY}`]), 'nginx'],
    }
  }
  for (const [id, host] of Object.entries(hosts)) host.boot.push(...(boot[id] ?? []))
  return {
    vipscope: 1,
    id: 'two-nics',
    title: { en: 'A director with two interfaces', zh: '双网卡调度器' },
    seed: 1,
    profile: 'debian-12',
    segments: { front: { mtu: 1500, delayUs: 5 }, back: { mtu: 1500, delayUs: 5 } },
    hosts,
  }
}

const BACK = ['192.168.50.11', '192.168.50.12', '192.168.50.13']

/** A service of the director with two interfaces. */
export function front(
  words: string,
  options: readonly string[],
  key = `-t ${FRONT_VIP}:80`,
  port = ':8080',
): string[] {
  return [
    `ipvsadm -A ${key} ${words}`,
    ...options.map((option, i) => `ipvsadm -a ${key} -r ${BACK[i] ?? ''}${port} ${option}`),
  ]
}
