import { inPrefix } from '../../../base/cidr.ts'
import { formatIp4, type Ip4 } from '../../../base/ids.ts'
import { bad, ok, type Result } from '../../../base/result.ts'
import type { Host } from '../../../kernel/host.ts'
import { nextHopsOf, tableOf } from '../../../kernel/route/fib.ts'
import { orConf } from '../../../kernel/sysctl/max.ts'
import type { NextHop, Route, RouteScope, RouteType } from '../../../kernel/route/types.ts'
import type { Io } from '../../sys.ts'
import {
  badAddress,
  badPrefix,
  byKey,
  noDevice,
  notModelled,
  parsePrefix,
  parseShortIp4,
  type Prefix,
  readWords,
  type Refusal,
  refuse,
  rtnetlink,
  tell,
  wrong,
} from '../words.ts'
import { readTableName, showTableName } from './tables.ts'
import { isRouteType, readProtocol, readScope } from './route-spec.ts'

/** What is asked for; what a filter names is not printed again (iproute2 iproute.c). */
interface Selector {
  tables: string[]
  /** `table all`: routes of other tables than main say so. */
  nameTable: boolean
  exact?: Prefix
  root?: Prefix
  match?: Prefix
  dev?: string
  via?: Ip4
  proto?: string
  type?: RouteType
  scope?: RouteScope
}

export function showRoutes(args: readonly string[], io: Io): number {
  const host = io.sys.host()
  const selector = readSelector(args, host)
  if (!selector.ok) return tell(io, selector.error)
  for (const route of selectRoutes(host, selector.value)) io.out(routeLines(route, selector.value, host))
  return 0
}

/** `ip route flush SELECTOR`, or the cache: what redirects and path MTU discovery taught. */
export function flushRoutes(args: readonly string[], io: Io): number {
  if (args.length === 0) return tell(io, refuse('"ip route flush" requires arguments.', 1))
  if (args[0] === 'cache' || (args[0] === 'table' && args[1] === 'cache')) {
    io.sys.apply({ op: 'route.flush-cache' })
    return 0
  }
  const selector = readSelector(args, io.sys.host())
  if (!selector.ok) return tell(io, selector.error)
  for (const { scope: _scope, ...spec } of selectRoutes(io.sys.host(), selector.value)) {
    if (spec.table === 'local') continue
    const done = io.sys.apply({ op: 'route.del', ...spec })
    if (!done.ok) return tell(io, rtnetlink(done.error))
  }
  return 0
}

function readSelector(args: readonly string[], host: Host): Result<Selector, Refusal> {
  const s: Selector = { tables: ['main'], nameTable: false }
  const prefix = (key: 'exact' | 'root' | 'match') => (word: string) => {
    const value = parsePrefix(word)
    return value ? void (s[key] = value) : badPrefix(word)
  }
  const dev = (word: string): Refusal | undefined =>
    Object.hasOwn(host.devs, word) ? void (s.dev = word) : noDevice(word)
  const proto = (word: string): Refusal | undefined => {
    const value = readProtocol(word)
    return value === undefined ? wrong(word, '"protocol" value is invalid') : void (s.proto = value)
  }
  const refusal = readWords(args, {
    values: {
      root: prefix('root'),
      match: prefix('match'),
      exact: prefix('exact'),
      to: prefix('exact'),
      dev,
      oif: dev,
      proto,
      protocol: proto,
      table: (word) => readTable(s, host, word),
      via: (word) => {
        const ip = parseShortIp4(word)
        return ip === undefined ? badAddress(word) : void (s.via = ip)
      },
      type: (word) => (isRouteType(word) ? void (s.type = word) : wrong(word, 'node type value is invalid')),
      scope: (word) => {
        const scope = readScope(word)
        return scope ? void (s.scope = scope) : wrong(word, 'invalid "scope"')
      },
      from: () => notModelled("`ip route show from'"),
      src: () => notModelled("`ip route show src'"),
    },
    // Cloned routes of old kernels: there are none any more.
    flags: { cache: noRoutes(s), cached: noRoutes(s), cloned: noRoutes(s) },
    other: prefix('exact'),
  })
  return refusal ? bad(refusal) : ok(s)
}

function noRoutes(s: Selector): () => undefined {
  return () => void (s.tables = [])
}

