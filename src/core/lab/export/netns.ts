import type { Lab, LabHost } from '../schema.ts'
import { needsOf, startsDaemon } from './needs.ts'
import { HOST_INIT, HOST_RC } from './netns-hosts.ts'
import { RUNTIME_FAULTS } from './netns-faults.ts'
import { RUNTIME_PLAY, RUNTIME_UP } from './netns-runtime.ts'
import { quote, writeFileLines } from './quote.ts'

/**
 * A lab as one bash script that builds it from network namespaces on a real Linux machine. Differences that stay: kernel
 * modules are shared by all hosts; delays below a millisecond are left out (the machine is slower than that itself);
 * the choices of multipath routes are drawn anew at each boot of the machine; FULLNAT becomes NAT with a source rule.
 */

/** Delays below this are left out. */
const DELAY_FROM_US = 1000
/** Seconds after boot: routing and health checks find each other; else nothing has to happen. */
const SETTLE_DAEMONS = 20
const SETTLE = 1
/** With tcpdump's own last moment this is as long as a simulated run goes on after its script (`SCRIPT_TAIL_NS`). */
const QUIET = 0.8

const USAGE = `usage: $0 up                    build the lab and boot its hosts
       $0 exec HOST CMD...      run a command on a host
       $0 play SCRIPT OUTDIR    run a script; writes OUTDIR/transcript.txt and OUTDIR/pcap/HOST-INTERFACE.pcap
       $0 down                  remove everything`

/** The whole script. Its text depends on the lab alone. */
export function exportNetns(lab: Lab): string {
  const parts = [
    head(lab),
    heredoc('HOST_INIT', HOST_INIT),
    heredoc('HOST_RC', HOST_RC),
    RUNTIME_UP,
    hostsPart(lab),
    cablesPart(lab),
    filesPart(lab),
    bootPart(lab),
    upPart(lab),
    `QUIET=${QUIET}`,
    RUNTIME_FAULTS,
    RUNTIME_PLAY,
    DISPATCH,
  ]
  return `${parts.join('\n\n')}\n`
}

function head(lab: Lab): string {
  return `#!/usr/bin/env bash
# Lab ${lab.id}: ${lab.title.en.replaceAll('\n', ' ')}
# Written by \`vipscope export ${lab.id} --to netns\`. Needs root and a Linux machine (Debian 12 or later).
# Kernel modules are shared: what one host loads (modprobe ipip) is there for all.
set -u
LAB=${lab.id}
NEEDS=${quote(
    needsOf(lab)
      .map(({ command, pkg }) => `${command}:${pkg}`)
      .join(' '),
  )}`
}

function heredoc(variable: string, text: string): string {
  return `${variable}=$(cat <<'END_OF_TEXT'\n${text}\nEND_OF_TEXT\n)`
}

/** Hosts are started all at once, then waited for. */
function hostsPart(lab: Lab): string {
  const nodes = byHost('node_of', lab, (id, host) => [
    `  node ${['host.' + id, ...foldersOf(host)].map(quote).join(' ')}`,
  ])
  const hosts = `hosts() {
  local name
  for name in $HOSTS; do node_of "$name"; done
  for name in $HOSTS; do node_ready "host.$name"; done
}`
  return [`HOSTS=${quote(Object.keys(lab.hosts).join(' '))}`, nodes, hosts].join('\n')
}

/** A function of bash that does something else for each host. */
function byHost(name: string, lab: Lab, lines: (id: string, host: LabHost) => string[]): string {
  const cases = Object.entries(lab.hosts).flatMap(([id, host]) => {
    const body = lines(id, host)
    return body.length === 0 ? [] : [`${id})`, ...body, ';;']
  })
  return [`${name}() {`, 'case $1 in', ...cases, '*) ;;', 'esac', '}'].join('\n')
}

/** Folders of a host's files other than those that every host has for itself. */
function foldersOf(host: LabHost): string[] {
  const own = /^\/(etc|run|tmp|root|var\/log|var\/tmp)(\/|$)/
  const folders = Object.keys(host.files).map((path) => path.slice(0, path.lastIndexOf('/')))
  return [...new Set(folders)].filter((folder) => folder !== '' && !own.test(folder)).sort()
}

