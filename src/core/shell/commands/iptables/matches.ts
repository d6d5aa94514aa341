import type { AddrKind, CtStateName, Match, Ports, RuleSpec } from '../../../kernel/netfilter/tables/types.ts'
import { parseIcmpType, parsePort, parseProtocol, parseTcpFlags } from './names.ts'
import { isMistake, parseMark, parseMasked, parsePorts } from './values.ts'
import { type Mistake, model, usage } from './words.ts'

/** Options of the match extensions: what each takes, and how it changes the match that is being made. */

/** One option: how many words it takes, and what it does with them. */
export interface Option<T> {
  args: number
  /** Takes no `!` in front. */
  plain?: boolean
  set: (into: T, words: readonly string[], not: boolean, spec: RuleSpec) => Mistake | undefined
}

export interface MatchKind {
  create: (spec: RuleSpec) => Match | Mistake
  options: Record<string, Option<Match>>
  /** Is the match complete? */
  check: (match: Match) => Mistake | undefined
}

/** The member of the union that has this name, alone or beside another. */
type Of<M extends Match['m'], U = Match> = U extends { m: infer K } ? (M extends K ? U : never) : never

/** Wrap options of one kind of match, so that all kinds fit one table. */
function kind<M extends Match['m']>(
  create: (spec: RuleSpec) => Of<M> | Mistake,
  options: Record<string, Option<Of<M>>>,
  check: (match: Of<M>) => Mistake | undefined = () => undefined,
): MatchKind {
  return { create, options, check } as unknown as MatchKind
}

function portOption<T extends Of<'tcp'> | Of<'udp'>>(side: 'sport' | 'dport'): Option<T> {
  return {
    args: 1,
    set: (into, [text = ''], not) => {
      const ports = parsePorts(text)
      if (isMistake(ports)) return ports
      into[side] = { ...ports, not }
      return undefined
    },
  }
}

const tcp = kind<'tcp'>(() => ({ m: 'tcp' }), {
  sport: portOption('sport'),
  'source-port': portOption('sport'),
  dport: portOption('dport'),
  'destination-port': portOption('dport'),
  syn: {
    args: 0,
    set: (into, _words, not) => {
      into.flags = { mask: 0x17, comp: 2, not }
      return undefined
    },
  },
  'tcp-flags': {
    args: 2,
    set: (into, words, not) => {
      if (words.length < 2) return usage('--tcp-flags requires two args.')
      const [mask, comp] = words.map(parseTcpFlags)
      for (const bits of [mask, comp]) {
        if (typeof bits === 'string') return usage(`Unknown TCP flag \`${bits}'`)
      }
      into.flags = { mask: Number(mask), comp: Number(comp), not }
      return undefined
    },
  },
})

const udp = kind<'udp'>(() => ({ m: 'udp' }), {
  sport: portOption('sport'),
  'source-port': portOption('sport'),
  dport: portOption('dport'),
  'destination-port': portOption('dport'),
})

const icmp = kind<'icmp'>(() => ({ m: 'icmp', type: 255, codeFrom: 0, codeTo: 255, not: false }), {
  'icmp-type': {
    args: 1,
    set: (into, [text = ''], not) => {
      const found = parseIcmpType(text)
      if (found === 'many') return usage(`Ambiguous ICMP type \`${text}'`)
      if (!found) return usage(`Unknown ICMP type \`${text}'`)
      Object.assign(into, found, { not })
      return undefined
    },
  },
})

const STATES: readonly CtStateName[] = [
  'INVALID',
  'NEW',
  'RELATED',
  'ESTABLISHED',
  'UNTRACKED',
  'SNAT',
  'DNAT',
]

function stateOption<T extends Of<'state' | 'conntrack'>>(known: readonly CtStateName[]): Option<T> {
  return {
    args: 1,
    set: (into, [text = ''], not) => {
      const names = text.split(',').map((name) => name.toUpperCase())
      const bad = names.find((name) => !(known as readonly string[]).includes(name))
      if (bad !== undefined) return usage(`Bad state "${text}"`)
      into.states = known.filter((state) => names.includes(state))
      into.not = not
      return undefined
    },
  }
}

