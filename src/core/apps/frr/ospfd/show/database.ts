import { networkOf, prefixOfMask } from '../../../../base/cidr.ts'
import { formatIp4, type Ip4, type Nanos } from '../../../../base/ids.ts'
import { LSA_EXTERNAL, readExternalLsa, readNetworkLsa, readRouterLsa } from '../../../../wire/ospf-lsa.ts'
import { ageOf, isMaxAge, keyOf } from '../lsdb.ts'
import type { Lsa, Ospf } from '../types.ts'
import { hex, optionLetters } from './words.ts'

const TITLE: Record<number, string> = {
  1: 'Router Link States',
  2: 'Net Link States',
  3: 'Summary Link States',
  4: 'ASBR-Summary Link States',
  5: 'AS External Link States',
}

/** What stands after `show ip ospf database`. */
export interface DatabaseFilter {
  type?: 'router' | 'network' | 'summary' | 'asbr-summary' | 'external'
  id?: Ip4
  adv?: Ip4
  /** `self-originate`. */
  self?: boolean
}

const TYPE = { router: 1, network: 2, summary: 3, 'asbr-summary': 4, external: 5 } as const

/** `show ip ospf database`, with a type in full (golden A4, A9). */
export function showDatabase(o: Ospf, now: Nanos, filter: DatabaseFilter = {}): string {
  if (!o.conf.enabled) return ''
  const head = `\n       OSPF Router with ID (${formatIp4(o.routerId)})\n\n`
  const type = filter.type && TYPE[filter.type]
  return head + (type === undefined ? summary(o, now, filter) : details(o, now, type, filter))
}

/** `show ip ospf database max-age`: what waits to be removed. */
export function showMaxAge(o: Ospf, now: Nanos): string {
  const all = [...o.areas.flatMap((area) => area.lsdb), ...o.external]
  const text = all
    .filter((lsa) => isMaxAge(lsa, now) && o.maxAge.keys.includes(keyOf(lsa)))
    .map((lsa) => {
      const lines = [
        `Link type: ${lsa.type}`,
        `Link State ID: ${formatIp4(lsa.id)}`,
        `Advertising Router: ${formatIp4(lsa.adv)}`,
        `LSA lock count: ${2 + holders(o, lsa)}`,
      ]
      return `${lines.join('\n')}\n\n`
    })
  const head = `\n       OSPF Router with ID (${formatIp4(o.routerId)})\n\n`
  return `${head}\n                MaxAge Link States:\n\n${text.join('')}\n`
}

/** Retransmission lists an LSA is on: each holds it, as the database and the list of old ones do. */
function holders(o: Ospf, lsa: Lsa): number {
  return o.oifs
    .flatMap((oif) => oif.nbrs)
    .filter((nbr) => nbr.lsRxmt.some((one) => keyOf(one) === keyOf(lsa))).length
}

function takes(lsa: Lsa, filter: DatabaseFilter): boolean {
  if (filter.self === true && !lsa.self) return false
  if (filter.id !== undefined && lsa.id !== filter.id) return false
  return filter.adv === undefined || lsa.adv === filter.adv
}

function summary(o: Ospf, now: Nanos, filter: DatabaseFilter): string {
  const columns = 'Link ID         ADV Router      Age  Seq#       CkSum'
  const more: Record<number, string> = { 1: '  Link count', 5: '  Route' }
  let text = ''
  const section = (list: readonly Lsa[], type: number, title: string): void => {
    const found = list.filter((lsa) => lsa.type === type)
    if (found.length === 0) return
    const lines = found.filter((lsa) => takes(lsa, filter)).map((lsa) => summaryLine(lsa, now))
    text += `                ${title}\n\n${columns}${more[type] ?? ''}\n${lines.join('')}\n`
  }
  for (const area of o.areas) {
    for (const type of [1, 2]) section(area.lsdb, type, `${TITLE[type] ?? ''} (Area ${formatIp4(area.id)})`)
  }
  section(o.external, 5, TITLE[5] ?? '')
  return `${text}\n`
}

function summaryLine(lsa: Lsa, now: Nanos): string {
  const age = String(ageOf(lsa, now)).padStart(4)
  const head = `${formatIp4(lsa.id).padEnd(15)}${formatIp4(lsa.adv).padEnd(15)} ${age}`
  return `${head} 0x${hex(lsa.seq, 8)} 0x${hex(lsa.checksum, 4)}${tail(lsa)}\n`
}

function tail(lsa: Lsa): string {
  if (lsa.type === 1) return ` ${readRouterLsa(lsa.bytes).links.length}`
  if (lsa.type !== 5) return ''
  const body = readExternalLsa(lsa.bytes)
  const prefix = prefixOfMask(body.mask) ?? 0
  return ` E${body.metricType} ${formatIp4(networkOf(lsa.id, prefix))}/${prefix} [0x${hex(body.tag, 1)}]`
}

