/** Zebra's configuration: what it keeps of its lines, and the lines it takes (zebra_vty.c, lib/plist.c, lib/routemap_cli.c). */
import type { Ip4 } from '../../../base/ids.ts'
import { type CliCommand, command, findCommand, wordsOf } from '../cli/command.ts'
import { own } from './own.ts'
import { parseEntry, type PrefixLists } from './prefix-list.ts'
import type { MapEntry, RouteMaps } from './route-map.ts'

export interface ZebraConfig {
  hostname: string
  /** Lines of the top that only have to be shown again: log, debug, password ... */
  kept: readonly string[]
  descriptions: Record<string, string>
  /** `ip address` lines by interface. */
  addresses: Record<string, readonly string[]>
  /** Interfaces that `shutdown` holds down. */
  shutdown: Record<string, true>
  lists: PrefixLists
  maps: RouteMaps
  /** `ip protocol TYPE route-map NAME`. */
  protocols: Record<string, string>
  /** `ip router-id`, 0 = chosen. */
  routerId: Ip4
  resolveViaDefault: boolean
  lineVty: readonly string[]
}

export function noZebraConfig(): ZebraConfig {
  return {
    hostname: '',
    kept: [],
    descriptions: {},
    addresses: {},
    shutdown: {},
    lists: {},
    maps: {},
    protocols: {},
    routerId: 0 as Ip4,
    resolveViaDefault: true,
    lineVty: [],
  }
}

const ZEBRA = ['zebra'] as const

const TYPES = 'any|babel|bgp|connected|eigrp|isis|kernel|nhrp|ospf|rip|static|table'
const LEVEL = '<emergencies|alerts|critical|errors|warnings|notifications|informational|debugging>'

/** Lines that are only kept and shown. */
const KEPT = [
  `log syslog [${LEVEL}]`,
  `log file FILENAME [${LEVEL}]`,
  `log stdout [${LEVEL}]`,
  `log monitor [${LEVEL}]`,
  'log facility <kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|local0|local1|local2|local3|local4|local5|local6|local7>',
  'log record-priority',
  'log commands',
  'log timestamp precision (0-6)',
  'password LINE...',
  'enable password LINE...',
  'banner motd line LINE...',
  'banner motd default',
  'service password-encryption',
  'service advanced-vty',
  'debug zebra <events|packet|kernel|rib|nht|nexthop|fpm|mpls|vxlan> [detailed]',
  'domainname DOMAINNAME',
]

/** Matches and settings of route maps; `set` lines other than src change nothing here. */
const MAP_LINES = [
  'match ip address prefix-list NAME',
  'match ip address prefix-len (0-32)',
  'match ip next-hop prefix-list NAME',
  'match interface IFNAME',
  `match source-protocol <${TYPES}>`,
  'match tag (1-4294967295)',
  'match metric (0-4294967295)',
  'set src A.B.C.D',
  'set metric (0-4294967295)',
  'set tag (1-4294967295)',
  'set ip next-hop A.B.C.D',
]

