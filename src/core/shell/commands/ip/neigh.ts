import { inPrefix } from '../../../base/cidr.ts'
import { formatIp4, formatMac, type Ip4, type Mac, parseMac, SEC } from '../../../base/ids.ts'
import type { Neigh, NeighState } from '../../../kernel/neigh/entry.ts'
import type { Io } from '../../sys.ts'
import {
  badAddress,
  badPrefix,
  findKeyword,
  garbage,
  noDevice,
  notModelled,
  parsePrefix,
  parseShortIp4,
  type Prefix,
  readWords,
  refuse,
  rtnetlink,
  tell,
  wrong,
} from '../words.ts'
import { type IpOptions, NEIGH_USAGE } from './options.ts'

const VERBS = [
  'add',
  'change',
  'chg',
  'replace',
  'delete',
  'get',
  'show',
  'list',
  'lst',
  'flush',
  'help',
] as const
const NUD: Record<string, NeighState> = {
  none: 'NONE',
  incomplete: 'INCOMPLETE',
  reachable: 'REACHABLE',
  stale: 'STALE',
  delay: 'DELAY',
  probe: 'PROBE',
  failed: 'FAILED',
  permanent: 'PERMANENT',
  noarp: 'NOARP',
}
/** States in which the link-layer address is good (NUD_VALID): only then it is shown. */
const VALID: ReadonlySet<NeighState> = new Set<NeighState>([
  'REACHABLE',
  'STALE',
  'DELAY',
  'PROBE',
  'PERMANENT',
  'NOARP',
])

function hasMac(entry: Neigh): boolean {
  return VALID.has(entry.state)
}

/** `ip neighbour`. Entries are listed in order of birth; Linux lists them in the order of its hash. */
export function ipNeigh(args: readonly string[], options: IpOptions, io: Io): number {
  const [word = 'show', ...rest] = args
  const verb = findKeyword(word, VERBS)
  switch (verb) {
    case 'show':
    case 'list':
    case 'lst':
      return show(rest, options, io)
    case 'flush':
      if (rest.length === 0) return tell(io, refuse('Flush requires arguments.', 1))
      return flush(rest, options, io)
    case 'add':
    case 'replace':
      return set(verb, rest, io)
    case 'change':
    case 'chg':
      return set('change', rest, io)
    case 'delete':
      return set('delete', rest, io)
    case 'get':
      return set('get', rest, io)
    case 'help':
      return tell(io, refuse(NEIGH_USAGE, 255))
    case undefined:
      return tell(io, refuse(`Command "${word}" is unknown, try "ip neigh help".`, 255))
  }
}

interface Filter {
  proxy?: true
  dev?: string
  to?: Prefix
  states: NeighState[]
}

function readFilter(args: readonly string[], io: Io): Filter | number {
  const filter: Filter = { states: [] }
  const refusal = readWords(args, {
    values: {
      dev: (value) => {
        filter.dev = value
        return Object.hasOwn(io.sys.host().devs, value) ? undefined : noDevice(value)
      },
      nud: (value) => {
        if (value === 'all') return void (filter.states = Object.values(NUD))
        const state = NUD[value]
        return state ? void filter.states.push(state) : wrong(value, 'nud state is bad')
      },
      to: (value) => readTo(filter, value),
    },
    flags: { proxy: () => void (filter.proxy = true) },
    other: (word) => readTo(filter, word),
  })
  return refusal ? tell(io, refusal) : filter
}

function readTo(filter: Filter, word: string): ReturnType<typeof garbage> | undefined {
  if (filter.to) return garbage('to', word)
  const to = parsePrefix(word)
  return to ? void (filter.to = to) : badPrefix(word)
}

function select(io: Io, filter: Filter): Neigh[] {
  return Object.values(io.sys.host().neigh).filter((n) => {
    if (filter.dev !== undefined && n.dev !== filter.dev) return false
    if (filter.to && !inPrefix(n.ip, filter.to.ip, filter.to.prefix)) return false
    return filter.states.length > 0
      ? filter.states.includes(n.state)
      : n.state !== 'NOARP' && n.state !== 'NONE'
  })
}

function show(args: readonly string[], options: IpOptions, io: Io): number {
  const filter = readFilter(args, io)
  if (typeof filter === 'number') return filter
  if (filter.proxy) return showProxies(filter, io)
  for (const entry of select(io, filter)) {
    if (options.brief) {
      const mac = hasMac(entry) ? formatMac(entry.mac) : ''
      io.out(`${formatIp4(entry.ip).padEnd(39)} ${entry.dev.padEnd(16)} ${mac}\n`)
    } else io.out(neighLine(entry, filter.dev === undefined, options.stats ? io.sys.now() : undefined))
  }
  return 0
}

function showProxies({ dev: wanted, to }: Filter, io: Io): number {
  for (const { dev, ip } of io.sys.host().proxies) {
    if ((wanted !== undefined && wanted !== dev) || (to && !inPrefix(ip, to.ip, to.prefix))) continue
    io.out(`${formatIp4(ip)} ${wanted === undefined ? `dev ${dev} ` : ''}proxy \n`)
  }
  return 0
}

