import type { DropReason } from '../../kernel/drop.ts'
import type { Host } from '../../kernel/host.ts'
import type { Command, Io } from '../sys.ts'

/**
 * nstat of iproute2 6.1: counters of the network stack (/proc/net/snmp, /proc/net/netstat). Only those that tell of
 * packets not delivered, and of forwarded ones, are there. Without -a what was added since the last call, which a file
 * remembers, as the real one does; not modelled: the daemon and its averages, JSON.
 */
export const nstat: Command = {
  name: 'nstat',
  summary: 'counters of the network stack',
  run: (args, io) => {
    let flags = ''
    const patterns: string[] = []
    for (const arg of args) {
      if (!arg.startsWith('-')) patterns.push(arg)
      else if (/^-[anrsz]+$/.test(arg)) flags += arg.slice(1)
      else {
        io.err(`nstat: invalid option -- '${arg.replace(/^-+[anrsz]*/, '').charAt(0)}'\n${USAGE}`)
        return 255
      }
    }
    list(flags, patterns, io)
    return 0
  },
}

const USAGE = 'Usage: nstat [OPTION] [ PATTERN [ PATTERN ] ]\n'
const HISTORY = '/tmp/.nstat.u0'

/** In the kernel's order. A counter is the sum of these reasons (net/ipv4/proc.c). */
const COUNTERS: readonly (readonly [string, readonly DropReason[] | 'forwarded'])[] = [
  ['IpInHdrErrors', ['IP_INHDR', 'IP_CSUM', 'IP_TTL']],
  ['IpInAddrErrors', ['IP_INADDRERRORS', 'IP_NOFORWARD']],
  ['IpForwDatagrams', 'forwarded'],
  ['IpOutNoRoutes', ['IP_OUTNOROUTES']],
  ['TcpExtIPReversePathFilter', ['IP_RPFILTER']],
  ['IpExtInNoRoutes', ['IP_INNOROUTES']],
]

function valueOf(host: Host, from: readonly DropReason[] | 'forwarded'): number {
  if (from === 'forwarded') return host.forwarded
  return from.reduce((sum, why) => sum + (host.drops[why] ?? 0), 0)
}

/** -a absolute values, -z zeros too, -s do not remember, -n only remember, -r forget what was remembered first. */
function list(flags: string, patterns: readonly string[], io: Io): void {
  const host = io.sys.host()
  const past = new Map<string, number>()
  const absolute = flags.includes('a')
  if (!absolute && !flags.includes('r'))
    for (const line of (host.files[HISTORY] ?? '').split('\n')) {
      const [name = '', value = '0'] = line.split(/ +/)
      past.set(name, Number(value))
    }
  const all = COUNTERS.map(([name, from]) => ({ name, value: valueOf(host, from) }))
  if (!flags.includes('n')) {
    let text = '#kernel\n'
    for (const { name, value } of all) {
      const shown = value - (past.get(name) ?? 0)
      if (patterns.length > 0 && !patterns.some((pattern) => matches(name, pattern))) continue
      if (shown === 0 && !flags.includes('z')) continue
      text += `${name.padEnd(32)}${String(shown).padEnd(16)}${'0.0'.padStart(6)}\n`
    }
    io.out(text)
  }
  if (flags.includes('s')) return
  const text = all.map(({ name, value }) => `${name} ${value}\n`).join('')
  io.sys.apply({ op: 'file.write', path: HISTORY, text: `#kernel\n${text}` })
}

/** Patterns of the shell, without regard to case. */
function matches(name: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
  return new RegExp(`^${source}$`, 'i').test(name)
}
