import { formatIp4, formatMac, type Ip4 } from '../../core/base/ids.ts'
import type { HostView, TraceRecord } from '../../engine/engine.ts'
import { ip, mono, type Part, say } from '../../i18n/parts.ts'
import type { Words } from '../../i18n/words.ts'
import type { MapWords } from '../netfilter/words.ts'

type Told<K extends TraceRecord['kind']> = Extract<TraceRecord, { kind: K }>

/** What a decision has looked up: the row that counted, the rows that did not and why, the settings, a sentence. */
export interface Evidence {
  /** The command that shows these rows. */
  command?: string
  rows: readonly EvidenceRow[]
  text?: string
}

export interface EvidenceRow {
  parts: readonly Part[]
  chosen: boolean
  why: string
}

/** Undefined where a note has looked up nothing. `view`: the host as it was then, if it is known. */
export function evidenceOf(
  note: TraceRecord,
  view: HostView | undefined,
  words: Words,
  map: MapWords,
): Evidence | undefined {
  const { why } = map
  switch (note.kind) {
    case 'route':
      return routeEvidence(note, view, map)
    case 'ecmp':
      return { command: 'ip route', rows: note.gateways.map((gateway, i) => hopRow(note, gateway, i, map)) }
    case 'ipvs.pick':
      return pickEvidence(note, view, map)
    case 'ipvs.conn':
      return note.found
        ? { command: 'ipvsadm -Lnc', rows: [connRow(note)], text: why.kept }
        : { command: 'ipvsadm -Lnc', rows: [connRow(note)] }
    case 'arp.ignored':
    case 'arp.reply':
    case 'arp.request':
      return arpEvidence(note, map)
    case 'nf.rule': {
      const rule = note.rule === 0 ? map.policy(note.target) : map.rule(note.rule, note.target)
      const command = `iptables -t ${note.table} -L ${note.chain} -n --line-numbers`
      return { command, rows: [{ parts: [mono(rule)], chosen: true, why: '' }] }
    }
    case 'hook':
      return hookEvidence(note, map)
    case 'neigh':
    case 'neigh.resolved': {
      const state = note.kind === 'neigh' ? note.to : note.state
      const address = note.mac === 0 ? '' : ` lladdr ${formatMac(note.mac)}`
      const parts = [ip(note.ip), mono(` dev ${note.dev}${address} ${state}`)]
      return { command: 'ip neigh', rows: [{ parts, chosen: true, why: '' }] }
    }
    case 'forward':
      return { command: 'sysctl', rows: [settingRow('net.ipv4.ip_forward', 1, true, '')] }
    case 'drop': {
      const detail = note.detail === '' ? [] : [{ parts: [mono(note.detail)], chosen: true, why: '' }]
      return { rows: detail, text: why.dropped(words.drops[note.why].why) }
    }
    default:
      return undefined
  }
}

/** The row that was found, and those that fit as well but are less exact. */
function routeEvidence(note: Told<'route'>, view: HostView | undefined, map: MapWords): Evidence {
  const table = note.table === '' ? 'main' : note.table
  const command = `ip route show table ${table}`
  if (note.found === 'none') return { command, rows: [], text: map.noRoute }
  const net = note.prefix === 0 ? 'default' : `${formatIp4(note.net)}/${note.prefix}`
  const type = note.found === 'unicast' ? '' : `${note.found} `
  const via: Part[] = note.gateway === 0 ? [] : [mono('via '), ip(note.gateway), mono(' ')]
  const found = {
    parts: [mono(`${type}${net} `), ...via, mono(`dev ${note.dev}`)],
    chosen: true,
    why: map.why.chosen,
  }
  // what table local knows, nobody asks the main table for
  const others = (table === 'main' ? (view?.routes ?? []) : [])
    .filter((route) => route.prefix < note.prefix && isIn(note.dst, route.dst, route.prefix))
    .slice(0, 3)
    .map((route) => ({
      parts: [mono(route.prefix === 0 ? 'default' : `${formatIp4(route.dst)}/${route.prefix}`)],
      chosen: false,
      why: map.why.shorter,
    }))
  return { command, rows: [found, ...others] }
}

function isIn(address: Ip4, net: Ip4, prefix: number): boolean {
  return prefix === 0 || (address ^ net) >>> (32 - prefix) === 0
}

/** Which share of the hash's range each next hop has, and whether the hash fell into it (fib_select_multipath). */
function hopRow(note: Told<'ecmp'>, gateway: Ip4, i: number, { why }: MapWords): EvidenceRow {
  const bound = note.bounds[i] ?? 0
  const chosen = i === note.pick
  const reason = (): string => {
    if (note.bySource) return chosen ? why.chosen : why.bySource
    if (note.hash > bound) return why.above(note.hash, bound)
    return chosen ? why.within(note.hash, bound) : why.below(note.hash, bound)
  }
  return { parts: say`${mono('nexthop via ')}${ip(gateway)}`, chosen, why: reason() }
}

function pickEvidence(note: Told<'ipvs.pick'>, view: HostView | undefined, { why }: MapWords): Evidence {
  const service = view?.ipvs.services.find(({ vip, port }) => vip === note.vip && port === note.vport)
  const rows = (service?.dests ?? []).map((dest): EvidenceRow => {
    const chosen = dest.ip === note.dip
    const reason = dest.weight === 0 ? why.noWeight : chosen ? why.chosen : why.notNow
    return {
      parts: [mono('-> '), ip(dest.ip, dest.port), ` ${why.weight(dest.weight)}`],
      chosen,
      why: reason,
    }
  })
  const own = {
    parts: [mono('-> '), ip(note.dip, note.dport), ` ${why.weight(note.weight)}`],
    chosen: true,
    why: why.chosen,
  }
  return { command: 'ipvsadm -Ln', rows: rows.length > 0 ? rows : [own] }
}

function connRow(note: Told<'ipvs.conn'>): EvidenceRow {
  const parts = [
    mono(`${note.state} `),
    ip(note.cip, note.cport),
    ' → ',
    ip(note.vip, note.vport),
    ' → ',
    ip(note.dip, note.dport),
  ]
  return { parts, chosen: true, why: '' }
}

/** The two places of an ARP setting; the larger value counts (IN_DEV_MAXCONF). */
function arpEvidence(note: Told<'arp.ignored' | 'arp.reply' | 'arp.request'>, { why }: MapWords): Evidence {
  const name = note.kind === 'arp.request' ? 'arp_announce' : 'arp_ignore'
  const same = note.all === note.own
  const row = (place: string, value: number, other: number): EvidenceRow =>
    settingRow(
      `net.ipv4.conf.${place}.${name}`,
      value,
      value >= other,
      same ? why.both : value > other ? why.decides : why.smaller,
    )
  const rows = [row('all', note.all, note.own), row(note.dev, note.own, note.all)]
  if (note.kind !== 'arp.ignored') return { command: 'sysctl', rows }
  const text = note.owner === 'lo' ? `${why.loNever} ${why.otherwise}` : why.otherwise
  return { command: 'sysctl', rows, text }
}

function settingRow(name: string, value: number, chosen: boolean, why: string): EvidenceRow {
  return { parts: [mono(`${name} = ${value}`)], chosen, why }
}

function hookEvidence(note: Told<'hook'>, { why }: MapWords): Evidence | undefined {
  if (note.by === '') return { rows: [], text: why.hookNone }
  if (note.verdict === 'STOLEN') return { rows: [], text: why.takes(note.by) }
  return note.verdict === 'DROP' ? { rows: [], text: why.drops(note.by) } : undefined
}