function readTable(s: Selector, host: Host, word: string): Refusal | undefined {
  if (word === 'cache') {
    s.tables = []
    return undefined
  }
  if (word === 'all') {
    s.tables = [...Object.keys(host.tables), 'main', 'local']
    s.nameTable = true
    return undefined
  }
  const table = readTableName(host, word)
  if (table === undefined) return wrong(word, 'table id value is invalid\n')
  const exists = ['main', 'local', 'default'].includes(table) || Object.hasOwn(host.tables, table)
  if (!exists) return refuse('Error: ipv4: FIB table does not exist.\nDump terminated', 2)
  s.tables = [table]
  return undefined
}

function selectRoutes(host: Host, s: Selector): Route[] {
  return s.tables.flatMap((table) =>
    [...tableOf(host, table)].sort(byKey).filter((route) => isSelected(route, s)),
  )
}

function isSelected(route: Route, s: Selector): boolean {
  const { exact, root, match } = s
  if (exact && (route.dst !== exact.ip || route.prefix !== exact.prefix)) return false
  if (root && (route.prefix < root.prefix || !inPrefix(route.dst, root.ip, root.prefix))) return false
  if (match && (route.prefix > match.prefix || !inPrefix(match.ip, route.dst, route.prefix))) return false
  // the attributes of a multipath route's members are no attributes of the route
  const hop = route.nexthops.length === 1 ? route.nexthops[0] : undefined
  if (s.dev !== undefined && hop?.dev !== s.dev) return false
  if (s.via !== undefined && hop?.gateway !== s.via) return false
  if (s.proto !== undefined && route.proto !== s.proto) return false
  if (s.type !== undefined && route.type !== s.type) return false
  return s.scope === undefined || route.scope === s.scope
}

function routeLines(route: Route, s: Selector, host: Host): string {
  const nexthops = nextHopsOf(host, route)
  const hop = nexthops.length === 1 ? nexthops[0] : undefined
  // an object that swallows everything is shown as such a route over lo
  const swallows = route.nhid !== undefined && host.nexthops[route.nhid]?.blackhole === true
  let line = route.type === 'unicast' ? '' : `${route.type} `
  if (swallows) line += 'blackhole '
  line += `${formatDestination(route)} `
  if (route.nhid !== undefined) line += `nhid ${route.nhid} `
  if (hop && hop.gateway !== 0 && s.via === undefined) line += `via ${formatIp4(hop.gateway)} `
  if (hop && hop.dev !== '' && s.dev === undefined) line += `dev ${hop.dev} `
  if (swallows && s.dev === undefined) line += 'dev lo '
  if (s.nameTable && route.table !== 'main') line += `table ${showTableName(host, route.table)} `
  if (route.proto !== 'boot' && s.proto === undefined) line += `proto ${route.proto} `
  if (route.scope !== 'global' && s.scope === undefined) line += `scope ${route.scope} `
  if (route.prefsrc !== 0) line += `src ${formatIp4(route.prefsrc)} `
  if (route.metric !== 0) line += `metric ${route.metric} `
  if (route.mtu !== undefined) line += `mtu ${route.mtu} `
  if (hop) line += hopFlags(hop, host)
  const members = nexthops.length > 1 ? nexthops : []
  const more = members.map((member) => {
    const via = member.gateway === 0 ? '' : `via ${formatIp4(member.gateway)} `
    return `\tnexthop ${via}dev ${member.dev} weight ${member.weight} ${hopFlags(member, host)}\n`
  })
  return `${line}\n${more.join('')}`
}

/** A route stays when the cable goes, marked; when the interface goes down its routes go (only members of ECMP stay). */
function hopFlags({ dev: name, onlink, dead: lostAddress }: NextHop, host: Host): string {
  const dev = host.devs[name]
  if (!dev) return ''
  const lost = dev.up && !dev.carrier
  const dead = !dev.up || lostAddress === true || (lost && orConf(host, name, 'ignore_routes_with_linkdown'))
  return (
    (onlink ? 'onlink ' : '') +
    (dead ? 'dead ' : '') +
    (dev.carrier && dev.up && !lostAddress ? '' : 'linkdown ')
  )
}

/** `default`, `172.16.253.100`, `10.0.0.0/8`: as `ip route` writes destinations. */
function formatDestination(route: Pick<Route, 'dst' | 'prefix'>): string {
  if (route.prefix === 0) return 'default'
  return route.prefix === 32 ? formatIp4(route.dst) : `${formatIp4(route.dst)}/${route.prefix}`
}