function neighLine(entry: Neigh, showDev: boolean, now: number | undefined): string {
  const dev = showDev ? `dev ${entry.dev} ` : ''
  const mac = hasMac(entry) ? `lladdr ${formatMac(entry.mac)} ` : ''
  const age = (at: number): number => Math.floor(((now ?? 0) - at) / SEC)
  const used = `${age(entry.usedNs)}/${age(entry.confirmedNs)}/${age(entry.updatedNs)}`
  const stats = now === undefined ? '' : ` used ${used}probes ${entry.probes} `
  return `${formatIp4(entry.ip)} ${dev}${mac}${stats}${entry.state} \n`
}

/** Entries without ARP and permanent ones stay, unless asked for by state (iproute2 ipneigh.c). */
function flush(args: readonly string[], options: IpOptions, io: Io): number {
  const filter = readFilter(args[0] === 'all' ? args.slice(1) : args, io)
  if (typeof filter === 'number') return filter
  if (options.stats && select(io, filter).every((n) => n.state === 'PERMANENT')) {
    io.out('Nothing to flush.\n')
    return 0
  }
  const doomed = select(io, filter).filter((n) => filter.states.length > 0 || n.state !== 'PERMANENT')
  if (filter.states.length === 0 && (!filter.to || filter.to.prefix === 32)) {
    const ip = filter.to?.ip
    const done = io.sys.apply({
      op: 'neigh.flush',
      ...(filter.dev !== undefined && { dev: filter.dev }),
      ...(ip !== undefined && { ip }),
    })
    return done.ok ? 0 : tell(io, rtnetlink(done.error))
  }
  for (const { dev, ip } of doomed) {
    const done = io.sys.apply({ op: 'neigh.del', dev, ip })
    if (!done.ok) return tell(io, rtnetlink(done.error))
  }
  return 0
}

interface Entry {
  /** An address that is answered for, not a neighbour. */
  proxy?: true
  ip?: Ip4
  dev?: string
  mac?: Mac
  state: NeighState
}

type SetVerb = 'add' | 'change' | 'replace' | 'delete' | 'get'

function set(verb: SetVerb, args: readonly string[], io: Io): number {
  const entry: Entry = { state: 'PERMANENT' }
  const readIp = (word: string): ReturnType<typeof garbage> | undefined => {
    if (entry.ip !== undefined) return garbage('to', word)
    const ip = parseShortIp4(word)
    return ip === undefined ? badAddress(word) : void (entry.ip = ip)
  }
  const refusal = readWords(args, {
    values: {
      dev: (value) => void (entry.dev = value),
      to: readIp,
      lladdr: (value) => {
        const mac = parseMac(value)
        return mac === undefined ? refuse(`"${value}" is invalid lladdr.`, 1) : void (entry.mac = mac)
      },
      nud: (value) => {
        const state = NUD[value]
        return state ? void (entry.state = state) : wrong(value, 'nud state is bad')
      },
      proxy: (word) => {
        entry.proxy = true
        return readIp(word)
      },
    },
    other: readIp,
  })
  if (refusal) return tell(io, refusal)
  const { ip, dev } = entry
  if (ip === undefined || dev === undefined)
    return tell(io, refuse('Device and destination are required arguments.', 255))
  if (!Object.hasOwn(io.sys.host().devs, dev)) return tell(io, noDevice(dev))
  return write(verb, ip, dev, entry, io)
}

function write(verb: SetVerb, ip: Ip4, dev: string, entry: Entry, io: Io): number {
  if (entry.proxy) {
    const done = io.sys.apply({ op: 'neigh.proxy', dev, ip, on: verb !== 'delete' })
    return done.ok ? 0 : tell(io, rtnetlink(done.error))
  }
  const there = Object.values(io.sys.host().neigh).find((n) => n.ip === ip && n.dev === dev)
  if (verb === 'add' && there) return tell(io, rtnetlink('EEXIST'))
  if (verb !== 'add' && verb !== 'replace' && !there) return tell(io, rtnetlink('ENOENT'))
  if (verb === 'get' && there) {
    io.out(neighLine(there, true, undefined))
    return 0
  }
  if (verb === 'delete') {
    const done = io.sys.apply({ op: 'neigh.del', dev, ip })
    return done.ok ? 0 : tell(io, rtnetlink(done.error))
  }
  const mac = entry.mac ?? there?.mac
  if (mac === undefined) return tell(io, rtnetlink('EINVAL'))
  const { state } = entry
  if (state !== 'PERMANENT' && state !== 'REACHABLE' && state !== 'STALE' && state !== 'NOARP') {
    return tell(io, notModelled(`setting a neighbour to ${state.toLowerCase()}`))
  }
  const done = io.sys.apply({ op: 'neigh.set', dev, ip, mac, state })
  return done.ok ? 0 : tell(io, rtnetlink(done.error))
}
