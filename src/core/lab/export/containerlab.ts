import type { Lab, LabHost } from '../schema.ts'
import { needsOf } from './needs.ts'
import { SERVICES } from './netns-services.ts'
import { quote } from './quote.ts'

/**
 * A lab as a containerlab topology in one file: a container for each host and one for each segment, whose bridge is the
 * switch. The image must hold what the lab uses; a Dockerfile that builds it is in the head of the file. The containers
 * have no management network, so that every interface name of the lab is free.
 */
export function exportContainerlab(lab: Lab): string {
  const lines = [...headLines(lab), `name: ${lab.id.toLowerCase()}`, 'topology:', '  nodes:']
  for (const id of Object.keys(lab.segments)) lines.push(...switchLines(lab, id))
  for (const [id, host] of Object.entries(lab.hosts)) lines.push(...hostLines(id, host))
  lines.push('  links:')
  for (const { segment, port, host, dev } of portsOf(lab)) {
    lines.push(`    - endpoints: [${text(`${switchName(segment)}:${port}`)}, ${text(`${host}:${dev}`)}]`)
    const { mtu = 1500 } = lab.segments[segment] ?? {}
    if (mtu !== 1500) lines.push(`      mtu: ${mtu}`)
  }
  return `${lines.join('\n')}\n`
}

const IMAGE = 'vipscope-host:debian-12'

function headLines(lab: Lab): string[] {
  const packages = [...new Set(needsOf(lab).map(({ pkg }) => pkg))].sort().join(' ')
  return [
    `# Lab ${lab.id}: ${lab.title.en.replaceAll('\n', ' ')}`,
    `# Written by \`vipscope export ${lab.id} --to containerlab\`. The image of its hosts:`,
    '#   FROM debian:12',
    `#   RUN apt-get update && apt-get install -y --no-install-recommends ${packages}`,
    `#   docker build -t ${IMAGE} .`,
    '# Kernel modules (ip_vs, ipip) are loaded on the machine. FULLNAT is not in the mainline kernel: use NAT with',
    '# net.ipv4.vs.conntrack=1 and a SNAT rule on the load balancer.',
  ]
}

function switchLines(lab: Lab, segment: string): string[] {
  const { mtu = 1500 } = lab.segments[segment] ?? {}
  const ports = portsOf(lab).filter((port) => port.segment === segment)
  const exec = [
    'sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1',
    `ip link add br0 mtu ${mtu} type bridge stp_state 0 forward_delay 0 mcast_snooping 0`,
    ...ports.map(({ port }) => `ip link set ${port} master br0 up`),
    'ip link set br0 up',
  ]
  return nodeLines(switchName(segment), exec)
}

function hostLines(id: string, host: LabHost): string[] {
  const exec = ['sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1']
  for (const [path, content] of Object.entries(host.files)) {
    const folder = path.slice(0, path.lastIndexOf('/')) || '/'
    exec.push(shell(`mkdir -p ${quote(folder)} && printf %s ${quote(content)} >${quote(path)}`))
  }
  for (const [dev, { mac, addresses }] of Object.entries(host.interfaces)) {
    exec.push(`ethtool -K ${dev} tx off rx off gso off gro off tso off sg off`)
    exec.push(`ip link set ${dev} address ${mac} up`)
    for (const address of addresses) exec.push(`ip address add ${address} brd + dev ${dev}`)
  }
  if (!usesServices(host)) return nodeLines(id, [...exec, ...host.boot.map(shell)])
  const systemctl = `#!/bin/bash\n. ${RC}\n"\${0##*/}" "$@"\n`
  exec.push(shell(`printf %s ${quote(`${SERVICES}\n`)} >${RC}`))
  for (const name of ['systemctl', 'journalctl']) {
    const path = `/usr/local/sbin/${name}`
    exec.push(shell(`printf %s ${quote(systemctl)} >${path} && chmod 755 ${path}`))
  }
  return nodeLines(id, [...exec, ...host.boot.map(shell)])
}

/** There is no systemd in a container either: these lines bring a small one. */
const RC = '/etc/vipscope.rc'

function usesServices(host: LabHost): boolean {
  return host.boot.some((line) => /\bsystemctl\b/.test(line))
}

function nodeLines(name: string, exec: readonly string[]): string[] {
  return [
    `    ${name}:`,
    '      kind: linux',
    `      image: ${IMAGE}`,
    '      network-mode: none',
    '      cap-add: [NET_ADMIN, SYS_ADMIN]',
    '      cmd: sleep infinity',
    '      exec:',
    ...exec.map((line) => `        - ${text(line)}`),
  ]
}

function shell(line: string): string {
  return `bash -c ${quote(line)}`
}

/** JSON strings are YAML strings. */
function text(value: string): string {
  return JSON.stringify(value)
}

function switchName(segment: string): string {
  return `switch-${segment}`
}

/** In the lab's order; ports of a switch are counted from 1 (eth0 is taken by containerlab's own network). */
function portsOf(lab: Lab): { segment: string; port: string; host: string; dev: string }[] {
  const counts = new Map<string, number>()
  return Object.entries(lab.hosts).flatMap(([host, spec]) =>
    Object.entries(spec.interfaces).map(([dev, { segment }]) => {
      const n = (counts.get(segment) ?? 0) + 1
      counts.set(segment, n)
      return { segment, port: `eth${n}`, host, dev }
    }),
  )
}
