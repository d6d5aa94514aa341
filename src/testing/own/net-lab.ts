import type { Lab, LabHost } from '../../core/lab/schema.ts'
import type { OwnLab } from './lab.ts'

/** One host of an own lab in few words. */
export interface NetHost {
  /** 'eth0 lan 10.0.0.1/24 10.0.0.2/24': interface, segment, addresses. MACs follow from the places in the lab. */
  on: readonly string[]
  boot?: readonly string[]
  files?: Record<string, string>
}

interface NetOptions {
  hosts: Record<string, NetHost>
  /** Bytes, of segments that do not have 1500. */
  mtu?: Record<string, number>
  /** One-way delay in microseconds, of segments that are not as short as a virtual cable. */
  delayUs?: Record<string, number>
}

/** An own lab on a network of its own. Lines of the script are half a second apart. */
export function netLab(id: string, shows: string, options: NetOptions, lines: readonly string[]): OwnLab {
  const lab: Lab = {
    vipscope: 1,
    id,
    title: { en: shows, zh: shows },
    seed: 1,
    profile: 'debian-12',
    segments: {},
    hosts: {},
  }
  for (const [i, [name, host]] of Object.entries(options.hosts).entries()) {
    const spec: LabHost = {
      role: roleOf(name),
      interfaces: {},
      files: host.files ?? {},
      boot: [...(host.boot ?? [])],
    }
    for (const [n, words] of host.on.entries()) {
      const [dev = '', segment = '', ...addresses] = words.split(' ')
      spec.interfaces[dev] = { segment, mac: macOf(i + 1, n), addresses }
      lab.segments[segment] ??= {
        mtu: options.mtu?.[segment] ?? 1500,
        delayUs: options.delayUs?.[segment] ?? 5,
      }
    }
    lab.hosts[name] = spec
  }
  const script = lines.flatMap((line) => (line.startsWith('@') ? [line] : [line, '@sleep 0.5'])).join('\n')
  return { id, shows, lab, script: `${script}\n` }
}

/** Interface `dev` (from 0) of host `host` (from 1, in the order of the lab). */
function macOf(host: number, dev: number): string {
  return `02:00:00:00:${String(host).padStart(2, '0')}:${String(dev).padStart(2, '0')}`
}

function roleOf(name: string): LabHost['role'] {
  if (/^r\d/.test(name)) return 'router'
  return name.startsWith('s') ? 'server' : 'client'
}

export const FORWARD = 'sysctl -w net.ipv4.ip_forward=1'

/** A web server that says who it is and whom it sees; `files` of a host. `body` bytes of text at /big. */
export function web(name: string, bodyBytes = 0): Record<string, string> {
  const conf = `worker_processes 1;
pid /run/nginx.pid;
events { worker_connections 512; }
http {
    access_log off;
    default_type text/plain;
    client_max_body_size 10m;
    keepalive_timeout 5;
    server {
        listen 80;
        location / {
            add_header X-Host ${name};
            add_header X-Remote-IP $remote_addr;
            return 200 "${name}\\n";
        }
        location = /big { root /srv; }
        location = /moved { return 302 /; }
        location = /no { return 403; }
    }
}
`
  const files: Record<string, string> = { '/etc/nginx/nginx.conf': conf }
  if (bodyBytes > 0)
    files['/srv/big'] = '0123456789abcde\n'.repeat(Math.ceil(bodyBytes / 16)).slice(0, bodyBytes)
  return files
}
