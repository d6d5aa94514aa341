/** `show ip route` in its forms (vty_show_ip_route and others in zebra/zebra_vty.c; golden A9). */
import { inPrefix } from '../../../../base/cidr.ts'
import { formatIp4, type Ip4, type Nanos } from '../../../../base/ids.ts'
import type { RibType } from '../../zapi.ts'
import { prefixText } from '../rib.ts'
import { type Dest, type Entry, type Hop, isOperative, walkHops, type ZebraState } from '../types.ts'
import { uptimeText } from './uptime.ts'

const CODES = `Codes: K - kernel route, C - connected, S - static, R - RIP,
       O - OSPF, I - IS-IS, B - BGP, E - EIGRP, N - NHRP,
       T - Table, v - VNC, V - VNC-Direct, A - Babel, F - PBR,
       f - OpenFabric,
       > - selected route, * - FIB route, q - queued, r - rejected, b - backup
       t - trapped, o - offload failure

`

const LETTER: Readonly<Record<RibType, string>> = { kernel: 'K', connected: 'C', static: 'S', ospf: 'O' }

/** All prefixes in the order of the table: by address, shorter first. */
export function sortedDests(st: ZebraState): Dest[] {
  return Object.values(st.dests).sort((a, b) => a.dst - b.dst || a.prefix - b.prefix)
}

function hopsOf(st: ZebraState, entry: Entry): { hop: Hop; level: number }[] {
  return walkHops(st.nhes[entry.nhe]?.hops ?? [])
}

function starOf(entry: Entry, hop: Hop): string {
  return entry.installed && hop.resolved.length === 0 ? '*' : ' '
}

/** `show ip route [TYPE]` and `show ip fib`; `within` = only prefixes inside this one. */
export function showRoutes(
  st: ZebraState,
  now: Nanos,
  only: { type?: string; fib?: boolean; within?: { ip: Ip4; prefix: number } } = {},
): string {
  const lines: string[] = []
  for (const dest of sortedDests(st)) {
    const { within } = only
    if (within && !(dest.prefix >= within.prefix && inPrefix(dest.dst, within.ip, within.prefix))) continue
    for (const entry of dest.entries) {
      if (only.type !== undefined && entry.type !== only.type) continue
      if (!only.fib || entry.selected) lines.push(...routeLines(st, dest, entry, now))
    }
  }
  return lines.length === 0 ? '' : `${CODES}${lines.join('\n')}\n`
}

function routeLines(st: ZebraState, dest: Dest, entry: Entry, now: Nanos): string[] {
  const hops = hopsOf(st, entry)
  const first = hops[0]
  const star = first ? starOf(entry, first.hop) : ' '
  let head = `${LETTER[entry.type]}${entry.selected ? '>' : ' '}${star} ${prefixText(dest)}`
  if (entry.type !== 'connected') head += ` [${entry.distance}/${entry.metric}]`
  const since = uptimeText(now - entry.since)
  return hops.map(({ hop, level }, i) => {
    const before = i === 0 ? head : `  ${starOf(entry, hop)}${' '.repeat(head.length - 3 + 2 * level)}`
    return `${before}${hopText(hop)}, ${since}`
  })
}

/** show_route_nexthop_helper. */
function hopText(hop: Hop): string {
  const { kind, gateway, dev } = hop
  const to =
    kind === 'dev'
      ? ` is directly connected, ${dev}`
      : kind === 'blackhole' || kind === 'reject'
        ? blackholeText(kind)
        : ` via ${formatIp4(gateway)}${dev === '' ? '' : `, ${dev}`}`
  return `${to}${stateText(hop)}`
}

export function blackholeText(kind: 'blackhole' | 'reject'): string {
  return kind === 'reject' ? ' unreachable (ICMP unreachable)' : ' unreachable (blackhole)'
}

export function stateText({ active, onlink, resolved, weight }: Hop): string {
  const state = `${active ? '' : ' inactive'}${onlink ? ' onlink' : ''}${resolved.length > 0 ? ' (recursive)' : ''}`
  return `${state}${weight > 0 ? `, weight ${weight}` : ''}`
}

/** The prefix `show ip route ADDRESS` is about: the longest that covers it, or with a length that very one. */
export function findDest(st: ZebraState, ip: Ip4, prefix: number, exact: boolean): Dest | undefined {
  const covering = Object.values(st.dests).filter((dest) =>
    exact ? dest.dst === ip && dest.prefix === prefix : inPrefix(ip, dest.dst, dest.prefix),
  )
  return covering.sort((a, b) => b.prefix - a.prefix)[0]
}

