import { type Ip4, parseIp4 } from '../../../base/ids.ts'
import {
  type NatTo,
  REJECT_KINDS,
  type RejectKind,
  type RuleSpec,
  type Target,
} from '../../../kernel/netfilter/tables/types.ts'
import type { Option } from './matches.ts'
import { parseLogLevel } from './names.ts'
import { isMistake, parseMark } from './values.ts'
import { type Mistake, model, usage } from './words.ts'

/** Options of the target extensions (`-j NAME`). */

export interface TargetKind {
  create: () => Target
  options: Record<string, Option<Target>>
  check: (target: Target) => Mistake | undefined
}

/** The member of the union that has this name, alone or among others. */
type Of<T extends Target['t'], U = Target> = U extends { t: infer K } ? (T extends K ? U : never) : never

function kind<T extends Target>(
  create: () => T,
  options: Record<string, Option<T>> = {},
  check: (target: T) => Mistake | undefined = () => undefined,
): TargetKind {
  return { create, options, check } as unknown as TargetKind
}

const reject = kind<Of<'REJECT'>>(() => ({ t: 'REJECT', kind: 'icmp-port-unreachable' }), {
  'reject-with': {
    args: 1,
    plain: true,
    set: (into, [text = '']) => {
      const alias: Record<string, RejectKind> = {
        'net-unreach': 'icmp-net-unreachable',
        'host-unreach': 'icmp-host-unreachable',
        'proto-unreach': 'icmp-proto-unreachable',
        'port-unreach': 'icmp-port-unreachable',
        'net-prohib': 'icmp-net-prohibited',
        'host-prohib': 'icmp-host-prohibited',
        'admin-prohib': 'icmp-admin-prohibited',
        'tcp-rst': 'tcp-reset',
      }
      const found = REJECT_KINDS.find((name) => name === text) ?? alias[text]
      if (!found) return usage(`unknown reject type "${text}"`)
      into.kind = found
      return undefined
    },
  },
})

const logFlag = (bit: number): Option<Of<'LOG'>> => ({
  args: 0,
  plain: true,
  set: (into) => {
    into.flags |= bit
    return undefined
  },
})

const log = kind<Of<'LOG'>>(() => ({ t: 'LOG', prefix: '', level: 4, flags: 0 }), {
  'log-prefix': {
    args: 1,
    plain: true,
    set: (into, [text = '']) => {
      if (text.length > 29) return usage(`Maximum prefix length 29 for --log-prefix`)
      into.prefix = text
      return undefined
    },
  },
  'log-level': {
    args: 1,
    plain: true,
    set: (into, [text = '']) => {
      const level = parseLogLevel(text)
      if (level === undefined) return usage(`log-level "${text}" unknown`)
      into.level = level
      return undefined
    },
  },
  'log-tcp-sequence': logFlag(1),
  'log-tcp-options': logFlag(2),
  'log-ip-options': logFlag(4),
  'log-uid': logFlag(8),
})

type MarkWay = 'set' | 'xset' | 'and' | 'or' | 'xor'

function markOption(way: MarkWay): Option<Of<'MARK'>> {
  return {
    args: 1,
    plain: true,
    set: (into, [text = '']) => {
      const parsed = parseMark(text)
      if (!parsed) return usage(`MARK: bad mark value for option "--${way}-mark", or out of range`)
      const { mark, mask } = parsed
      if (way === 'xset') Object.assign(into, { value: mark, mask })
      else if (way === 'set') Object.assign(into, { value: mark, mask: (mark | mask) >>> 0 })
      else if (way === 'and') Object.assign(into, { value: 0, mask: ~mark >>> 0 })
      else if (way === 'or') Object.assign(into, { value: mark, mask: mark })
      else Object.assign(into, { value: mark, mask: 0 })
      return undefined
    },
  }
}

const mark = kind<Of<'MARK'>>(
  () => ({ t: 'MARK', value: 0, mask: -1 }),
  {
    'set-mark': markOption('set'),
    'set-xmark': markOption('xset'),
    'and-mark': markOption('and'),
    'or-mark': markOption('or'),
    'xor-mark': markOption('xor'),
  },
  (target) =>
    target.mask < 0
      ? usage('MARK: One of the --set-xmark, --{and,or,xor,set}-mark options is required')
      : undefined,
)

const NOWHERE: NatTo = { from: 0 as Ip4, to: 0 as Ip4, portFrom: 0, portTo: 0, random: false }
type Nat = Of<'SNAT'>

function parsePortRange(text: string): { portFrom: number; portTo: number } | Mistake {
  const m = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text)
  const portFrom = Number(m?.[1])
  const portTo = m?.[2] === undefined ? portFrom : Number(m[2])
  if (!m || portFrom === 0 || portTo > 65535) return usage(`Port \`${text}' not valid`)
  if (portFrom > portTo) return usage(`Port range \`${text}' funky`)
  return { portFrom, portTo }
}

