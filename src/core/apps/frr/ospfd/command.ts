import { networkOf, parseCidr } from '../../../base/cidr.ts'
import { type DevName, type Ip4, parseIp4 } from '../../../base/ids.ts'
import { bad, ok, type Result } from '../../../base/result.ts'
import {
  DEFAULT_MIN_ARRIVAL_MS,
  DEFAULT_REF_BANDWIDTH,
  DEFAULT_THROTTLE,
  type IfConfig,
  type NetworkStatement,
  type OspfConfig,
  type Redistribute,
  type RedistributeType,
} from './config.ts'

/** One line of configuration that ospfd understood. `on` false is its "no" form. */
export type OspfCommand =
  | { set: 'router'; on: boolean }
  | { set: 'router-id'; id: Ip4 }
  | ({ set: 'network'; on: boolean } & NetworkStatement)
  /** `dev` '' = "default". */
  | { set: 'passive'; dev: DevName; on: boolean }
  | { set: 'redistribute'; type: RedistributeType; on: boolean; how: Redistribute }
  | { set: 'interface'; dev: DevName; to: Partial<IfConfig>; unset?: keyof IfConfig }
  | { set: 'option'; to: Partial<OspfConfig> }

/** Lines that FRR takes and this ospfd does not: it says so instead of doing nothing. */
const NOT_MODELLED = [
  /^area \S+ (stub|nssa|range|virtual-link|authentication|filter-list|default-cost)/,
  /^(default-information|default-metric|timers throttle lsa|refresh timer|capability opaque|mpls-te) ?/,
  /^(max-metric router-lsa on-|redistribute \S+ .*route-map )/,
  /^ip ospf (dead-interval minimal|authentication|message-digest-key|bfd)/,
  /^ip ospf network (non-broadcast|point-to-multipoint)/,
]

/**
 * A line in its node ('' = top level, 'router ospf', 'interface ens33'), in full words (ospf_vty.c). Errors: the text that FRR
 * prints.
 */
export function parseOspfLine(node: string, text: string): Result<OspfCommand, string> {
  const words = text.trim().split(/\s+/)
  const on = words[0] !== 'no'
  const rest = on ? words : words.slice(1)
  const known = NOT_MODELLED.some((pattern) => pattern.test(rest.join(' ')))
  const unknown = `% ${known ? 'Not modelled' : 'Unknown command'}: ${text.trim()}`
  let found: OspfCommand | undefined
  if (node.startsWith('interface ')) found = interfaceLine(node.split(/\s+/)[1] ?? '', rest, on)
  else if (node === 'router ospf') found = routerLine(rest, on)
  else if (rest.join(' ') === 'router ospf') found = { set: 'router', on }
  return found ? ok(found) : bad(unknown)
}

function interfaceLine(dev: DevName, words: readonly string[], on: boolean): OspfCommand | undefined {
  if (words[0] !== 'ip' || words[1] !== 'ospf') return undefined
  const [, , what = '', value = ''] = words
  if (words.length > (on ? 4 : 5)) return undefined
  const key = KEYS[what]
  if (!key) return undefined
  if (!on) return { set: 'interface', dev, to: {}, unset: key.name }
  const to = key.read(value, words.length)
  return to && { set: 'interface', dev, to }
}

interface Key {
  name: keyof IfConfig
  read: (value: string, words: number) => Partial<IfConfig> | undefined
}

const KEYS: Record<string, Key | undefined> = {
  cost: number('cost', 1, 65535),
  'hello-interval': number('hello', 1, 65535),
  'dead-interval': number('dead', 1, 65535),
  priority: number('priority', 0, 255),
  'retransmit-interval': number('retransmit', 1, 65535),
  'transmit-delay': number('transmitDelay', 1, 65535),
  'mtu-ignore': flag('mtuIgnore'),
  passive: flag('passive'),
  network: {
    name: 'network',
    read: (value) => (value === 'broadcast' || value === 'point-to-point' ? { network: value } : undefined),
  },
  area: {
    name: 'area',
    read: (value) => {
      const area = parseArea(value)
      return area && { area: area.id, areaDotted: area.dotted }
    },
  },
}

function number(name: keyof IfConfig, least: number, most: number): Key {
  return {
    name,
    read: (text) => {
      const value = parseNumber(text, least, most)
      return value === undefined ? undefined : { [name]: value }
    },
  }
}

