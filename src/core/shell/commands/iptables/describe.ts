import type { Match, Ports, Target } from '../../../kernel/netfilter/tables/types.ts'
import { formatNat, formatRange, hex, ipvsAddress } from './format.ts'
import { icmpTypeName, LOG_LEVELS, portName, tcpFlagNames } from './names.ts'

/** What `iptables -L` prints of matches and targets after the addresses: each with a blank in front. */

export function describeMatch(match: Match, numeric: boolean): string {
  switch (match.m) {
    case 'tcp':
    case 'udp':
      return describePorts(match, numeric)
    case 'icmp':
      return describeIcmp(match, numeric)
    case 'state':
      return `${match.not ? ' !' : ''} state ${match.states.join(',')}`
    case 'conntrack':
      return `${match.not ? ' !' : ''} ctstate ${match.states.join(',')}`
    case 'mark': {
      const mask = match.mask === 0xffffffff ? '' : `/${hex(match.mask)}`
      return ` mark match${match.not ? ' !' : ''} ${hex(match.mark)}${mask}`
    }
    case 'multiport': {
      const list = match.ports.map((p) => portRange(p, numeric)).join(',')
      return ` multiport ${match.side} ${match.not ? ' !' : ''}${list}`
    }
    case 'limit':
      return ` limit: avg ${match.count}/${match.per} burst ${match.burst}`
    case 'comment':
      return ` /* ${match.text} */`
    case 'addrtype': {
      const side = (name: string, value: typeof match.src): string =>
        value ? ` ${name} ${value.not ? '!' : ''}${value.kinds.join(',')}` : ''
      return ` ADDRTYPE match${side('src-type', match.src)}${side('dst-type', match.dst)}`
    }
    case 'ipvs':
      return describeIpvs(match)
  }
}

function portRange(ports: Ports, numeric: boolean): string {
  const name = (port: number): string => (numeric ? String(port) : portName(port))
  return ports.from === ports.to ? name(ports.from) : `${name(ports.from)}:${name(ports.to)}`
}

function describePorts(match: Extract<Match, { m: 'tcp' | 'udp' }>, numeric: boolean): string {
  const side = (name: string, ports: typeof match.sport): string => {
    if (!ports) return ''
    const plural = ports.from === ports.to ? '' : 's'
    return ` ${name}${plural}:${ports.not ? '!' : ''}${portRange(ports, numeric)}`
  }
  let text = ` ${match.m}${side('spt', match.sport)}${side('dpt', match.dport)}`
  if (match.m === 'tcp' && match.flags) {
    const { mask, comp, not } = match.flags
    const upper = (bits: number): string => `0x${bits.toString(16).toUpperCase().padStart(2, '0')}`
    const pair = numeric ? `${upper(mask)}/${upper(comp)}` : `${tcpFlagNames(mask)}/${tcpFlagNames(comp)}`
    text += ` flags:${not ? '!' : ''}${pair}`
  }
  return text
}

function describeIcmp(match: Extract<Match, { m: 'icmp' }>, numeric: boolean): string {
  const not = match.not ? '!' : ''
  const name = numeric ? undefined : icmpTypeName(match)
  if (name !== undefined) return ` icmp ${not}${name}`
  const { codeFrom, codeTo } = match
  const code =
    codeFrom === codeTo
      ? ` code ${codeFrom}`
      : codeFrom !== 0 || codeTo !== 255
        ? ` codes ${codeFrom}-${codeTo}`
        : ''
  return ` icmp${match.not ? ' !' : ''}type ${match.type}${code}`
}

function describeIpvs(match: Extract<Match, { m: 'ipvs' }>): string {
  const side = (name: string, value: { not: boolean } | undefined, text: string): string =>
    value ? `${value.not ? ' !' : ''} ${name} ${text}` : ''
  return (
    (match.ipvs ? `${match.ipvs.not ? ' !' : ''} ipvs` : '') +
    side('vproto', match.vproto, String(match.vproto?.proto ?? '')) +
    side('vaddr', match.vaddr, match.vaddr ? ipvsAddress(match.vaddr) : '') +
    side('vport', match.vport, String(match.vport?.port ?? '')) +
    side('vdir', match.vdir, match.vdir?.reply === true ? 'REPLY' : 'ORIGINAL') +
    side('vmethod', match.vmethod, match.vmethod?.method ?? '')
  )
}

export function describeTarget(target: Target | null, numeric: boolean): string {
  switch (target?.t) {
    case 'goto':
      return '[goto] '
    case 'REJECT':
      return ` reject-with ${target.kind}`
    case 'LOG':
      return describeLog(target, numeric)
    case 'MARK':
      return describeMark(target)
    case 'SNAT':
    case 'DNAT':
      return ` to:${formatNat(target.to)}${target.to.random ? ' random' : ''}`
    case 'MASQUERADE':
      return `${target.to.portFrom === 0 ? '' : ` masq ports: ${formatRange(target.to)}`}${target.to.random ? ' random' : ''}`
    case 'REDIRECT':
      return `${target.to.portFrom === 0 ? '' : ` redir ports ${formatRange(target.to)}`}${target.to.random ? ' random' : ''}`
    case 'NOTRACK':
      return ' NOTRACK'
    case 'CT':
      return ' CT notrack'
    case 'TCPMSS':
      return target.mss === 0 ? ' TCPMSS clamp to PMTU' : ` TCPMSS set ${target.mss}`
    default:
      return ''
  }
}

function describeLog(target: Extract<Target, { t: 'LOG' }>, numeric: boolean): string {
  const names = ['tcp-sequence', 'tcp-options', 'ip-options', 'uid']
  const flags = names.map((name, bit) => ((target.flags & (1 << bit)) !== 0 ? ` ${name}` : '')).join('')
  const how = numeric
    ? ` LOG flags ${target.flags} level ${target.level}`
    : ` LOG level ${LOG_LEVELS[target.level] ?? String(target.level)}${flags}`
  return `${how}${target.prefix === '' ? '' : ` prefix "${target.prefix}"`}`
}

function describeMark({ value, mask }: Extract<Target, { t: 'MARK' }>): string {
  if (value === 0) return ` MARK and ${hex(~mask)}`
  if (value === mask) return ` MARK or ${hex(value)}`
  if (mask === 0) return ` MARK xor ${hex(value)}`
  if (mask === 0xffffffff) return ` MARK set ${hex(value)}`
  return ` MARK xset ${hex(value)}/${hex(mask)}`
}
