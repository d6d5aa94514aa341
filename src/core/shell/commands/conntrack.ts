import { formatIp4, parseIp4 } from '../../base/ids.ts'
import { PROTO_ICMP, PROTO_TCP, PROTO_UDP } from '../../wire/ipv4.ts'
import {
  CT_TCP_STATES,
  type CtEntry,
  IPS_ASSURED,
  IPS_SEEN_REPLY,
  type Tuple,
} from '../../kernel/netfilter/conntrack/types.ts'
import type { Command, Io } from '../sys.ts'
import { notModelled, type Refusal, refuse, tell } from './words.ts'

/** conntrack 1.4.7: -L, -D, -F and -C with the usual filters. Not modelled: events (-E), updates, expectations, -o.
 * The count goes to standard error and comes first, as when both are written to a file. */

const VERSION = 'conntrack v1.4.7 (conntrack-tools)'
const NAMES: Record<number, string> = { [PROTO_TCP]: 'tcp', [PROTO_UDP]: 'udp', [PROTO_ICMP]: 'icmp' }

type Filter = (entry: CtEntry) => boolean

export const conntrack: Command = {
  name: 'conntrack',
  summary: 'the table of tracked connections',
  run: (args, io) => {
    const [verb = '', ...rest] = args
    if (verb === '-V' || verb === '--version') {
      io.out(`${VERSION}\n`)
      return 0
    }
    const command = VERBS[verb]
    if (!command) return refuseVerb(verb, io)
    const filters = readFilters(rest)
    if (!Array.isArray(filters)) return tell(io, filters)
    return command(io, filters)
  },
}

function refuseVerb(verb: string, io: Io): number {
  if (/^-[EGIUSh]$/.test(verb) || verb.startsWith('--') || verb === '') {
    return tell(io, notModelled(`\`conntrack${verb === '' ? '' : ` ${verb}`}'`))
  }
  const what = verb.startsWith('-') ? `unknown option \`${verb}'` : 'No command specified'
  return tell(io, refuse(`${VERSION}: ${what}\n${HINT}`, 2))
}

const HINT = "Try `conntrack -h' or 'conntrack --help' for more information."

const VERBS: Record<string, (io: Io, filters: readonly Filter[]) => number> = {
  '-L': list,
  '--dump': list,
  '-D': remove,
  '--delete': remove,
  '-F': flush,
  '--flush': flush,
  '-C': count,
  '--count': count,
}

function live(io: Io): CtEntry[] {
  const now = io.sys.now()
  return Object.values(io.sys.host().ct.entries).filter((entry) => entry.expiresAt > now)
}

function list(io: Io, filters: readonly Filter[]): number {
  const entries = live(io).filter((entry) => filters.every((fits) => fits(entry)))
  io.err(`${VERSION}: ${entries.length} flow entries have been shown.\n`)
  for (const entry of entries) io.out(`${formatEntry(entry, io.sys.now())}\n`)
  return 0
}

function remove(io: Io, filters: readonly Filter[]): number {
  const entries = live(io).filter((entry) => filters.every((fits) => fits(entry)))
  io.err(`${VERSION}: ${entries.length} flow entries have been deleted.\n`)
  for (const entry of entries) {
    io.out(`${formatEntry(entry, io.sys.now())}\n`)
    io.sys.apply({ op: 'ct.del', tuple: entry.original })
  }
  return entries.length > 0 ? 0 : 1
}

function flush(io: Io): number {
  io.sys.apply({ op: 'ct.flush' })
  io.err(`${VERSION}: connection tracking table has been emptied.\n`)
  return 0
}

function count(io: Io): number {
  io.out(`${live(io).length}\n`)
  return 0
}

/** One line of the table, as libnetfilter_conntrack prints it. */
function formatEntry(entry: CtEntry, now: number): string {
  const { original, reply, status, tcp } = entry
  const name = NAMES[original.proto] ?? 'unknown'
  const left = Math.max(0, Math.floor((entry.expiresAt - now) / 1e9))
  const state = tcp ? `${CT_TCP_STATES[tcp.state] ?? 'NONE'} ` : ''
  const unreplied = (status & IPS_SEEN_REPLY) === 0 ? '[UNREPLIED] ' : ''
  const assured = (status & IPS_ASSURED) !== 0 ? '[ASSURED] ' : ''
  return (
    `${name.padEnd(8)} ${original.proto} ${left} ${state}${formatTuple(original)}${unreplied}` +
    `${formatTuple(reply)}${assured}mark=${entry.mark} use=1`
  )
}

function formatTuple(t: Tuple): string {
  const ends = `src=${formatIp4(t.src)} dst=${formatIp4(t.dst)} `
  if (t.proto === PROTO_ICMP) return `${ends}type=${t.dport >>> 8} code=${t.dport & 0xff} id=${t.sport} `
  return t.proto === PROTO_TCP || t.proto === PROTO_UDP ? `${ends}sport=${t.sport} dport=${t.dport} ` : ends
}

/** Options that narrow the list; the refusal is the tool's own. */
function readFilters(args: readonly string[]): Filter[] | Refusal {
  const filters: Filter[] = []
  for (let i = 0; i < args.length; i += 2) {
    const option = args[i] ?? ''
    if (option === 'conntrack') {
      i--
      continue
    }
    const make = OPTIONS[option]
    if (!make) return notModelled(`the option \`${option}' of conntrack`)
    const value = args[i + 1]
    if (value === undefined) return refuse(`${VERSION}: option \`${option}' requires an argument\n${HINT}`, 2)
    const filter = make(value)
    if (typeof filter === 'string') return refuse(`${VERSION}: ${filter}\n${HINT}`, 2)
    filters.push(filter)
  }
  return filters
}

const byAddress =
  (side: (entry: CtEntry) => number) =>
  (text: string): Filter | string => {
    const ip = parseIp4(text)
    return ip === undefined ? `Invalid IP address \`${text}'` : (entry) => side(entry) === ip
  }

const byPort =
  (side: (entry: CtEntry) => number) =>
  (text: string): Filter =>
  (entry) =>
    side(entry) === Number(text) && (entry.original.proto === PROTO_TCP || entry.original.proto === PROTO_UDP)

function byProtocol(text: string): Filter | string {
  const known = Object.entries(NAMES).find(([number, name]) => name === text.toLowerCase() || number === text)
  const proto = known ? Number(known[0]) : /^\d+$/.test(text) ? Number(text) : undefined
  return proto === undefined ? `\`${text}' unsupported protocol` : (entry) => entry.original.proto === proto
}

function byState(text: string): Filter | string {
  const state = CT_TCP_STATES.findIndex((name) => name === text.toUpperCase())
  return state < 0 ? `\`${text}' unknown state` : (entry) => entry.tcp?.state === state
}

const src = byAddress((e) => e.original.src)
const dst = byAddress((e) => e.original.dst)
const sport = byPort((e) => e.original.sport)
const dport = byPort((e) => e.original.dport)

const OPTIONS: Record<string, (text: string) => Filter | string> = {
  '-p': byProtocol,
  '--proto': byProtocol,
  '-s': src,
  '--src': src,
  '--orig-src': src,
  '-d': dst,
  '--dst': dst,
  '--orig-dst': dst,
  '-r': byAddress((e) => e.reply.src),
  '--reply-src': byAddress((e) => e.reply.src),
  '-q': byAddress((e) => e.reply.dst),
  '--reply-dst': byAddress((e) => e.reply.dst),
  '--sport': sport,
  '--orig-port-src': sport,
  '--dport': dport,
  '--orig-port-dst': dport,
  '--state': byState,
}
