import { OUTSIDE_VIP as VIP, type OutsideOptions, outsideLab } from '../../core/lab/labs/outside.ts'
import type { Lab } from '../../core/lab/schema.ts'

/** Labs of our own that were run on a real kernel, too: what each shows, the lab, and the script that was played on both. */
export interface OwnLab {
  id: string
  shows: string
  lab: Lab
  script: string
  /** keepalived runs: the phase of its checks is random, so they are left out. */
  withoutHealth?: true
  /** Several equal routes: which one a connection takes is drawn at each boot, so that packets are not compared. */
  wordsOnly?: true
}

export const S1 = '172.16.253.130'
export const S2 = '172.16.253.134'
export const LB1 = '172.16.253.131'
export const LB2 = '172.16.253.129'
/** In a subnet of its own behind the router. */
export const S3 = '192.168.66.13'
const ROUTE = `ip route add ${VIP}/32 via ${LB1}`
export const HIDDEN = [
  'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2',
  `ip addr add ${VIP}/32 dev lo`,
]
export const TUNNEL = [
  'modprobe ipip',
  `ip addr add ${VIP}/32 dev tunl0`,
  'ip link set tunl0 up',
  'sysctl -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.tunl0.rp_filter=0',
]
export const NO_REDIRECTS =
  'sysctl -w net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.ens33.send_redirects=0'
export const VIA_LB1 = { server1: LB1, server2: LB1 }
export const CURL = `client$ curl -v --max-time 3 http://${VIP}:8080`

/** A service at the virtual address, port 8080, with its servers. */
export function service(words: string, ...servers: readonly string[]): string[] {
  return [
    `ipvsadm -A -t ${VIP}:8080 ${words}`,
    ...servers.map((server) => `ipvsadm -a -t ${VIP}:8080 -r ${server}`),
  ]
}

/** A lab and the lines that are played on it, half a second apart. */
export function ownLab(id: string, shows: string, lab: Lab, lines: readonly string[]): OwnLab {
  // as short as the virtual cables of one machine: a packet is through before a program has gone on
  for (const segment of Object.values(lab.segments)) segment.delayUs = 5
  const script = lines.flatMap((line) => [line, '@sleep 0.5']).join('\n')
  return { id, shows, lab: { ...lab, id, title: { en: shows, zh: shows } }, script: `${script}\n` }
}

/** The course's LAN with the client outside; the router sends what is for the virtual address to LB1. */
export function own(id: string, shows: string, options: OutsideOptions, lines: readonly string[]): OwnLab {
  const router = [ROUTE, ...(options.boot?.['router'] ?? [])]
  return ownLab(id, shows, outsideLab({ ...options, boot: { ...options.boot, router } }), lines)
}

export function times(n: number, line: string): string[] {
  return Array.from({ length: n }, () => line)
}

export const DR = {
  server1: HIDDEN,
  server2: HIDDEN,
  LB1: service('-s rr', `${S1}:8080 -g`, `${S2}:8080 -g`),
}
export const NAT = { LB1: [NO_REDIRECTS, ...service('-s rr', `${S1}:8080 -m`, `${S2}:8080 -m`)] }

/** Further boot lines of LB1. */
export function withLb1(
  boot: Record<string, readonly string[]>,
  ...lines: readonly string[]
): Record<string, readonly string[]> {
  return { ...boot, LB1: [...(boot['LB1'] ?? []), ...lines] }
}

/** All that goes to the virtual address has one source and one port behind the router. */
export function oneSource(address: string): string {
  return `iptables -t nat -A POSTROUTING -p tcp -d ${VIP} -j SNAT --to-source ${address}:40000`
}

/** The same lab with one more file on a host. */
export function withFile(lab: OwnLab, host: string, path: string, text: string): OwnLab {
  const spec = lab.lab.hosts[host]
  if (spec) spec.files = { ...spec.files, [path]: text }
  return lab
}
