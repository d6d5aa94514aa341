import { inPrefix } from '../../base/cidr.ts'
import type { DevName, Ip4 } from '../../base/ids.ts'
import type { Flow } from './types.ts'

/** A policy rule (`ip rule`; net/ipv4/fib_rules.c). Not modelled: tos, uid ranges, l3mdev, goto. */
export interface Rule {
  priority: number
  /** Everything that is given must match, or, with `not`, must not. */
  not: boolean
  src: { ip: Ip4; prefix: number } | null
  dst: { ip: Ip4; prefix: number } | null
  /** '' = any; 'lo' = packets of this host's own. */
  iif: DevName
  oif: DevName
  mark: number
  /** 0 = the mark does not matter. */
  mask: number
  /** 0 = any. */
  proto: number
  sport: readonly [number, number] | null
  dport: readonly [number, number] | null
  action: 'lookup' | 'blackhole' | 'unreachable' | 'prohibit'
  table: string
  /** Routes with a prefix of at most this length do not count; -1 = all count. */
  suppress: number
}

const ANY: Omit<Rule, 'priority' | 'table'> = {
  not: false,
  src: null,
  dst: null,
  iif: '',
  oif: '',
  mark: 0,
  mask: 0,
  proto: 0,
  sport: null,
  dport: null,
  action: 'lookup',
  suppress: -1,
}

/** The rules of a kernel just booted (fib_default_rules_init). */
export const DEFAULT_RULES: readonly Rule[] = [
  { ...ANY, priority: 0, table: 'local' },
  { ...ANY, priority: 32766, table: 'main' },
  { ...ANY, priority: 32767, table: 'default' },
]

/** A rule that matches everything, to be narrowed by what a command gives. */
export function blankRule(): Rule {
  return { ...ANY, priority: -1, table: 'main' }
}

export function isRuleMatched(rule: Rule, flow: Flow): boolean {
  return matchesAll(rule, flow) !== rule.not
}

function matchesAll(rule: Rule, flow: Flow): boolean {
  const { src, dst } = rule
  if (src && !inPrefix(flow.src, src.ip, src.prefix)) return false
  if (dst && !inPrefix(flow.dst, dst.ip, dst.prefix)) return false
  if (rule.iif !== '' && rule.iif !== (flow.iif ?? 'lo')) return false
  if (rule.oif !== '' && rule.oif !== flow.oif) return false
  if (((rule.mark ^ (flow.mark ?? 0)) & rule.mask) !== 0) return false
  if (rule.proto !== 0 && rule.proto !== flow.proto) return false
  return inRange(rule.sport, flow.sport) && inRange(rule.dport, flow.dport)
}

function inRange(range: readonly [number, number] | null, port: number): boolean {
  return !range || (port >= range[0] && port <= range[1])
}
