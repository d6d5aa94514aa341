import { prefixOfMask } from '../../../base/cidr.ts'
import { formatIp4 } from '../../../base/ids.ts'
import type {
  Address,
  Match,
  NatTo,
  Ports,
  RuleSpec,
  Target,
} from '../../../kernel/netfilter/tables/types.ts'
import { protocolName, tcpFlagNames } from './names.ts'

/** Rules as `iptables -S` and iptables-save write them, and as they can be typed again. */

type Negatable = { not: boolean }
const bang = (value: Negatable): string => (value.not ? '! ' : '')
export const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`

export function formatPorts({ from, to }: Ports): string {
  return from === to ? String(from) : `${from}:${to}`
}

/** `10.0.0.0/8`, or the mask in full when it has holes. */
export function formatMasked({ ip, mask }: Address): string {
  const prefix = prefixOfMask(mask)
  return `${formatIp4(ip)}/${prefix ?? formatIp4(mask as Address['ip'])}`
}

/** What follows `-A CHAIN`, without counters: matches and target. */
export function formatRule(spec: RuleSpec): { head: string; target: string } {
  const words: string[] = []
  if (spec.src) words.push(`${bang(spec.src)}-s ${formatMasked(spec.src)}`)
  if (spec.dst) words.push(`${bang(spec.dst)}-d ${formatMasked(spec.dst)}`)
  if (spec.in) words.push(`${bang(spec.in)}-i ${spec.in.name}`)
  if (spec.out) words.push(`${bang(spec.out)}-o ${spec.out.name}`)
  if (spec.proto) words.push(`${bang(spec.proto)}-p ${protocolName(spec.proto.proto)}`)
  if (spec.fragment) words.push(`${bang(spec.fragment)}-f`)
  for (const match of spec.matches) words.push(`-m ${match.m}${formatMatch(match)}`)
  return { head: words.join(' '), target: formatTarget(spec.target) }
}

/** The whole rule on one line, with a chain: `-A INPUT -p tcp ... -j ACCEPT`. */
export function formatAppend(chain: string, spec: RuleSpec, counters = ''): string {
  const { head, target } = formatRule(spec)
  return [`-A ${chain}`, head, counters, target].filter((part) => part !== '').join(' ')
}

const given = (name: string, value: (Negatable & object) | undefined, text: string): string =>
  value ? ` ${bang(value)}--${name} ${text}` : ''

/** Options of a match, each with a blank in front. */
function formatMatch(match: Match): string {
  switch (match.m) {
    case 'tcp':
    case 'udp':
      return (
        given('sport', match.sport, match.sport ? formatPorts(match.sport) : '') +
        given('dport', match.dport, match.dport ? formatPorts(match.dport) : '') +
        (match.m === 'tcp' && match.flags
          ? ` ${bang(match.flags)}--tcp-flags ${tcpFlagNames(match.flags.mask)} ${tcpFlagNames(match.flags.comp)}`
          : '')
      )
    case 'icmp':
      return ` ${bang(match)}--icmp-type ${icmpText(match)}`
    case 'state':
      return ` ${bang(match)}--state ${match.states.join(',')}`
    case 'conntrack':
      return ` ${bang(match)}--ctstate ${match.states.join(',')}`
    case 'mark':
      return ` ${bang(match)}--mark ${hex(match.mark)}${match.mask === 0xffffffff ? '' : `/${hex(match.mask)}`}`
    case 'multiport':
      return ` ${bang(match)}--${match.side} ${match.ports.map(formatPorts).join(',')}`
    case 'limit':
      return ` --limit ${match.count}/${match.per}${match.burst === 5 ? '' : ` --limit-burst ${match.burst}`}`
    case 'comment':
      return ` --comment ${quote(match.text)}`
    case 'addrtype':
      return (
        given('src-type', match.src, match.src?.kinds.join(',') ?? '') +
        given('dst-type', match.dst, match.dst?.kinds.join(',') ?? '')
      )
    case 'ipvs':
      return ipvsOptions(match)
  }
}

function icmpText(match: Extract<Match, { m: 'icmp' }>): string {
  if (match.type === 255) return 'any'
  return match.codeFrom === match.codeTo ? `${match.type}/${match.codeFrom}` : String(match.type)
}

function ipvsOptions(match: Extract<Match, { m: 'ipvs' }>): string {
  const address = match.vaddr && ipvsAddress(match.vaddr)
  return (
    (match.ipvs ? ` ${bang(match.ipvs)}--ipvs` : '') +
    given('vproto', match.vproto, String(match.vproto?.proto ?? '')) +
    given('vaddr', match.vaddr, address ?? '') +
    given('vport', match.vport, String(match.vport?.port ?? '')) +
    given('vdir', match.vdir, match.vdir?.reply === true ? 'REPLY' : 'ORIGINAL') +
    given('vmethod', match.vmethod, match.vmethod?.method ?? '')
  )
}

/** A single address goes without its /32 here. */
export function ipvsAddress(address: Address): string {
  return address.mask === 0xffffffff ? formatIp4(address.ip) : formatMasked(address)
}

/** Quoted only where it has to be (xtables_save_string). */
export function quote(text: string): string {
  return /^[\w-]+$/.test(text) ? text : `"${text.replace(/["\\']/g, '\\$&')}"`
}

function formatTarget(target: Target | null): string {
  if (!target) return ''
  switch (target.t) {
    case 'jump':
      return `-j ${target.chain}`
    case 'goto':
      return `-g ${target.chain}`
    case 'REJECT':
      return `-j REJECT --reject-with ${target.kind}`
    case 'LOG':
      return `-j LOG${logOptions(target)}`
    case 'MARK':
      return `-j MARK --set-xmark ${hex(target.value)}/${hex(target.mask)}`
    case 'SNAT':
      return `-j SNAT --to-source ${formatNat(target.to)}${target.to.random ? ' --random' : ''}`
    case 'DNAT':
      return `-j DNAT --to-destination ${formatNat(target.to)}${target.to.random ? ' --random' : ''}`
    case 'MASQUERADE':
    case 'REDIRECT': {
      const ports = target.to.portFrom === 0 ? '' : ` --to-ports ${formatRange(target.to)}`
      return `-j ${target.t}${ports}${target.to.random ? ' --random' : ''}`
    }
    case 'CT':
      return '-j CT --notrack'
    case 'TCPMSS':
      return `-j TCPMSS ${target.mss === 0 ? '--clamp-mss-to-pmtu' : `--set-mss ${target.mss}`}`
    default:
      return `-j ${target.t}`
  }
}

function logOptions(target: Extract<Target, { t: 'LOG' }>): string {
  const flags = ['tcp-sequence', 'tcp-options', 'ip-options', 'uid']
  return (
    (target.prefix === '' ? '' : ` --log-prefix "${target.prefix}"`) +
    (target.level === 4 ? '' : ` --log-level ${target.level}`) +
    flags.map((name, bit) => ((target.flags & (1 << bit)) !== 0 ? ` --log-${name}` : '')).join('')
  )
}

export function formatRange({ portFrom, portTo }: NatTo): string {
  return portFrom === portTo ? String(portFrom) : `${portFrom}-${portTo}`
}

export function formatNat(to: NatTo): string {
  const second = to.to === to.from ? '' : `-${formatIp4(to.to)}`
  const address = to.to === 0 ? '' : `${formatIp4(to.from)}${second}`
  return to.portFrom === 0 ? address : `${address}:${formatRange(to)}`
}
