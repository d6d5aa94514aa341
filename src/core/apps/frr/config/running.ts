/**
 * `show running-config`: each daemon writes its own lines, vtysh puts them together (vtysh_config_parse_line,
 * vtysh_config_dump in vtysh/vtysh_config.c): sections in the order of FRR's modes, the same section of two daemons is
 * one, lines of an interface, of a route map and of `line vty` are sorted.
 */
import { formatIp4 } from '../../../base/ids.ts'
import { entryText } from './prefix-list.ts'
import type { ZebraConfig } from './zebra.ts'

interface Section {
  name: string
  lines: string[]
}

interface Kind {
  starts: readonly string[]
  /** A single `!` after all sections of this kind (NO_DELIMITER). */
  joined?: true
  sorted?: true
  block?: true
}

/** In the order of enum node_type. */
const KINDS: readonly Kind[] = [
  { starts: ['debug'], joined: true },
  { starts: ['password', 'enable password'], joined: true },
  // `ip router-id` begins with the same letters, and so it comes to stand here.
  { starts: ['ip route', 'ip router-id'], joined: true },
  { starts: ['interface'], sorted: true, block: true },
  { starts: ['router ospf'], block: true },
  { starts: ['access-list'], joined: true },
  { starts: ['ip prefix-list'], joined: true },
  { starts: ['route-map'], sorted: true, block: true },
  { starts: ['ip forwarding'], joined: true },
  { starts: ['ip protocol', 'ip nht'] },
  { starts: ['line'], sorted: true, block: true },
]

/** Lines of the top that are sorted and stand once; others come as they are written. */
const SORTED_TOP = ['log', 'no log', 'hostname', 'domainname']

/** Put the lines of several daemons together. `own`: vtysh's own lines, last of the top. */
export function mergeConfig(daemons: readonly (readonly string[])[], own: readonly string[]): string[] {
  const sorted: string[] = []
  const top: string[] = []
  const sections: Section[][] = KINDS.map(() => [])
  for (const lines of daemons) {
    let section: Section | undefined
    for (const line of lines) {
      if (line.startsWith(' ')) {
        if (section && !(section.lines.includes(line) && !line.startsWith('  '))) section.lines.push(line)
        continue
      }
      if (line === '!' || line === 'exit') continue
      const kind = KINDS.findIndex((one) =>
        one.starts.some((start) => line === start || line.startsWith(`${start} `)),
      )
      section = kind < 0 ? undefined : sectionOf(sections[kind] ?? [], line)
      if (section) continue
      const list = SORTED_TOP.some((start) => line.startsWith(`${start} `)) ? sorted : top
      if (!list.includes(line)) list.push(line)
    }
  }
  const dumped = KINDS.flatMap((kind, i) => dump(kind, sections[i] ?? []))
  return [...sorted.sort(byBytes), ...top, ...own, '!', ...dumped]
}

function sectionOf(list: Section[], name: string): Section {
  const old = list.find((one) => one.name === name)
  if (old) return old
  const made = { name, lines: [] }
  list.push(made)
  return made
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function dump(kind: Kind, found: readonly Section[]): string[] {
  const out: string[] = []
  // Each daemon writes interfaces by name.
  const isByName = kind.starts.includes('interface')
  const sections = isByName ? found.slice().sort((a, b) => byBytes(a.name, b.name)) : found
  for (const { name, lines } of sections) {
    if (name.startsWith('interface ') && lines.length === 0) continue
    out.push(name, ...(kind.sorted ? lines.slice().sort(byBytes) : lines))
    if (kind.block) out.push('exit')
    if (!kind.joined) out.push('!')
  }
  return kind.joined && out.length > 0 ? [...out, '!'] : out
}

/** What every daemon keeps and writes alike. */
export function sharedLines(config: ZebraConfig): string[] {
  const { hostname, kept, descriptions, lists, maps, lineVty } = config
  return [
    ...(hostname === '' ? [] : [`hostname ${hostname}`]),
    ...kept.filter((line) => !line.startsWith('debug')),
    ...Object.keys(descriptions)
      .sort(byBytes)
      .flatMap((dev) => [`interface ${dev}`, ` description ${descriptions[dev] ?? ''}`]),
    ...Object.entries(lists).flatMap(([name, entries]) =>
      entries.map((entry) => `ip prefix-list ${name} ${entryText(entry)}`),
    ),
    ...Object.entries(maps).flatMap(([name, entries]) =>
      entries.flatMap((entry) => [
        `route-map ${name} ${entry.permit ? 'permit' : 'deny'} ${entry.seq}`,
        ...(entry.description === '' ? [] : [` description ${entry.description}`]),
        ...entry.match.map((line) => ` match ${line}`),
        ...entry.set.map((line) => ` set ${line}`),
      ]),
    ),
    ...(lineVty.length === 0 ? [] : ['line vty', ...lineVty.map((line) => ` ${line}`)]),
  ]
}

/** In the order of FRR's numbers. */
const PROTOCOLS = 'kernel connected static rip ospf isis bgp eigrp nhrp table babel any'.split(' ')

/** Zebra's own lines. `forwarding`: the kernel's net.ipv4.ip_forward. */
export function zebraLines(config: ZebraConfig, forwarding: boolean): string[] {
  const { kept, shutdown, addresses, protocols, routerId, resolveViaDefault } = config
  return [
    ...kept.filter((line) => line.startsWith('debug')),
    ...(forwarding ? [] : ['no ip forwarding']),
    'no ipv6 forwarding',
    ...Object.keys(shutdown).flatMap((dev) => [`interface ${dev}`, ' shutdown']),
    ...Object.entries(addresses).flatMap(([dev, list]) => [
      `interface ${dev}`,
      ...list.map((address) => ` ip address ${address}`),
    ]),
    ...(routerId === 0 ? [] : [`ip router-id ${formatIp4(routerId)}`]),
    ...PROTOCOLS.filter((type) => protocols[type] !== undefined).map(
      (type) => `ip protocol ${type} route-map ${protocols[type] ?? ''}`,
    ),
    ...(resolveViaDefault ? [] : ['no ip nht resolve-via-default']),
  ]
}
