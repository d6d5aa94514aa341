import { prefixOfMask } from '../../../base/cidr.ts'
import { formatIp4, IP_LOOPBACK } from '../../../base/ids.ts'
import { referencesTo } from '../../../kernel/netfilter/apply.ts'
import type {
  Address,
  Chain,
  Interface,
  Rule,
  RuleSpec,
  Table,
} from '../../../kernel/netfilter/tables/types.ts'
import { describeMatch, describeTarget } from './describe.ts'
import type { Line } from './parse.ts'
import { protocolName } from './names.ts'

/** `iptables -L`: chains as tables (iptables/nft-shared.c print_firewall_details). */

type Look = Pick<Line, 'numeric' | 'verbose' | 'exact' | 'lineNumbers'>

/** Chains in the order of their listing: built-in ones first, the user's by name. */
export function listedChains(table: Table): Chain[] {
  const own = table.chains.filter((chain) => chain.hook === '')
  own.sort((a, b) => (a.name < b.name ? -1 : 1))
  return [...table.chains.filter((chain) => chain.hook !== ''), ...own]
}

export function listTable(table: Table, chains: readonly Chain[], look: Look): string {
  return chains.map((chain) => listChain(table, chain, look)).join('\n')
}

function listChain(table: Table, chain: Chain, look: Look): string {
  return chainHead(table, chain, look) + chain.rules.map((rule, i) => listRule(rule, i + 1, look)).join('')
}

function chainHead(table: Table, chain: Chain, look: Look): string {
  const counters = look.verbose
    ? ` ${shortNumber(chain.packets, look)} packets, ${shortNumber(chain.bytes, look)} bytes`
    : ''
  const what =
    chain.hook === '' ? `${referencesTo(table, chain.name)} references` : `policy ${chain.policy}${counters}`
  const number = look.lineNumbers ? 'num  ' : ''
  const count = look.verbose ? (look.exact ? '    pkts      bytes ' : ' pkts bytes ') : ''
  const devs = look.verbose ? 'in     out     ' : ''
  return (
    `Chain ${chain.name} (${what})\n` +
    `${number}${count}target     prot opt ${devs}source               destination         \n`
  )
}

/** Counters of more than five digits are rounded to K, M, G, T unless -x is given. */
function shortNumber(value: number, look: Look): string {
  if (look.exact || value <= 99_999) return String(value)
  let rest = value
  for (const unit of ['K', 'M', 'G']) {
    rest = Math.floor((rest + 500) / 1000)
    if (rest <= 9999) return `${rest}${unit}`
  }
  return `${Math.floor((rest + 500) / 1000)}T`
}

/** One line of a listing. */
export function listRule(rule: Rule, number: number, look: Look): string {
  const { spec } = rule
  const width = look.exact ? 8 : 5
  const counters = look.verbose
    ? `${shortNumber(rule.packets, look).padStart(width)} ${shortNumber(rule.bytes, look).padStart(width)} `
    : ''
  const devs = look.verbose ? ` ${device(spec.in, look)} ${device(spec.out, look)} ` : ''
  const addresses = `${address(spec.src, look)}${address(spec.dst, look)}`
  const details = [
    ...spec.matches.map((m) => describeMatch(m, look.numeric)),
    describeTarget(spec.target, look.numeric),
  ]
  return (
    `${look.lineNumbers ? `${String(number).padEnd(4)} ` : ''}${counters}${targetName(spec).padEnd(9)} ` +
    `${protocol(spec, look)} ${fragment(spec)} ${devs}${addresses}${details.join('')}\n`
  )
}

function targetName({ target }: RuleSpec): string {
  if (!target) return ''
  if (target.t === 'jump' || target.t === 'goto') return target.chain
  return target.t === 'NOTRACK' ? 'CT' : target.t
}

/** The sign of inversion takes the column before the name. */
function protocol(spec: RuleSpec, look: Look): string {
  const proto = spec.proto?.proto ?? 0
  const name = look.numeric ? String(proto) : protocolName(proto)
  return `${spec.proto?.not === true ? '!' : ' '}${name.padEnd(4)}`
}

function fragment({ fragment: f }: RuleSpec): string {
  return f ? (f.not ? '!f' : '-f') : '--'
}

function device(dev: Interface | undefined, look: Look): string {
  const any = look.numeric ? '*' : 'any'
  return (dev ? `${dev.not ? '!' : ''}${dev.name}` : any).padEnd(6)
}

function address(value: Address | undefined, look: Look): string {
  const sign = value?.not === true ? '!' : ' '
  const prefix = value ? prefixOfMask(value.mask) : 0
  const any = look.numeric ? '0.0.0.0/0' : 'anywhere'
  const mask = prefix === 32 ? '' : `/${prefix ?? formatIp4((value?.mask ?? 0) as Address['ip'])}`
  const isSelf = !look.numeric && value?.ip === IP_LOOPBACK && prefix === 32
  const text = value ? `${isSelf ? 'localhost' : formatIp4(value.ip)}${mask}` : any
  return `${sign}${text.padEnd(20)}`
}