export const ZEBRA_COMMANDS: readonly CliCommand[] = [
  command('config', ZEBRA, 'hostname NAME'),
  command('config', ZEBRA, 'no hostname [NAME]'),
  ...KEPT.map((pattern) => command('config', ZEBRA, `[no] ${pattern}`)),
  command('config', ZEBRA, 'no log file'),
  command('config', ZEBRA, 'no password'),
  command('config', ZEBRA, 'no enable password'),
  command('config', ZEBRA, '[no] ip forwarding'),
  command('config', ZEBRA, '[no] ipv6 forwarding'),
  command('config', ZEBRA, 'interface IFNAME', 'interface'),
  command('config', ZEBRA, 'no interface IFNAME'),
  command('config', ZEBRA, `ip protocol <${TYPES}> route-map RMAP_NAME`),
  command('config', ZEBRA, `no ip protocol <${TYPES}> [route-map RMAP_NAME]`),
  command('config', ZEBRA, '[no] <router-id|ip router-id> A.B.C.D'),
  command('config', ZEBRA, 'no <router-id|ip router-id>'),
  command('config', ZEBRA, '[no] ip nht resolve-via-default'),
  command(
    'config',
    ZEBRA,
    '[no] ip prefix-list WORD [seq (1-4294967295)] <deny|permit> <any|A.B.C.D/M {ge (0-32)|le (0-32)}>',
  ),
  command('config', ZEBRA, 'no ip prefix-list WORD'),
  command('config', ZEBRA, 'no ip prefix-list WORD seq (1-4294967295)'),
  command('config', ZEBRA, 'route-map RMAP_NAME <deny|permit> (1-65535)', 'rmap'),
  command('config', ZEBRA, 'no route-map RMAP_NAME <deny|permit> (1-65535)'),
  command('config', ZEBRA, 'no route-map RMAP_NAME'),
  ...MAP_LINES.map((pattern) => command('rmap', ZEBRA, `[no] ${pattern}`)),
  command('rmap', ZEBRA, 'description LINE...'),
  command('rmap', ZEBRA, 'no description'),
  command('interface', ZEBRA, 'description LINE...'),
  command('interface', ZEBRA, 'no description'),
  command('interface', ZEBRA, '[no] shutdown'),
  command('interface', ZEBRA, '[no] ip address A.B.C.D/M [label LABEL]'),
  command('interface', ZEBRA, '[no] bandwidth (1-100000)'),
  command('interface', ZEBRA, '[no] link-detect'),
  command('config', ZEBRA, 'line vty', 'line'),
  command('line', ZEBRA, 'exec-timeout (0-35791) [(0-2147483)]'),
  command('line', ZEBRA, '[no] login'),
  command('line', ZEBRA, '[no] access-class WORD'),
]

/** Asked of zebra itself by a line: the kernel's side of it. */
export type ZebraDo =
  | { what: 'forwarding'; on: boolean }
  | { what: 'shutdown'; dev: string; down: boolean }
  | { what: 'address'; dev: string; cidr: string; remove: boolean }
  /** `ip protocol` was changed: at once. `maps`: a route map or a list, after a while. */
  | { what: 'reconsider' | 'maps' | 'router-id' }

export interface Applied {
  /** Refused: FRR's text. */
  error?: string
  then?: ZebraDo
}

/** Take one line. `node` is its opening line, '' = top. Lines that are not zebra's are unknown. */
export function applyZebra(config: ZebraConfig, node: string, text: string): Applied {
  const words = wordsOf(text)
  if (words.length === 0) return {}
  const name = node.startsWith('interface ')
    ? 'interface'
    : node.startsWith('route-map ')
      ? 'rmap'
      : node.startsWith('line ')
        ? 'line'
        : 'config'
  if (findCommand(ZEBRA_COMMANDS, name, words).kind !== 'ok') return { error: `% Unknown command: ${text}` }
  const no = words[0] === 'no'
  const rest = no ? words.slice(1) : words
  if (name === 'interface') return applyInterface(config, node.slice('interface '.length), rest, no)
  if (name === 'rmap') return applyMapLine(config, node, rest, no)
  if (name === 'line') {
    config.lineVty = toggle(config.lineVty, rest.join(' '), no)
    return {}
  }
  return applyTop(config, rest, no)
}

function toggle(lines: readonly string[], line: string, no: boolean): readonly string[] {
  const others = lines.filter((one) => (no ? !one.startsWith(line) : one !== line))
  return no ? others : [...others, line]
}

function applyInterface(config: ZebraConfig, dev: string, words: readonly string[], no: boolean): Applied {
  switch (words[0]) {
    case 'description':
      if (no) Reflect.deleteProperty(config.descriptions, dev)
      else config.descriptions[dev] = words.slice(1).join(' ')
      return {}
    case 'shutdown':
      if (no) Reflect.deleteProperty(config.shutdown, dev)
      else config.shutdown[dev] = true
      return { then: { what: 'shutdown', dev, down: !no } }
    case 'ip':
      config.addresses[dev] = toggle(own(config.addresses, dev) ?? [], words[2] ?? '', no)
      return { then: { what: 'address', dev, cidr: words[2] ?? '', remove: no } }
    default:
      return {}
  }
}

