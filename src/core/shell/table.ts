import { assert } from '../base/assert.ts'
import { loadPrograms } from '../apps/table.ts'
import { loadIpvs } from '../kernel/ipvs/module.ts'
import { loadNetfilter } from '../kernel/netfilter/module.ts'
import { parseLine } from './parse.ts'
import type { Command, Io, Outcome } from './sys.ts'

/**
 * Commands by name, each in a module of its own that is loaded when first needed, so that a page does not wait for what
 * nobody types. Whoever runs lines loads what they name before (`loadCommands`): running itself is never asynchronous.
 */
const LOADERS: Readonly<Record<string, () => Promise<Command>>> = {
  ip: async () => (await import('./commands/ip/ip.ts')).ip,
  ifconfig: async () => (await import('./commands/ifconfig.ts')).ifconfig,
  route: async () => (await import('./commands/route.ts')).route,
  arp: async () => (await import('./commands/arp.ts')).arp,
  sysctl: async () => (await import('./commands/sysctl.ts')).sysctl,
  ipvsadm: async () => {
    await loadIpvs()
    return (await import('./commands/ipvsadm/ipvsadm.ts')).ipvsadm
  },
  iptables: async () => {
    await loadNetfilter()
    return (await import('./commands/iptables/iptables.ts')).iptables
  },
  'iptables-save': async () => {
    await loadNetfilter()
    return (await import('./commands/iptables/save.ts')).iptablesSave
  },
  'iptables-restore': async () => {
    await loadNetfilter()
    return (await import('./commands/iptables/save.ts')).iptablesRestore
  },
  conntrack: async () => {
    await loadNetfilter()
    return (await import('./commands/conntrack.ts')).conntrack
  },
  curl: async () => (await programs('curl')).curl,
  ping: async () => (await programs('ping')).ping,
  traceroute: async () => (await programs('traceroute')).traceroute,
  ss: async () => (await import('./commands/ss.ts')).ss,
  nginx: async () => (await programs('nginx')).nginx,
  systemctl: async () => (await import('./commands/systemctl.ts')).systemctl,
  journalctl: async () => (await import('./commands/journalctl.ts')).journalctl,
  ps: async () => (await import('./commands/ps.ts')).ps,
  kill: async () => (await import('./commands/kill.ts')).kill,
  killall: async () => (await import('./commands/kill.ts')).killall,
  pkill: async () => (await import('./commands/kill.ts')).pkill,
  pgrep: async () => (await import('./commands/kill.ts')).pgrep,
  pidof: async () => (await import('./commands/kill.ts')).pidof,
  modprobe: async () => (await import('./commands/modprobe.ts')).modprobe,
  rmmod: async () => (await import('./commands/modprobe.ts')).rmmod,
  arping: async () => {
    await loadPrograms(['arping'])
    return (await import('./commands/arping.ts')).arping
  },
  cat: async () => (await builtins()).cat,
  echo: async () => (await builtins()).echo,
  sleep: async () => (await builtins()).sleep,
  hostname: async () => (await builtins()).hostname,
  uname: async () => (await builtins()).uname,
  true: async () => (await builtins()).yes,
  false: async () => (await builtins()).no,
  ':': async () => (await builtins()).colon,
  keepalived: async () => {
    await loadService('keepalived')
    return (await import('./commands/daemons.ts')).keepalived
  },
  vtysh: async () => {
    await loadService('frr')
    return (await import('./commands/vtysh.ts')).vtysh
  },
  '/usr/lib/frr/zebra': () => frrDaemon('zebra'),
  '/usr/lib/frr/ospfd': () => frrDaemon('ospfd'),
  '/usr/lib/frr/staticd': () => frrDaemon('staticd'),
  '/usr/lib/frr/watchfrr': () => frrDaemon('watchfrr'),
  help: async () => {
    await loadCommands(Object.keys(LOADERS).filter((name) => name !== 'help'))
    return help
  },
}

async function programs(name: string) {
  await loadPrograms([name])
  return import('./commands/programs.ts')
}

function builtins() {
  return import('./commands/builtins.ts')
}

