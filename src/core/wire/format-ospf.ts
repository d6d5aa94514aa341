import type { Bytes } from '../base/bytes.ts'
import { formatIp4, type Ip4 } from '../base/ids.ts'
import { type OspfBody, parseOspf } from './ospf.ts'
import {
  LINK_STUB,
  LINK_TRANSIT,
  LSA,
  LSA_NETWORK,
  LSA_ROUTER,
  type LsaHeader,
  readLsaHeader,
  readNetworkLsa,
  readRouterLsa,
} from './ospf-lsa.ts'

/**
 * What tcpdump -v says of an OSPF packet below its first line (print-ospf.c). A packet that is broken, or authenticated, gets
 * nothing; of LSAs other than router's and network's the header alone is shown.
 */
export function verboseOspf(b: Bytes, at: number, end: number): string {
  const parsed = parseOspf(b, at, end)
  if (!parsed.ok) return ''
  const { header, body } = parsed.value
  const area = header.area === 0 ? 'Backbone Area' : `Area ${formatIp4(header.area)}`
  return `\n\tRouter-ID ${formatIp4(header.router)}, ${area}, Authentication Type: none (0)${bodyText(body)}`
}

const OPTIONS: readonly [number, string][] = [
  [0x01, 'MultiTopology'],
  [0x02, 'External'],
  [0x04, 'Multicast'],
  [0x08, 'NSSA'],
  [0x10, 'LLS'],
  [0x20, 'Demand Circuit'],
  [0x40, 'Opaque'],
  [0x80, 'Up/Down'],
]
const DD_FLAGS: readonly [number, string][] = [
  [4, 'Init'],
  [2, 'More'],
  [1, 'Master'],
]
const LSA_FLAGS: readonly [number, string][] = [
  [1, 'ABR'],
  [2, 'ASBR'],
  [4, 'Virtual'],
]
const LSA_TYPES: Readonly<Record<number, string>> = {
  1: 'Router',
  2: 'Network',
  3: 'Summary',
  4: 'ASBR Summary',
  5: 'External',
  7: 'NSSA',
}

function bits(value: number, names: readonly [number, string][]): string {
  const on = names.filter(([bit]) => (value & bit) !== 0).map(([, name]) => name)
  return on.length === 0 ? 'none' : on.join(', ')
}

function bodyText(body: OspfBody): string {
  switch (body.kind) {
    case 'hello':
      return hello(body)
    case 'dd': {
      const words = `DD Flags [${bits(body.flags, DD_FLAGS)}], MTU: ${body.mtu}, Sequence: 0x${hex(body.seq)}`
      return `\n\tOptions [${bits(body.options, OPTIONS)}], ${words}${body.headers.map(headerText).join('')}`
    }
    case 'lsr':
      return body.keys
        .map(
          ({ type, id, adv }) =>
            `\n\t  Advertising Router: ${formatIp4(adv)}, ${LSA_TYPES[type] ?? 'unknown'} LSA (${type}), LSA-ID: ${formatIp4(id)}`,
        )
        .join('')
    case 'lsu':
      return `, ${body.lsas.length} LSA${body.lsas.length === 1 ? '' : 's'}${body.lsas.map(lsaText).join('')}`
    case 'lsack':
      return body.headers.map(headerText).join('')
  }
}

function hello(body: Extract<OspfBody, { kind: 'hello' }>): string {
  const timers = `Hello Timer ${body.interval}s, Dead Timer ${body.dead}s`
  const mask = formatIp4(body.mask as Ip4)
  let text = `\n\tOptions [${bits(body.options, OPTIONS)}]\n\t  ${timers}, Mask ${mask}, Priority ${body.priority}`
  if (body.dr !== 0) text += `\n\t  Designated Router ${formatIp4(body.dr)}`
  if (body.bdr !== 0) text += `, Backup Designated Router ${formatIp4(body.bdr)}`
  if (body.neighbors.length > 0) text += '\n\t  Neighbor List:'
  for (const neighbor of body.neighbors) text += `\n\t    ${formatIp4(neighbor)}`
  return text
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0')
}

function headerText({ type, id, adv, seq, age, length, options }: LsaHeader): string {
  return (
    `\n\t  Advertising Router ${formatIp4(adv)}, seq 0x${hex(seq)}, age ${age}s, length ${length - LSA.size}` +
    `\n\t    ${LSA_TYPES[type] ?? 'unknown'} LSA (${type}), LSA-ID: ${formatIp4(id)}` +
    `\n\t    Options: [${bits(options, OPTIONS)}]`
  )
}

function lsaText(b: Bytes): string {
  const header = readLsaHeader(b)
  let text = headerText(header)
  if (header.type === LSA_ROUTER) {
    const { flags, links } = readRouterLsa(b)
    text += `\n\t    Router LSA Options: [${bits(flags, LSA_FLAGS)}]`
    for (const link of links) {
      const [id, data] = [formatIp4(link.id), formatIp4(link.data)]
      text += `\n\t      ${linkText(link.type, id, data)}\n\t\ttopology default (0), metric ${link.metric}`
    }
  } else if (header.type === LSA_NETWORK) {
    const { mask, routers } = readNetworkLsa(b)
    text += `\n\t    Mask ${formatIp4(mask as Ip4)}\n\t    Connected Routers:`
    for (const router of routers) text += `\n\t      ${formatIp4(router)}`
  }
  return text
}

function linkText(type: number, id: string, data: string): string {
  if (type === LINK_STUB) return `Stub Network: ${id}, Mask: ${data}`
  return `Neighbor ${type === LINK_TRANSIT ? 'Network' : 'Router'}-ID: ${id}, Interface Address: ${data}`
}
