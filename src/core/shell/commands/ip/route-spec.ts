import { type Ip4 } from '../../../base/ids.ts'
import { bad, ok, type Result } from '../../../base/result.ts'
import type { Host } from '../../../kernel/host.ts'
import type { RouteSpec } from '../../../kernel/netlink.ts'
import type { NextHop, RouteScope, RouteType } from '../../../kernel/route/types.ts'
import {
  badAddress,
  badPrefix,
  garbage,
  noDevice,
  notModelled,
  parsePrefix,
  parseShortIp4,
  type Prefix,
  readWords,
  type Refusal,
  refuse,
  wrong,
} from '../words.ts'
import { readTableName } from './tables.ts'

const TYPES: readonly RouteType[] = [
  'unicast',
  'local',
  'broadcast',
  'unreachable',
  'blackhole',
  'prohibit',
  'throw',
]
const UNMODELLED_TYPES = ['nat', 'anycast', 'multicast', 'xresolve']
/** /etc/iproute2/rt_protos. */
const PROTOCOLS: Record<string, string> = {
  redirect: '1',
  kernel: '2',
  boot: '3',
  static: '4',
  gated: '8',
  ra: '9',
  mrt: '10',
  zebra: '11',
  bird: '12',
  dnrouted: '13',
  xorp: '14',
  ntk: '15',
  dhcp: '16',
  keepalived: '18',
  babel: '42',
  bgp: '186',
  isis: '187',
  ospf: '188',
  rip: '189',
  eigrp: '192',
}
const SCOPES: Record<string, RouteScope> = {
  global: 'global',
  link: 'link',
  host: 'host',
  '0': 'global',
  '253': 'link',
  '254': 'host',
}
const LATER = ['advmss', 'encap', 'window', 'initcwnd', 'realms', 'tos', 'vrf', 'rtt', 'quickack', 'congctl']

/** Name of a routing protocol as it is shown; numbers without a name stay numbers. */
export function readProtocol(word: string): string | undefined {
  if (Object.hasOwn(PROTOCOLS, word)) return word
  if (!/^\d{1,3}$/.test(word) || Number(word) > 255) return undefined
  return Object.keys(PROTOCOLS).find((name) => PROTOCOLS[name] === String(Number(word))) ?? word
}

export function readScope(word: string): RouteScope | undefined {
  return Object.hasOwn(SCOPES, word) ? SCOPES[word] : undefined
}

export function isRouteType(word: string): word is RouteType {
  return (TYPES as readonly string[]).includes(word)
}

interface Draft {
  to?: Prefix
  type: RouteType
  typed: boolean
  scope?: RouteScope
  proto: string
  metric: number
  prefsrc: Ip4
  hop: NextHop
  table: string
  nhid?: number
  mtu?: number
}

/**
 * The ROUTE of `ip route add`. `partial`: for a deletion, where what is not given matches everything. Interfaces are
 * looked up as iproute2 does, before the kernel is asked.
 */
export function readRoute(args: readonly string[], host: Host, partial: boolean): Result<RouteSpec, Refusal> {
  const first = args.indexOf('nexthop')
  const draft = newDraft()
  const refusal = readWords(first < 0 ? args : args.slice(0, first), {
    values: {
      ...hopReaders(draft.hop, host, false),
      to: (word) => readTo(draft, word),
      src: (word) => readAddressInto(word, (ip) => (draft.prefsrc = ip)),
      metric: (word) => readMetric(draft, word),
      priority: (word) => readMetric(draft, word),
      preference: (word) => readMetric(draft, word),
      proto: (word) => readProto(draft, word),
      protocol: (word) => readProto(draft, word),
      scope: (word) => {
        const scope = readScope(word)
        return scope ? void (draft.scope = scope) : wrong(word, 'invalid "scope" value')
      },
      table: (word) => readTable(draft, host, word),
      nhid: (word) => readNumber(word, 0xffffffff, 'id', (id) => (draft.nhid = id)),
      mtu: (word) => readNumber(word, 0xffff, 'mtu', (mtu) => (draft.mtu = mtu)),
      ...Object.fromEntries(LATER.map((word) => [word, () => notModelled(`\`ip route ... ${word}'`)])),
    },
    flags: { onlink: () => void (draft.hop.onlink = true) },
    other: (word) => {
      if (draft.to === undefined && !draft.typed && isRouteType(word)) {
        draft.typed = true
        return void (draft.type = word)
      }
      if (UNMODELLED_TYPES.includes(word)) return notModelled(`route type ${word}`)
      return readTo(draft, word)
    },
  })
  if (refusal) return bad(refusal)
  const hops = first < 0 ? ok<NextHop[]>([]) : readNextHops(args.slice(first), host)
  return hops.ok ? finish(draft, hops.value, partial) : hops
}

