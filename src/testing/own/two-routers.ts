import { FORWARD, type NetHost, web } from './net-lab.ts'

/** With its head it fits into the first congestion window: what comes later depends on when ACKs come. */
export const BODY = 12_000

/** c - r1 - r2 - s, with a web server that has something long to say. */
export const TWO_ROUTERS: Record<string, NetHost> = {
  c: { on: ['eth0 l1 10.0.1.10/24'], boot: ['ip route add default via 10.0.1.1'] },
  r1: {
    on: ['eth0 l1 10.0.1.1/24', 'eth1 mid 10.0.2.1/24'],
    boot: [FORWARD, 'ip route add default via 10.0.2.2'],
  },
  r2: {
    on: ['eth0 mid 10.0.2.2/24', 'eth1 l3 10.0.3.1/24'],
    boot: [FORWARD, 'ip route add default via 10.0.2.1'],
  },
  s: {
    on: ['eth0 l3 10.0.3.10/24'],
    files: web('s', BODY),
    boot: ['ip route add default via 10.0.3.1', 'nginx'],
  },
}

export const BIG = 'curl -sS -o /dev/null -w "%{http_code} %{size_download}\\n"'