/** `1.2.3.4`, `1.2.3.4-1.2.3.9:1024-2000`, `:80`. */
function parseNatTo(text: string): Omit<NatTo, 'random'> | Mistake {
  const [addresses = '', ports] = text.split(':', 2)
  const [first = '', second] = addresses.split('-', 2)
  const from = addresses === '' ? (0 as Ip4) : parseIp4(first)
  if (from === undefined) return usage(`Bad IP address "${first}"`)
  const to = second === undefined ? from : parseIp4(second)
  if (to === undefined) return usage(`Bad IP address "${second ?? ''}"`)
  if (ports === undefined) return { from, to, portFrom: 0, portTo: 0 }
  const range = parsePortRange(ports)
  return isMistake(range) ? range : { from, to, ...range }
}

function hasPortedProtocol(spec: RuleSpec): boolean {
  return spec.proto !== undefined && !spec.proto.not && [6, 17, 33, 132].includes(spec.proto.proto)
}

const toOption: Option<Nat> = {
  args: 1,
  plain: true,
  set: (into, [text = ''], _not, spec) => {
    if (text.includes(':') && !hasPortedProtocol(spec)) {
      return usage('Need TCP, UDP, SCTP or DCCP with port specification')
    }
    const to = parseNatTo(text)
    if (isMistake(to)) return to
    into.to = { ...to, random: into.to.random }
    return undefined
  },
}

const portsOption: Option<Nat> = {
  args: 1,
  plain: true,
  set: (into, [text = ''], _not, spec) => {
    if (!hasPortedProtocol(spec)) return usage('Need TCP, UDP, SCTP or DCCP with port specification')
    const range = parsePortRange(text)
    if (isMistake(range)) return range
    into.to = { ...into.to, ...range }
    return undefined
  },
}

const random: Option<Nat> = {
  args: 0,
  plain: true,
  set: (into) => {
    into.to = { ...into.to, random: true }
    return undefined
  },
}

function translation(t: 'SNAT' | 'DNAT', option: string): TargetKind {
  return kind<Nat>(
    () => ({ t, to: NOWHERE }),
    { [option]: toOption, random },
    (target) =>
      target.to.from === 0 && target.to.portFrom === 0
        ? usage(`${t}: option "--${option}" must be specified\n`)
        : undefined,
  )
}

const tcpmss = kind<Of<'TCPMSS'>>(
  () => ({ t: 'TCPMSS', mss: -1 }),
  {
    'set-mss': {
      args: 1,
      plain: true,
      set: (into, [text = '']) => {
        if (!/^\d+$/.test(text) || Number(text) > 65495) {
          return usage(`TCPMSS: bad value for option "--set-mss", or out of range (0-65495)`)
        }
        into.mss = Number(text)
        return undefined
      },
    },
    'clamp-mss-to-pmtu': {
      args: 0,
      plain: true,
      set: (into) => {
        into.mss = 0
        return undefined
      },
    },
  },
  (target) => (target.mss < 0 ? usage('TCPMSS target: At least one parameter is required') : undefined),
)

const TARGETS: Record<string, TargetKind> = {
  ACCEPT: kind(() => ({ t: 'ACCEPT' as const })),
  DROP: kind(() => ({ t: 'DROP' as const })),
  RETURN: kind(() => ({ t: 'RETURN' as const })),
  REJECT: reject,
  LOG: log,
  MARK: mark,
  SNAT: translation('SNAT', 'to-source'),
  DNAT: translation('DNAT', 'to-destination'),
  MASQUERADE: kind<Nat>(() => ({ t: 'MASQUERADE', to: NOWHERE }), { 'to-ports': portsOption, random }),
  REDIRECT: kind<Nat>(() => ({ t: 'REDIRECT', to: NOWHERE }), { 'to-ports': portsOption, random }),
  NOTRACK: kind(() => ({ t: 'NOTRACK' as const })),
  CT: kind<Of<'CT'>>(() => ({ t: 'CT' }), { notrack: { args: 0, plain: true, set: () => undefined } }),
  TCPMSS: tcpmss,
}

const LATER = new Set(
  (
    'AUDIT CHECKSUM CLASSIFY CLUSTERIP CONNMARK CONNSECMARK DSCP ECN HL HMARK IDLETIMER LED MIRROR NETMAP NFLOG NFQUEUE ' +
    'QUEUE RATEEST SAME SECMARK SET SYNPROXY TEE TOS TPROXY TRACE TTL ULOG TCPOPTSTRIP'
  ).split(' '),
)

/** A target by name; undefined: it must be a chain of the user. */
export function findTarget(name: string): TargetKind | Mistake | undefined {
  if (Object.hasOwn(TARGETS, name)) return TARGETS[name]
  return LATER.has(name) ? model(`the target \`-j ${name}'`) : undefined
}

export function isTargetName(name: string): boolean {
  return Object.hasOwn(TARGETS, name) || LATER.has(name)
}