const needs = (name: string, option: string): Mistake =>
  usage(`${name}: option "--${option}" must be specified\n`)

const state = kind<'state'>(
  () => ({ m: 'state', states: [], not: false }),
  { state: stateOption(STATES.slice(0, 5)) },
  (match) => (match.states.length === 0 ? needs('state', 'state') : undefined),
)

const conntrack = kind<'conntrack'>(
  () => ({ m: 'conntrack', states: [], not: false }),
  { ctstate: stateOption(STATES) },
  (match) => (match.states.length === 0 ? usage('conntrack: At least one option is required') : undefined),
)

const mark = kind<'mark'>(
  () => ({ m: 'mark', mark: 0, mask: -1, not: false }),
  {
    mark: {
      args: 1,
      set: (into, [text = ''], not) => {
        const parsed = parseMark(text)
        if (!parsed) return usage(`mark: bad mark value for option "--mark", or out of range`)
        Object.assign(into, parsed, { not })
        return undefined
      },
    },
  },
  (match) => (match.mask < 0 ? needs('mark', 'mark') : undefined),
)

const MAX_PORTS = 15

function portsOption(side: Of<'multiport'>['side']): Option<Of<'multiport'>> {
  return {
    args: 1,
    set: (into, [text = ''], not, spec) => {
      if (!spec.proto || spec.proto.not || ![6, 17, 132].includes(spec.proto.proto)) {
        return usage("multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'")
      }
      const list: Ports[] = []
      for (const part of text.split(',')) {
        const ports = parsePorts(part)
        if (isMistake(ports)) return ports
        list.push(ports)
      }
      const slots = list.reduce((sum, p) => sum + (p.from === p.to ? 1 : 2), 0)
      if (slots > MAX_PORTS) return usage('too many ports specified')
      Object.assign(into, { side, ports: list, not })
      return undefined
    },
  }
}

const multiport = kind<'multiport'>(
  () => ({ m: 'multiport', side: 'ports', ports: [], not: false }),
  {
    sports: portsOption('sports'),
    'source-ports': portsOption('sports'),
    dports: portsOption('dports'),
    'destination-ports': portsOption('dports'),
    ports: portsOption('ports'),
  },
  (match) => (match.ports.length === 0 ? usage('multiport expection an option') : undefined),
)

const UNITS: Record<string, Of<'limit'>['per']> = { s: 'sec', m: 'min', h: 'hour', d: 'day' }
const UNIT_WORDS: Record<string, string> = { s: 'second', m: 'minute', h: 'hour', d: 'day' }

/** `5/min`, `10/s`, `3` (a second). */
function parseRate(text: string): { count: number; per: Of<'limit'>['per'] } | undefined {
  const [number = '', unit = 's'] = text.split('/')
  const first = unit.charAt(0).toLowerCase()
  const per = UNITS[first]
  const known = UNIT_WORDS[first]?.startsWith(unit.toLowerCase()) ?? false
  if (!/^\d+$/.test(number) || Number(number) === 0 || !per || !known) return undefined
  return { count: Number(number), per }
}

const limit = kind<'limit'>(() => ({ m: 'limit', count: 3, per: 'hour', burst: 5 }), {
  limit: {
    args: 1,
    plain: true,
    set: (into, [text = '']) => {
      const rate = parseRate(text)
      if (!rate) return usage(`bad rate "${text}"'`)
      Object.assign(into, rate)
      return undefined
    },
  },
  'limit-burst': {
    args: 1,
    plain: true,
    set: (into, [text = '']) => {
      if (!/^\d+$/.test(text) || Number(text) > 10_000) {
        return usage(`limit: bad value for option "--limit-burst", or out of range (0-10000)`)
      }
      into.burst = Number(text)
      return undefined
    },
  },
})