function details(o: Ospf, now: Nanos, type: number, filter: DatabaseFilter): string {
  const show = (list: readonly Lsa[]): string =>
    list
      .filter((lsa) => lsa.type === type && takes(lsa, filter))
      .map((lsa) => detail(o, lsa, now))
      .join('')
  const title = TITLE[type] ?? ''
  if (type === 5) return `                ${title} \n\n${show(o.external)}`
  return o.areas
    .map((area) => `\n                ${title} (Area ${formatIp4(area.id)})\n\n${show(area.lsdb)}`)
    .join('')
}

const TYPE_NAME: Record<number, string> = { 1: 'router-LSA', 2: 'network-LSA', 5: 'AS-external-LSA' }
const ID_NAME: Record<number, string> = {
  1: '',
  2: '(address of Designated Router)',
  5: '(External Network Number)',
}

function detail(o: Ospf, lsa: Lsa, now: Nanos): string {
  const lines = [
    `  LS age: ${ageOf(lsa, now)}`,
    `  Options: 0x${lsa.options.toString(16).padEnd(2)} : ${optionLetters(lsa.options)}`,
    `  LS Flags: 0x${flagsOf(o, lsa, now).toString(16).padEnd(2)} `,
  ]
  if (lsa.type === 1) lines.push(routerFlags(lsa))
  lines.push(
    `  LS Type: ${TYPE_NAME[lsa.type] ?? ''}`,
    `  Link State ID: ${formatIp4(lsa.id)} ${ID_NAME[lsa.type] ?? ''}`,
    `  Advertising Router: ${formatIp4(lsa.adv)}`,
    `  LS Seq Number: ${hex(lsa.seq, 8)}`,
    `  Checksum: 0x${hex(lsa.checksum, 4)}`,
    `  Length: ${lsa.length}`,
    '',
  )
  if (lsa.type === 1) lines.push(...routerLines(lsa), '')
  else if (lsa.type === 2) lines.push(...networkLines(lsa))
  else lines.push(...externalLines(lsa))
  return `${lines.join('\n')}\n`
}

/** ospfd's own marks: 1 = ours, 2 = looked at for that, 4 = received, 8 = approved, 0x80 = waits to be removed. */
function flagsOf(o: Ospf, lsa: Lsa, now: Nanos): number {
  const waits = isMaxAge(lsa, now) && o.maxAge.keys.includes(keyOf(lsa))
  const approved = lsa.self && lsa.type === LSA_EXTERNAL ? 8 : 0
  return (lsa.self ? 1 : 0) | 2 | (lsa.received ? 4 : 0) | approved | (waits ? 0x80 : 0)
}

function routerFlags(lsa: Lsa): string {
  const { flags } = readRouterLsa(lsa.bytes)
  const words = [
    (flags & 1) !== 0 ? ' ABR' : '',
    (flags & 2) !== 0 ? ' ASBR' : '',
    (flags & 4) !== 0 ? ' VL-endpoint' : '',
  ]
  return `  Flags: 0x${flags.toString(16)}${flags === 0 ? '' : ` :${words.join('')}`}`
}

const LINK: Record<number, [desc: string, id: string, data: string]> = {
  1: ['another Router (point-to-point)', 'Neighboring Router ID', 'Router Interface address'],
  2: ['a Transit Network', 'Designated Router address', 'Router Interface address'],
  3: ['Stub Network', 'Net', 'Network Mask'],
  4: ['a Virtual Link', 'Neighboring Router ID', 'Router Interface address'],
}

function routerLines(lsa: Lsa): string[] {
  const { links } = readRouterLsa(lsa.bytes)
  const lines = [`   Number of Links: ${links.length}`, '']
  for (const link of links) {
    const [desc, id, data] = LINK[link.type] ?? ['', '', '']
    lines.push(
      `    Link connected to: ${desc}`,
      `     (Link ID) ${id}: ${formatIp4(link.id)}`,
      `     (Link Data) ${data}: ${formatIp4(link.data)}`,
      '      Number of TOS metrics: 0',
      `       TOS 0 Metric: ${link.metric}`,
      '',
    )
  }
  return lines
}

function networkLines(lsa: Lsa): string[] {
  const { mask, routers } = readNetworkLsa(lsa.bytes)
  const lines = [`  Network Mask: /${prefixOfMask(mask) ?? 0}`]
  for (const router of routers) lines.push(`        Attached Router: ${formatIp4(router)}`, '')
  lines.push('')
  return lines
}

function externalLines(lsa: Lsa): string[] {
  const body = readExternalLsa(lsa.bytes)
  return [
    `  Network Mask: /${prefixOfMask(body.mask) ?? 0}`,
    `        Metric Type: ${body.metricType === 2 ? '2 (Larger than any link state path)' : '1'}`,
    '        TOS: 0',
    `        Metric: ${body.metric}`,
    `        Forward Address: ${formatIp4(body.forward)}`,
    `        External Route Tag: ${body.tag}`,
    '',
  ]
}
