import type { Lab } from '../schema.ts'

/** What a real machine must have for a lab: programs by the names they are called by, and the Debian packages they are in. */

export interface Need {
  command: string
  pkg: string
}

const PACKAGES: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  bridge: 'iproute2',
  ss: 'iproute2',
  tc: 'iproute2',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  mount: 'mount',
  hostname: 'hostname',
  sysctl: 'procps',
  ethtool: 'ethtool',
  tcpdump: 'tcpdump',
  ifconfig: 'net-tools',
  route: 'net-tools',
  arp: 'net-tools',
  netstat: 'net-tools',
  ipvsadm: 'ipvsadm',
  iptables: 'iptables',
  'iptables-save': 'iptables',
  'iptables-restore': 'iptables',
  conntrack: 'conntrack',
  curl: 'curl',
  ping: 'iputils-ping',
  arping: 'iputils-arping',
  traceroute: 'traceroute',
  nginx: 'nginx-light',
  keepalived: 'keepalived',
  vtysh: 'frr',
  modprobe: 'kmod',
}

const ALWAYS = ['ip', 'unshare', 'nsenter', 'mount', 'hostname', 'sysctl', 'ethtool', 'tcpdump']
const UNITS: Readonly<Record<string, string>> = { frr: 'vtysh', nginx: 'nginx', keepalived: 'keepalived' }

/** Daemons that need time to find each other: routing and health checks. */
export function startsDaemon(lab: Lab): boolean {
  return bootWords(lab).some(
    (words) =>
      words.includes('keepalived') ||
      words.includes('zebra') ||
      (words[0] === 'systemctl' && words.includes('frr')),
  )
}

/** In a fixed order, each once. */
export function needsOf(lab: Lab): Need[] {
  const wanted = new Set(ALWAYS)
  for (const words of bootWords(lab)) {
    for (const word of words) if (Object.hasOwn(PACKAGES, word)) wanted.add(word)
    if (words[0] !== 'systemctl') continue
    for (const word of words) {
      const program = UNITS[word.replace(/\.service$/, '')]
      if (program !== undefined) wanted.add(program)
    }
  }
  return [...wanted].map((command) => ({ command, pkg: PACKAGES[command] ?? command }))
}

function bootWords(lab: Lab): string[][] {
  return Object.values(lab.hosts).flatMap((host) =>
    host.boot.map((line) => line.split(/[\s;&|]+/).filter((word) => word !== '')),
  )
}
