import { arp } from './commands/arp.ts'
import { arping } from './commands/arping.ts'
import { cat, colon, echo, hostname, no, sleep, uname, yes } from './commands/builtins.ts'
import { conntrack } from './commands/conntrack.ts'
import { ifconfig } from './commands/ifconfig.ts'
import { ip } from './commands/ip/ip.ts'
import { iptables } from './commands/iptables/iptables.ts'
import { iptablesRestore, iptablesSave } from './commands/iptables/save.ts'
import { ipvsadm } from './commands/ipvsadm/ipvsadm.ts'
import { modprobe, rmmod } from './commands/modprobe.ts'
import { curl, nginx, ping, traceroute } from './commands/programs.ts'
import { route } from './commands/route.ts'
import { ss } from './commands/ss.ts'
import { sysctl } from './commands/sysctl.ts'
import { systemctl } from './commands/systemctl.ts'
import type { Command, Io, Outcome } from './sys.ts'

const help: Command = {
  name: 'help',
  summary: 'this list',
  run: (_args, io) => {
    io.out('Commands that are modelled:\n')
    for (const { name, summary } of COMMANDS) if (name !== ':') io.out(`  ${name.padEnd(10)} ${summary}\n`)
    io.out('Commands are joined by ; && || and started in the background by &.\n')
    return 0
  },
}

const COMMANDS: readonly Command[] = [
  ip,
  ifconfig,
  route,
  arp,
  sysctl,
  ipvsadm,
  iptables,
  iptablesSave,
  iptablesRestore,
  conntrack,
  curl,
  ping,
  traceroute,
  ss,
  nginx,
  systemctl,
  modprobe,
  rmmod,
  arping,
  cat,
  echo,
  sleep,
  hostname,
  uname,
  yes,
  no,
  colon,
  help,
]

/** Commands of the lesson and of its kind that a person may well type; they are on Linux, so they are not "not found". */
const LATER = new Set(
  (
    'tcpdump vtysh nft ethtool ps grep kill killall pgrep journalctl keepalived ' +
    'netstat firewall-cmd ls cd vi vim nano tail head less watch timeout bridge nmap nc wget ab wrk sudo su tee sed awk'
  ).split(' '),
)

/** Names of all commands, for completion. */
export function commandNames(): string[] {
  return COMMANDS.map((command) => command.name)
}

/** Run one command by name. Unknown names get bash's words and status 127, and the nearest name that is modelled. */
export function runCommand(typed: string, args: readonly string[], io: Io): Outcome {
  const name = typed.replace(/^\/(usr\/)?s?bin\//, '')
  const command = COMMANDS.find((c) => c.name === name)
  if (command !== undefined) return command.run(args, io)
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
