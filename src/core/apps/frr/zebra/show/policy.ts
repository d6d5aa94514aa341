/** What zebra shows of prefix lists, route maps, protocols, next-hop groups and clients (lib/plist.c, lib/routemap.c ...). */
import { formatIp4, type Nanos } from '../../../../base/ids.ts'
import { own } from '../../config/own.ts'
import { entryText } from '../../config/prefix-list.ts'
import { type Hop, type Nhe, walkHops, type ZebraState } from '../types.ts'
import { blackholeText, stateText } from './route.ts'
import { uptimeText } from './uptime.ts'

/** `show ip prefix-list [NAME]` as one daemon prints it. */
export function showPrefixLists(st: ZebraState, daemon: string, only?: string): string {
  const names = Object.keys(st.config.lists).filter((name) => only === undefined || name === only)
  return names
    .map((name) => {
      const entries = own(st.config.lists, name) ?? []
      const lines = entries.map((entry) => `   ${entryText(entry)}\n`)
      return `${daemon}: ip prefix-list ${name}: ${entries.length} entries\n${lines.join('')}`
    })
    .join('')
}

/** `show route-map [NAME]` as one daemon prints it; how often it was asked is known for zebra. */
export function showRouteMaps(st: ZebraState, daemon: string, only?: string): string {
  const { maps } = st.config
  if (only !== undefined && !own(maps, only)) return `${daemon}:\n${daemon}: 'route-map ${only}' not found\n`
  const count = (name: string): number => (daemon === 'ZEBRA' ? (own(st.invoked, name) ?? 0) : 0)
  const names = Object.keys(maps).filter((name) => only === undefined || name === only)
  const shown = names.map((name) => {
    const entries = (own(maps, name) ?? []).map((entry) =>
      [
        ` ${entry.permit ? 'permit' : 'deny'}, sequence ${entry.seq} Invoked ${count(`${name} ${entry.seq}`)}\n`,
        ...(entry.description === '' ? [] : [`  Description:\n    ${entry.description}\n`]),
        '  Match clauses:\n',
        ...entry.match.map((line) => `    ${line}\n`),
        '  Set clauses:\n',
        ...entry.set.map((line) => `    ${line}\n`),
        '  Call clause:\n  Action:\n    Exit routemap\n',
      ].join(''),
    )
    const head = `route-map: ${name} Invoked: ${count(name)} Optimization: enabled Processed Change: false\n`
    return `${head}${entries.join('')}`
  })
  return `${daemon}:\n${shown.join('')}`
}

const PROTOCOLS = (
  'system kernel connected static rip ripng ospf ospf6 isis bgp pim eigrp nhrp hsls olsr table ldp vnc vnc-direct vnc-rn ' +
  'bgp-direct bgp-direct-to-nve-groups babel sharp pbr bfd openfabric vrrp zebra srte wildcard any'
).split(' ')

/** `show ip protocol`. */
export function showProtocol(st: ZebraState): string {
  const rows = PROTOCOLS.map((type) => {
    const name = st.config.protocols[type]
    return `${type.padEnd(24)}  : ${name === undefined ? 'none' : name.padEnd(10)}\n`
  })
  const head = `VRF: default\n${'Protocol'.padEnd(24)}  : route-map\n-------------------------------------\n`
  return `${head}${rows.join('')}`
}

/** `show nexthop-group rib [ID]`. Zebra lists them in the order of its hash, here it is by number. */
export function showGroups(st: ZebraState, now: Nanos, only?: number): string {
  if (only !== undefined && !st.nhes[only]) return `Nexthop Group ID: ${only} does not exist\n`
  return Object.values(st.nhes)
    .filter((nhe) => only === undefined || nhe.id === only)
    .map((nhe) => oneGroup(st, nhe, now))
    .join('')
}

function oneGroup(st: ZebraState, nhe: Nhe, now: Nanos): string {
  const [first] = nhe.hops
  const iface = nhe.depends.length === 0 && first ? st.ifaces[first.dev] : undefined
  const users = Object.values(st.nhes).filter((other) => other.depends.includes(nhe.id))
  const ids = (list: readonly number[]): string => list.map((id) => `(${id})`).join(' ')
  const state = [nhe.valid && 'Valid', nhe.installed && 'Installed']
    .filter((word) => word !== false)
    .join(', ')
  return [
    `ID: ${nhe.id} (zebra)`,
    `     RefCnt: ${nhe.refs}${nhe.keepUntil > 0 ? ` Time to Deletion: ${uptimeText(nhe.keepUntil - now)}` : ''}`,
    `     Uptime: ${uptimeText(now - nhe.since)}`,
    '     VRF: default',
    ...(state === '' ? [] : [`     ${state}`]),
    ...(iface ? [`     Interface Index: ${iface.index}`] : []),
    ...(nhe.depends.length > 0 ? [`     Depends: ${ids(nhe.depends)}`] : []),
    ...walkHops(nhe.hops).map(
      ({ hop, level }) =>
        `${hop.resolved.length > 0 && level === 0 ? '       ' : '          '}${groupHop(hop)}`,
    ),
    ...(users.length > 0 ? [`     Dependents: ${ids(users.map((user) => user.id))}`] : []),
    '',
  ].join('\n')
}

function groupHop(hop: Hop): string {
  const { kind, gateway, dev } = hop
  if (kind === 'blackhole' || kind === 'reject')
    return `${blackholeText(kind)} (vrf default)${stateText(hop)}`
  const to =
    kind === 'dev'
      ? ` is directly connected, ${dev}`
      : ` via ${formatIp4(gateway)}${dev === '' ? '' : `, ${dev}`}`
  return `${to} (vrf default)${stateText(hop)}`
}

/** `show zebra client summary`. */
export function showClients(st: ZebraState, now: Nanos): string {
  const rows = st.clients.map((client) => {
    const ago = (at: Nanos): string => uptimeText(now - at).padStart(12)
    const count = (added: number, deleted: number): string =>
      ` ${String(added).padStart(10)}/${String(deleted).padEnd(10)}`
    const times = `${ago(client.since)} ${ago(client.lastRead)}${ago(client.lastWrite)}`
    return `${client.type.padEnd(10)}${times}${count(client.added, client.deleted)}${count(0, 0)}\n`
  })
  const head = 'Name      Connect Time    Last Read  Last Write      IPv4 Routes           IPv6 Routes\n'
  return `${head}${'-'.repeat(90)}\n${rows.join('')}Routes column shows (added+updated)/deleted\n`
}