function flag(name: keyof IfConfig): Key {
  return { name, read: (_, words) => (words === 3 ? { [name]: true } : undefined) }
}

function routerLine(words: readonly string[], on: boolean): OspfCommand | undefined {
  const [first = '', second = '', third = ''] = words
  if (first === 'ospf' && second === 'router-id') return routerId(third, on, words.length)
  if (first === 'router-id') return routerId(second, on, words.length + 1)
  if (first === 'network') return network(words, on)
  if (first === 'passive-interface' && words.length === 2) {
    return { set: 'passive', dev: second === 'default' ? '' : second, on }
  }
  if (first === 'redistribute') return redistribute(words, on)
  const to = option(words, on)
  return to && { set: 'option', to }
}

function routerId(text: string, on: boolean, length: number): OspfCommand | undefined {
  if (!on) return { set: 'router-id', id: 0 as Ip4 }
  const id = parseIp4(text)
  return id === undefined || length !== 3 ? undefined : { set: 'router-id', id }
}

function network(words: readonly string[], on: boolean): OspfCommand | undefined {
  const [, net = '', word, areaText = ''] = words
  const cidr = net.includes('/') ? parseCidr(net) : undefined
  const area = parseArea(areaText)
  if (!cidr || !area || word !== 'area' || words.length !== 4) return undefined
  const ip = networkOf(cidr.ip, cidr.prefix)
  return { set: 'network', on, ip, prefix: cidr.prefix, area: area.id, dotted: area.dotted }
}

function redistribute(words: readonly string[], on: boolean): OspfCommand | undefined {
  const type = words[1]
  if (type !== 'kernel' && type !== 'connected' && type !== 'static') return undefined
  const how: Redistribute = {}
  for (let i = 2; i < words.length; i += 2) {
    const metric = parseNumber(words[i + 1] ?? '', 0, 16777214)
    if (words[i] === 'metric' && metric !== undefined) how.metric = metric
    else if (words[i] === 'metric-type' && (metric === 1 || metric === 2)) how.metricType = metric
    else return undefined
  }
  return { set: 'redistribute', type, on, how }
}

/** Lines that set one field; their "no" puts the default back. */
function option(words: readonly string[], on: boolean): Partial<OspfConfig> | undefined {
  const text = words.join(' ')
  const numbers = words.filter((word) => /^\d+$/.test(word)).map(Number)
  const [a = 0, b = 0, c = 0] = numbers
  if (text === 'log-adjacency-changes') return { logAdjacency: on ? 'changes' : 'no' }
  if (text === 'log-adjacency-changes detail') return { logAdjacency: on ? 'detail' : 'changes' }
  if (text === 'max-metric router-lsa administrative') return { maxMetric: on }
  if (text === 'compatible rfc1583' || text === 'ospf rfc1583compatibility') return { rfc1583: on }
  if (text.startsWith('timers throttle spf')) {
    if (!on) return { throttle: { ...DEFAULT_THROTTLE } }
    return numbers.length === 3 && words.length === 6
      ? { throttle: { delayMs: a, holdMs: b, maxMs: c } }
      : undefined
  }
  const value = numbers.length === 1 ? a : undefined
  if (on && value === undefined) return undefined
  if (text.startsWith('timers lsa min-arrival')) {
    return { minArrivalMs: on ? a : DEFAULT_MIN_ARRIVAL_MS }
  }
  if (text.startsWith('auto-cost reference-bandwidth')) {
    return { refBandwidthMbps: on ? a : DEFAULT_REF_BANDWIDTH }
  }
  if (words[0] === 'maximum-paths' && words.length <= 2) return { maxPaths: on ? a : 256 }
  if (words[0] === 'distance' && words.length <= 2) return { distance: on ? a : 110 }
  return undefined
}

function parseArea(text: string): { id: Ip4; dotted: boolean } | undefined {
  const ip = parseIp4(text)
  if (ip !== undefined) return { id: ip, dotted: true }
  const id = parseNumber(text, 0, 0xffffffff)
  return id === undefined ? undefined : { id: id as Ip4, dotted: false }
}

function parseNumber(text: string, least: number, most: number): number | undefined {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : -1
  return value >= least && value <= most ? value : undefined
}