/** Code that a service needs; a line that names it (`systemctl start frr`) loads it. */
const SERVICES: Readonly<Record<string, () => Promise<unknown>>> = {
  firewalld: () => loadNetfilter(),
  nginx: () => loadPrograms(['nginx']),
  frr: () => loadPrograms(['watchfrr', 'zebra', 'ospfd', 'staticd', 'vtysh']),
  keepalived: async () => {
    // its notify scripts run command lines
    await Promise.all([loadPrograms(['keepalived']), loadIpvs(), loadCommands(NOTIFY_COMMANDS)])
  },
}
const NOTIFY_COMMANDS = ['ip', 'ifconfig', 'sysctl', 'ipvsadm', 'systemctl', 'echo', 'true', 'false']

async function loadService(name: string): Promise<void> {
  if (Object.hasOwn(SERVICES, name)) await SERVICES[name]?.()
}

async function frrDaemon(name: string): Promise<Command> {
  await loadService('frr')
  return (await import('./commands/daemons.ts')).frrDaemon(name)
}

/** Code that is there. No part of any world: a command keeps no memory. */
const ready = new Map<string, Command>()

/** Load commands by name, all by default. Names that are neither commands nor services are passed over. */
export async function loadCommands(
  names: Iterable<string> = [...Object.keys(LOADERS), ...Object.keys(SERVICES)],
): Promise<void> {
  const bare = [...names].map(bareName)
  const wanted = bare.filter((name) => Object.hasOwn(LOADERS, name) && !ready.has(name))
  await Promise.all(bare.map((name) => loadService(name.replace(/\.service$/, ''))))
  await Promise.all(
    wanted.map(async (name) => {
      const command = await LOADERS[name]?.()
      if (command) ready.set(name, command)
    }),
  )
}

/** Load what a few command lines name. */
export function loadCommandsOf(lines: Iterable<string>): Promise<void> {
  const names: string[] = []
  for (const line of lines) {
    const parsed = parseLine(line)
    if (!parsed.ok) continue
    for (const item of parsed.value) {
      const words = item.words.map((word) => word.map((p) => (p.kind === 'status' ? '' : p.text)).join(''))
      // systemctl's words name services
      names.push(...(words[0] === 'systemctl' ? words : words.slice(0, 1)))
    }
  }
  return loadCommands(names)
}

const help: Command = {
  name: 'help',
  summary: 'this list',
  run: (_args, io) => {
    io.out('Commands that are modelled:\n')
    for (const name of commandNames()) {
      if (name !== ':' && !name.startsWith('/'))
        io.out(`  ${name.padEnd(10)} ${ready.get(name)?.summary ?? ''}\n`)
    }
    io.out('Commands are joined by ; && || and started in the background by &.\n')
    return 0
  },
}

function bareName(typed: string): string {
  return typed.replace(/^\/(usr\/)?s?bin\//, '')
}

/** Commands of the lesson and of its kind that a person may well type; they are on Linux, so they are not "not found". */
const LATER = new Set(
  (
    'tcpdump nft ethtool grep ' +
    'netstat firewall-cmd ls cd vi vim nano tail head less watch timeout bridge nmap nc wget ab wrk sudo su tee sed awk'
  ).split(' '),
)

/** Names of all commands, for completion. */
export function commandNames(): string[] {
  return Object.keys(LOADERS).filter((name) => !name.startsWith('/'))
}

/** Run one command by name. Unknown names get bash's words and status 127, and the nearest name that is modelled. */
export function runCommand(typed: string, args: readonly string[], io: Io): Outcome {
  const name = bareName(typed)
  const command = ready.get(name)
  if (command !== undefined) return command.run(args, io)
  assert(!Object.hasOwn(LOADERS, name), `the command ${name} is not loaded`)
  if (LATER.has(name)) {
    io.err(`vipscope: ${name} is not modelled yet; \`help' lists what is\n`)
    return 127
  }
  io.err(`bash: ${typed}: ${typed.includes('/') ? 'No such file or directory' : 'command not found'}\n`)
  const near = nearest(name)
  if (near !== undefined) io.err(`vipscope: the nearest command that is modelled is \`${near}'\n`)
  return 127
}

function nearest(name: string): string | undefined {
  if (name.length > 24) return undefined
  let best: string | undefined
  let least = Math.min(3, Math.ceil(name.length / 2))
  for (const known of commandNames()) {
    const d = distance(name, known)
    if (d < least) {
      least = d
      best = known
    }
  }
  return best
}

/** Levenshtein distance of two short words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