/** `show ip route PREFIX` (vty_show_ip_route_detail). */
export function showRouteDetail(st: ZebraState, dest: Dest, now: Nanos): string {
  return dest.entries
    .map((entry) => {
      const tag = entry.tag > 0 ? `, tag ${entry.tag}` : ''
      const best = entry.selected ? ', best' : ''
      const hops = hopsOf(st, entry).map(({ hop, level }) => {
        const indent = level > 0 ? '  ' : ''
        return `  ${starOf(entry, hop)}${indent}${detailText(hop)}${stateText(hop)}\n`
      })
      return [
        `Routing entry for ${prefixText(dest)}\n`,
        `  Known via "${entry.type}", distance ${entry.distance}, metric ${entry.metric}${tag}${best}\n`,
        `  Last update ${uptimeText(now - entry.since)} ago\n`,
        ...hops,
        '\n',
      ].join('')
    })
    .join('')
}

function detailText({ kind, gateway, dev }: Hop): string {
  if (kind === 'dev') return ` directly connected, ${dev}`
  if (kind === 'blackhole' || kind === 'reject') return blackholeText(kind)
  return ` ${formatIp4(gateway)}${dev === '' ? '' : `, via ${dev}`}`
}

/** `show ip route summary`. */
export function showSummary(st: ZebraState): string {
  const entries = Object.values(st.dests).flatMap((dest) => dest.entries)
  const line = (name: string, rib: number, fib: number): string =>
    `${name.padEnd(20)} ${String(rib).padEnd(20)} ${String(fib).padEnd(20)} \n`
  const types: readonly RibType[] = ['kernel', 'connected', 'static', 'ospf']
  const rows = types.map((type) => {
    const own = entries.filter((entry) => entry.type === type)
    return own.length === 0 ? '' : line(type, own.length, own.filter((entry) => entry.installed).length)
  })
  const totals = line('Totals', entries.length, entries.filter((entry) => entry.installed).length)
  const head = `${'Route Source'.padEnd(20)} ${'Routes'.padEnd(20)} FIB  (vrf default)\n`
  return `${head}${rows.join('')}------\n${totals}\n`
}

/** `show ip route [PREFIX] json`, with the fields in zebra's order. */
export function routeJson(st: ZebraState, dests: readonly Dest[], now: Nanos): Record<string, unknown> {
  const all: Record<string, unknown> = {}
  for (const dest of dests)
    all[prefixText(dest)] = dest.entries.map((entry) => entryJson(st, dest, entry, now))
  return all
}

const INSTALLED = 16
const SELECTED = 8
/** ALLOW_RECURSION and RR_USE_DISTANCE, as staticd sets them. */
const RECURSION = 65

function entryJson(st: ZebraState, dest: Dest, entry: Entry, now: Nanos): Record<string, unknown> {
  const hops = st.nhes[entry.nhe]?.hops ?? []
  return {
    prefix: prefixText(dest),
    prefixLen: dest.prefix,
    protocol: entry.type,
    vrfId: 0,
    vrfName: 'default',
    ...(entry.selected && { selected: true, destSelected: true }),
    distance: entry.distance,
    metric: entry.metric,
    ...(entry.installed && { installed: true }),
    ...(entry.tag > 0 && { tag: entry.tag }),
    table: 254,
    internalStatus: entry.installed ? INSTALLED : 0,
    internalFlags: (entry.selected ? SELECTED : 0) + (entry.type === 'static' ? RECURSION : 0),
    internalNextHopNum: hops.length,
    internalNextHopActiveNum: hops.filter((hop) => hop.active).length,
    nexthopGroupId: entry.nhe,
    ...(entry.installed && { installedNexthopGroupId: entry.nhe }),
    uptime: uptimeText(now - entry.since),
    nexthops: hopsOf(st, entry).map(({ hop, level }) => hopJson(st, entry, hop, level)),
  }
}

function hopJson(st: ZebraState, entry: Entry, hop: Hop, level: number): Record<string, unknown> {
  const { kind, gateway, dev, active, onlink, weight, resolved } = hop
  const fib = entry.installed && resolved.length === 0
  const iface = st.ifaces[dev]
  const isHole = kind === 'blackhole' || kind === 'reject'
  return {
    flags: (active ? 1 : 0) + (fib ? 2 : 0) + (resolved.length > 0 ? 4 : 0) + (onlink ? 8 : 0),
    ...(fib && { fib: true }),
    ...(kind === 'dev' && { directlyConnected: true }),
    ...(isHole && { unreachable: true, [kind]: true }),
    ...(gateway !== 0 && { ip: formatIp4(gateway), afi: 'ipv4' }),
    ...(iface && { interfaceIndex: iface.index, interfaceName: dev }),
    ...(level > 0 && { resolver: true }),
    ...(active && { active: true }),
    ...(onlink && { onLink: true }),
    ...(iface && !isOperative(iface) && { linkDown: true }),
    ...(resolved.length > 0 && { recursive: true }),
    ...(weight > 0 && { weight }),
  }
}