function newDraft(): Draft {
  const hop = { gateway: 0 as Ip4, dev: '', weight: 1 }
  return { type: 'unicast', typed: false, proto: 'boot', metric: 0, prefsrc: 0 as Ip4, hop, table: 'main' }
}

function finish(draft: Draft, hops: NextHop[], partial: boolean): Result<RouteSpec, Refusal> {
  const { to, type, proto, metric, prefsrc, hop } = draft
  if (!to) return bad(refuse('RTNETLINK answers: Invalid argument', 2))
  const given = hop.gateway !== 0 || hop.dev !== ''
  if (hops.length === 0 && given) hops.push(hop)
  if (hops.length === 0 && !partial && type === 'unicast' && draft.nhid === undefined)
    return bad(refuse('RTNETLINK answers: No such device', 2))
  const spec: RouteSpec = { dst: to.ip, prefix: to.prefix, type, proto, metric, prefsrc, nexthops: hops }
  if (draft.table !== 'main') spec.table = draft.table
  if (draft.nhid !== undefined) spec.nhid = draft.nhid
  if (draft.mtu !== undefined) spec.mtu = draft.mtu
  if (draft.scope) spec.scope = draft.scope
  return ok(spec)
}

function readTo(draft: Draft, word: string): Refusal | undefined {
  if (draft.to) return garbage('to', word)
  const to = parsePrefix(word)
  return to ? void (draft.to = to) : badPrefix(word)
}

function readTable(draft: Draft, host: Host, word: string): Refusal | undefined {
  const table = readTableName(host, word)
  return table === undefined ? wrong(word, '"table" value is invalid\n') : void (draft.table = table)
}

function readNumber(
  word: string,
  most: number,
  what: string,
  set: (value: number) => void,
): Refusal | undefined {
  if (!/^\d{1,10}$/.test(word) || Number(word) > most) return wrong(word, `"${what}" value is invalid`)
  set(Number(word))
  return undefined
}

function readMetric(draft: Draft, word: string): Refusal | undefined {
  if (!/^\d{1,10}$/.test(word) || Number(word) > 0xffffffff) return wrong(word, '"metric" value is invalid')
  return void (draft.metric = Number(word))
}

function readProto(draft: Draft, word: string): Refusal | undefined {
  const proto = readProtocol(word)
  return proto === undefined ? wrong(word, '"protocol" value is invalid') : void (draft.proto = proto)
}

function readAddressInto(word: string, set: (ip: Ip4) => void): Refusal | undefined {
  const ip = parseShortIp4(word)
  if (ip === undefined) return badAddress(word)
  set(ip)
  return undefined
}

type Readers = Record<string, (word: string) => Refusal | undefined>

function hopReaders(hop: NextHop, host: Host, inNextHop: boolean): Readers {
  const readers: Readers = {
    via: (word) => readAddressInto(word, (ip) => (hop.gateway = ip)),
    dev: (word) => (Object.hasOwn(host.devs, word) ? void (hop.dev = word) : noDevice(word)),
    oif: (word) => (Object.hasOwn(host.devs, word) ? void (hop.dev = word) : noDevice(word)),
  }
  if (!inNextHop) return readers
  readers['weight'] = (word) => {
    const weight = Number(word)
    if (!/^\d{1,3}$/.test(word) || weight < 1 || weight > 256) return wrong(word, '"weight" is invalid')
    return void (hop.weight = weight)
  }
  return readers
}

/** `nexthop via A dev D weight N nexthop ...` */
function readNextHops(args: readonly string[], host: Host): Result<NextHop[], Refusal> {
  const hops: NextHop[] = []
  let at = 0
  while (at < args.length) {
    let end = args.indexOf('nexthop', at + 1)
    if (end < 0) end = args.length
    const hop: NextHop = { gateway: 0 as Ip4, dev: '', weight: 1 }
    const refusal = readWords(args.slice(at + 1, end), {
      values: hopReaders(hop, host, true),
      flags: { onlink: () => void (hop.onlink = true) },
      other: (word) => refuse(`Error: "nexthop" or end of line is expected instead of "${word}"`, 255),
    })
    if (refusal) return bad(refusal)
    hops.push(hop)
    at = end
  }
  return ok(hops)
}