const comment = kind<'comment'>(
  () => ({ m: 'comment', text: '' }),
  {
    comment: {
      args: 1,
      plain: true,
      set: (into, [text = '']) => {
        into.text = text
        return undefined
      },
    },
  },
  (match) => (match.text === '' ? needs('comment', 'comment') : undefined),
)

const KINDS: readonly AddrKind[] = ['UNSPEC', 'UNICAST', 'LOCAL', 'BROADCAST', 'MULTICAST']

function typeOption(side: 'src' | 'dst'): Option<Of<'addrtype'>> {
  return {
    args: 1,
    set: (into, [text = ''], not) => {
      const names = text.split(',')
      const bad = names.find((name) => !(KINDS as readonly string[]).includes(name))
      if (bad !== undefined) return usage(`addrtype: bad type \`${text}'`)
      into[side] = { kinds: KINDS.filter((k) => names.includes(k)), not }
      return undefined
    },
  }
}

const addrtype = kind<'addrtype'>(
  () => ({ m: 'addrtype' }),
  { 'src-type': typeOption('src'), 'dst-type': typeOption('dst') },
  (match) =>
    match.src || match.dst
      ? undefined
      : usage("addrtype match: you must specify `--src-type' or `--dst-type'"),
)

const METHODS = ['GATE', 'IPIP', 'MASQ'] as const

const ipvs = kind<'ipvs'>(
  () => ({ m: 'ipvs' }),
  {
    ipvs: {
      args: 0,
      set: (into, _words, not) => {
        into.ipvs = { not }
        return undefined
      },
    },
    vproto: {
      args: 1,
      set: (into, [text = ''], not) => {
        const proto = parseProtocol(text)
        if (proto === undefined) return usage(`unknown protocol "${text}" specified`)
        into.vproto = { proto, not }
        return undefined
      },
    },
    vaddr: {
      args: 1,
      set: (into, [text = ''], not) => {
        const address = parseMasked(text)
        if (isMistake(address)) return address
        into.vaddr = { ...address, not }
        return undefined
      },
    },
    vport: {
      args: 1,
      set: (into, [text = ''], not) => {
        const port = parsePort(text)
        if (port === undefined) return usage(`invalid port/service \`${text}' specified`)
        into.vport = { port, not }
        return undefined
      },
    },
    vdir: {
      args: 1,
      set: (into, [text = ''], not) => {
        if (text !== 'ORIGINAL' && text !== 'REPLY') return usage(`Invalid value for --vdir "${text}"`)
        into.vdir = { reply: text === 'REPLY', not }
        return undefined
      },
    },
    vmethod: {
      args: 1,
      set: (into, [text = ''], not) => {
        const method = METHODS.find((name) => name === text.toUpperCase())
        if (!method) return usage(`Invalid value for --vmethod "${text}"`)
        into.vmethod = { method, not }
        return undefined
      },
    },
  },
  (match) => {
    const others = match.vproto ?? match.vaddr ?? match.vport ?? match.vdir ?? match.vmethod
    if (!match.ipvs) return others ? undefined : usage('IPVS: At least one option is required')
    if (others && match.ipvs.not) return usage('! --ipvs cannot be together with other options')
    // Every other option means --ipvs, too; then it is not listed.
    if (others) delete match.ipvs
    return undefined
  },
)

const MATCHES: Record<string, MatchKind> = {
  tcp,
  udp,
  icmp,
  state,
  conntrack,
  mark,
  multiport,
  limit,
  comment,
  addrtype,
  ipvs,
}

/** Extensions of iptables that exist on Linux and not here. */
const LATER = new Set(
  (
    'connmark connlimit hashlimit mac owner pkttype recent set string time tos dscp ttl length statistic physdev helper ' +
    'iprange sctp u32 bpf cgroup cpu quota rpfilter socket tcpmss'
  ).split(' '),
)

export function findMatch(name: string): MatchKind | Mistake {
  const known = Object.hasOwn(MATCHES, name) ? MATCHES[name] : undefined
  if (known) return known
  if (LATER.has(name)) return model(`the match \`-m ${name}'`)
  return usage(`Couldn't load match \`${name}':No such file or directory\n`)
}