/** A bridge for each segment, then the interfaces in the lab's order: a bridge floods to the last one first. */
function cablesPart(lab: Lab): string {
  const names = Object.keys(lab.segments)
  const bridge = (segment: string): string => `br${names.indexOf(segment)}`
  const segments = Object.entries(lab.segments).map(
    ([id, { mtu }]) => `  segment ${bridge(id)} ${mtu} # ${id}`,
  )
  const cables: string[] = []
  const interfaces: string[] = []
  const delays: string[] = []
  const ports = byHost('ports_of', lab, (host, spec) =>
    Object.entries(spec.interfaces).map(([dev, { segment, mac, addresses }]) => {
      const port = `p${interfaces.length}`
      const { mtu = 1500, delayUs = 0 } = lab.segments[segment] ?? {}
      const delay = delayUs < DELAY_FROM_US ? 0 : delayUs
      cables.push(`[${quote(`${host}:${dev}`)}]=${port}`)
      delays.push(`[${port}]=${delay}`)
      interfaces.push(`${host}:${dev}`)
      const words = [host, dev, mac, bridge(segment), port, mtu, delay, ...addresses]
      return `  port ${words.map(String).map(quote).join(' ')}`
    }),
  )
  return [
    'declare -A CABLE DELAY',
    ports,
    'cables() {',
    '  local name',
    ...segments,
    '  for name in $HOSTS; do ports_of "$name"; done',
    '}',
    `CABLE=(${cables.join(' ')}) DELAY=(${delays.join(' ')})`,
    `INTERFACES=${quote(interfaces.join(' '))}`,
  ].join('\n')
}

function filesPart(lab: Lab): string {
  return byHost('files_of', lab, (id, host) => {
    const paths = Object.keys(host.files)
    if (paths.length === 0) return []
    const folders = [...new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/')) || '/'))]
    const write = (path: string): string[] =>
      writeFileLines(`enter host.${id} tee ${quote(path)} >/dev/null`, host.files[path] ?? '')
    return [`  enter host.${id} mkdir -p ${folders.map(quote).join(' ')}`, ...paths.flatMap(write)]
  })
}

function bootPart(lab: Lab): string {
  // Booting takes time here: servers first, or a health check finds nobody at its first try.
  const isServer = (id: string): number => (lab.hosts[id]?.role === 'server' ? 0 : 1)
  const order = Object.keys(lab.hosts).sort((a, b) => isServer(a) - isServer(b))
  const boot = byHost('boot_of', lab, (id, host) => host.boot.map((line) => `  at ${id} ${quote(line)}`))
  return `BOOT=${quote(order.join(' '))}\n${boot}`
}

function upPart(lab: Lab): string {
  return `up() {
  missing || exit 1
  [ ! -e "$RUN" ] || die "lab $LAB is up already"
  mkdir -p "$RUN"
  ip netns add "$SWITCH" || die "no namespaces"
  ip netns exec "$SWITCH" bash -c 'for key in all default; do [ ! -e /proc/sys/net/ipv6/conf/$key ] || echo 1 >/proc/sys/net/ipv6/conf/$key/disable_ipv6; done'
  local name
  hosts; cables
  for name in $HOSTS; do files_of "$name"; done
  for name in $BOOT; do boot_of "$name"; done
  sleep ${startsDaemon(lab) ? SETTLE_DAEMONS : SETTLE}
}`
}

const DISPATCH = `case \${1-} in
  up) up;;
  down) down;;
  exec) [ $# -ge 3 ] || die "exec HOST CMD..."; shift; host=$1; shift; enter "host.$host" /bin/bash -c '"$@"' bash "$@";;
  play) [ $# = 3 ] || die "play SCRIPT OUTDIR"; play "$2" "$3";;
  *) echo "${USAGE.replaceAll('$0', '${0##*/}')}" >&2; exit 2;;
esac`
