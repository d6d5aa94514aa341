import { must } from '../base/assert.ts'
import { loadServices } from '../apps/services.ts'
import { loadPrograms } from '../apps/table.ts'
import { loadIpvs } from '../kernel/ipvs/module.ts'
import { loadNetfilter } from '../kernel/netfilter/module.ts'
import { NOTIFY_COMMANDS } from './notify.ts'
import type { Command, Io, Outcome } from './sys.ts'
import { TOOLS } from './tools.ts'
import { WRAPPERS } from './wrappers.ts'

/**
 * Commands by name, each in a module of its own that is loaded when first needed, so that a page does not wait for what
 * nobody types. Whoever runs lines loads what they name before (`loadCommands`): running itself is never asynchronous.
 */
const LOADERS: Readonly<Record<string, () => Promise<Command>>> = {
  ...TOOLS,
  ip: async () => (await import('./commands/ip/ip.ts')).ip,
  ifconfig: async () => (await import('./commands/ifconfig.ts')).ifconfig,
  route: async () => (await import('./commands/route.ts')).route,
  arp: async () => (await import('./commands/arp.ts')).arp,
  sysctl: async () => (await import('./commands/sysctl.ts')).sysctl,
  ipvsadm: async () => {
    await loadIpvs()
    return (await import('./commands/ipvsadm/ipvsadm.ts')).ipvsadm
  },
  'ipvsadm-save': async () => {
    await loadIpvs()
    return (await import('./commands/ipvsadm/ipvsadm.ts')).ipvsadmSave
  },
  'ipvsadm-restore': async () => {
    await loadIpvs()
    return (await import('./commands/ipvsadm/ipvsadm.ts')).ipvsadmRestore
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
  nstat: async () => (await import('./commands/nstat.ts')).nstat,
  tcpdump: async () => (await programs('tcpdump')).tcpdump,
  ss: async () => (await import('./commands/ss.ts')).ss,
  nginx: async () => (await programs('nginx')).nginx,
  systemctl: async () => {
    await loadServices()
    return (await import('./commands/systemctl.ts')).systemctl
  },
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
  echo: async () => (await builtins()).echo,
  sleep: async () => (await builtins()).sleep,
  hostname: async () => (await builtins()).hostname,
  uname: async () => (await builtins()).uname,
  true: async () => (await builtins()).yes,
  false: async () => (await builtins()).no,
  ':': async () => (await builtins()).colon,
  date: async () => (await import('./commands/date.ts')).date,
  ls: async () => (await files()).ls,
  cd: async () => (await files()).cd,
  pwd: async () => (await files()).pwd,
  rm: async () => (await files()).rm,
  cp: async () => (await files()).cp,
  mv: async () => (await files()).mv,
  touch: async () => (await files()).touch,
  mkdir: async () => (await files()).mkdir,
  grep: async () => (await import('./commands/text/grep.ts')).grep,
  egrep: async () => (await import('./commands/text/grep.ts')).egrep,
  cat: async () => (await lines()).cat,
  head: async () => (await lines()).head,
  tail: async () => (await lines()).tail,
  wc: async () => (await lines()).wc,
  sort: async () => (await lines()).sort,
  uniq: async () => (await lines()).uniq,
  cut: async () => (await lines()).cut,
  tr: async () => (await lines()).tr,
  tac: async () => (await lines()).tac,
  nl: async () => (await lines()).nl,
  less: async () => (await lines()).less,
  more: async () => (await lines()).less,
  sed: async () => (await import('./commands/text/edit.ts')).sed,
  awk: async () => (await import('./commands/text/edit.ts')).awk,
  tee: async () => (await import('./commands/text/edit.ts')).tee,
  export: async () => (await shellBuiltins()).exportVars,
  unset: async () => (await shellBuiltins()).unset,
  env: async () => (await shellBuiltins()).env,
  read: async () => (await shellBuiltins()).read,
  test: async () => (await shellBuiltins()).test,
  '[': async () => (await shellBuiltins()).bracket,
  seq: async () => (await shellBuiltins()).seq,
  printf: async () => (await shellBuiltins()).printf,
  set: async () => (await shellBuiltins()).set,
  clear: async () => (await shellBuiltins()).clear,
  which: () => Promise.resolve(which),
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
  type: async () => (await import('./commands/manual.ts')).type((name) => Object.hasOwn(LOADERS, name)),
  man: async () => {
    await loadCommands(Object.keys(LOADERS).filter((name) => name !== 'help' && name !== 'man'))
    return (await import('./commands/manual.ts')).man((name) => ready.get(name))
  },
  help: async () => {
    await loadCommands(Object.keys(LOADERS).filter((name) => name !== 'help' && name !== 'man'))
    return (await import('./commands/help.ts')).makeHelp(
      commandNames(),
      (name) => ready.get(name)?.summary ?? '',
    )
  },
}

async function programs(name: string) {
  await loadPrograms([name])
  return import('./commands/programs.ts')
}

function builtins() {
  return import('./commands/builtins.ts')
}

function files() {
  return import('./commands/files.ts')
}

function lines() {
  return import('./commands/text/lines.ts')
}

function shellBuiltins() {
  return import('./commands/shell-builtins.ts')
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

async function loadService(name: string): Promise<void> {
  if (Object.hasOwn(SERVICES, name)) await SERVICES[name]?.()
}

async function frrDaemon(name: string): Promise<Command> {
  await loadService('frr')
  return (await import('./commands/daemons.ts')).frrDaemon(name)
}

/** Code that is there. No part of any world: a command keeps no memory. */
const ready = new Map<string, Command>()
let unknown: typeof import('./unknown.ts').unknownCommand | undefined

/** Load commands by name, all by default. Names that are neither commands nor services are passed over. */
export async function loadCommands(
  names: Iterable<string> = [...Object.keys(LOADERS), ...Object.keys(SERVICES)],
): Promise<void> {
  const bare = [...names].map(bareName)
  unknown ??= (await import('./unknown.ts')).unknownCommand
  const wanted = bare.filter((name) => Object.hasOwn(LOADERS, name) && !ready.has(name))
  await Promise.all(bare.map((name) => loadService(name.replace(/\.service$/, ''))))
  await Promise.all(
    wanted.map(async (name) => {
      const command = await LOADERS[name]?.()
      if (command) ready.set(name, command)
    }),
  )
}

/** Load what a few command lines name, wherever in the line it stands (`sudo`, a pipe, a loop, quotes). */
export function loadCommandsOf(lines: Iterable<string>): Promise<void> {
  const names: string[] = []
  for (const line of lines) names.push(...(line.match(/[\w:.[-]+|\/usr\/lib\/frr\/\w+/g) ?? []))
  return loadCommands(names)
}

function bareName(typed: string): string {
  return typed.replace(/^\/(usr\/)?s?bin\//, '')
}

const which: Command = {
  name: 'which',
  summary: 'where a command lies',
  run: (args, io) => {
    let status = 0
    for (const name of args) {
      if (Object.hasOwn(LOADERS, name)) io.out(`/usr/sbin/${name}\n`)
      else status = 1
    }
    return status
  },
}

/** How a command takes part in a pipe, if it works line by line. */
export function filterOf(typed: string): Command['filter'] {
  return ready.get(bareName(typed))?.filter
}

/** Names of all commands, for completion. */
export function commandNames(): string[] {
  const own = Object.keys(LOADERS).filter((name) => !name.startsWith('/'))
  return [...own, ...Object.keys(WRAPPERS), 'break', 'continue', 'exit']
}

/** Run one command by name. Unknown names get bash's words and status 127, and the nearest name that is modelled. */
export function runCommand(typed: string, args: readonly string[], io: Io): Outcome {
  const name = bareName(typed)
  const command = ready.get(name)
  if (command !== undefined) return command.run(args, io)
  if (Object.hasOwn(LOADERS, name)) {
    // what a line names is loaded beforehand, found by its text
    io.err(`vipscope: ${typed}: write the name of a command in one piece, without quotes in it\n`)
    return 127
  }
  return must(unknown, 'what to say of unknown commands')(typed, name, commandNames(), io)
}