function applyTop(config: ZebraConfig, words: readonly string[], no: boolean): Applied {
  const [first, second] = words
  if (first === 'hostname') config.hostname = no ? '' : (second ?? '')
  else if (first === 'route-map') return applyMap(config, words, no)
  else if (first === 'ip' && second === 'prefix-list') return applyList(config, words.slice(2), no)
  else if (first === 'ip' && second === 'forwarding') return { then: { what: 'forwarding', on: !no } }
  else if (first === 'ip' && second === 'protocol') return applyProtocol(config, words, no)
  else if (first === 'ip' && second === 'nht') config.resolveViaDefault = !no
  else if (first === 'router-id' || second === 'router-id') {
    config.routerId = no ? (0 as Ip4) : ipOf(words[words.length - 1] ?? '')
    return { then: { what: 'router-id' } }
  } else if (first === 'interface') {
    return no && second !== undefined ? { error: deleteRefused() } : {}
  } else if (first !== 'line' && first !== 'ipv6') keep(config, words, no)
  return {}
}

function deleteRefused(): string {
  return '% Configuration failed.\n\nError type: validation\nError description: only inactive interfaces can be deleted'
}

function ipOf(text: string): Ip4 {
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) as Ip4
}

/** A `log file` replaces the one before it; two other lines stand side by side. */
function keep(config: ZebraConfig, words: readonly string[], no: boolean): void {
  const line = words.join(' ')
  const size =
    words[0] === 'log' || words[0] === 'enable' || words[0] === 'banner' ? 2 : words[0] === 'debug' ? 3 : 1
  const head = words.slice(0, size).join(' ')
  const others = config.kept.filter((one) => one !== head && !one.startsWith(`${head} `))
  config.kept = no ? others : [...others, line]
}

function applyProtocol(config: ZebraConfig, words: readonly string[], no: boolean): Applied {
  const type = words[2] ?? ''
  if (no) Reflect.deleteProperty(config.protocols, type)
  else config.protocols[type] = words[4] ?? ''
  return { then: { what: 'reconsider' } }
}

function applyList(config: ZebraConfig, words: readonly string[], no: boolean): Applied {
  const [name = '', ...rest] = words
  const old = own(config.lists, name) ?? []
  if (no && rest.length === 0) Reflect.deleteProperty(config.lists, name)
  else if (no && rest.length === 2)
    setList(
      config,
      name,
      old.filter((entry) => entry.seq !== Number(rest[1])),
    )
  else {
    const parsed = parseEntry(rest, old)
    if (!parsed.ok) return { error: parsed.error }
    const entry = parsed.value
    const same = old.find(
      (one) => JSON.stringify({ ...one, seq: 0 }) === JSON.stringify({ ...entry, seq: 0 }),
    )
    if (no)
      setList(
        config,
        name,
        old.filter((one) => one !== same),
      )
    else if (same && rest[0] !== 'seq') return {}
    else {
      const others = old.filter((one) => one.seq !== entry.seq)
      setList(
        config,
        name,
        [...others, entry].sort((a, b) => a.seq - b.seq),
      )
    }
  }
  return { then: { what: 'maps' } }
}

function setList(config: ZebraConfig, name: string, entries: PrefixLists[string]): void {
  if (entries.length === 0) Reflect.deleteProperty(config.lists, name)
  else config.lists[name] = entries
}

function applyMap(config: ZebraConfig, words: readonly string[], no: boolean): Applied {
  const [, name = '', action, number] = words
  const old = own(config.maps, name) ?? []
  const seq = Number(number)
  const others = action === undefined ? [] : old.filter((entry) => entry.seq !== seq)
  const before = old.find((entry) => entry.seq === seq)
  const permit = action === 'permit'
  const entry: MapEntry = before
    ? { ...before, permit }
    : { seq, permit, description: '', match: [], set: [] }
  const next = no ? others : [...others, entry].sort((a, b) => a.seq - b.seq)
  if (next.length === 0) Reflect.deleteProperty(config.maps, name)
  else config.maps[name] = next
  return { then: { what: 'maps' } }
}

function applyMapLine(config: ZebraConfig, node: string, words: readonly string[], no: boolean): Applied {
  const [, name = '', , number] = node.split(' ')
  const [first, ...rest] = words
  const line = rest.join(' ')
  const change = (entry: MapEntry): MapEntry => {
    if (first === 'description') return { ...entry, description: no ? '' : line }
    const kind = first === 'match' ? 'match' : 'set'
    const head = rest.slice(0, -1).join(' ')
    const others = entry[kind].filter((one) => !one.startsWith(`${head} `))
    return { ...entry, [kind]: no ? others : [...others, line] }
  }
  const entries = own(config.maps, name) ?? []
  config.maps[name] = entries.map((entry) => (entry.seq === Number(number) ? change(entry) : entry))
  return { then: { what: 'maps' } }
}
