import { networkOf } from '../../../base/cidr.ts'
import type { Ip4 } from '../../../base/ids.ts'
import type { Host } from '../../../kernel/host.ts'
import { tableOf } from '../../../kernel/route/fib.ts'
import type { Errno, NetlinkOp, RouteSpec } from '../../../kernel/netlink.ts'
import type { Io } from '../../sys.ts'
import { findKeyword, notModelled, type Refusal, refuse, rtnetlink, tell } from '../words.ts'
import { type IpOptions, ROUTE_USAGE } from './options.ts'
import { routeGetCommand } from './route-get.ts'
import { readRoute } from './route-spec.ts'
import { flushRoutes, showRoutes } from './route-show.ts'

const VERBS = [
  'add',
  'change',
  'chg',
  'replace',
  'prepend',
  'append',
  'test',
  'delete',
  'get',
  'list',
  'show',
  'lst',
  'flush',
  'save',
  'restore',
  'showdump',
  'help',
] as const

/** `ip route`: show, get, add, del, replace, append, change, flush. */
export function ipRoute(args: readonly string[], _options: IpOptions, io: Io): number {
  const [word = 'list', ...rest] = args
  const verb = findKeyword(word, VERBS)
  switch (verb) {
    case 'list':
    case 'show':
    case 'lst':
      return showRoutes(rest, io)
    case 'get':
      return routeGetCommand(rest, io)
    case 'add':
      return change('route.add', rest, io)
    case 'append':
      return change('route.append', rest, io)
    case 'replace':
      return change('route.replace', rest, io)
    case 'change':
    case 'chg':
      return change('change', rest, io)
    case 'delete':
      return change('route.del', rest, io)
    case 'flush':
      return flushRoutes(rest, io)
    case 'help':
      return tell(io, refuse(ROUTE_USAGE, 255))
    case undefined:
      return tell(io, refuse(`Command "${word}" is unknown, try "ip route help".`, 255))
    default:
      return tell(io, notModelled(`\`ip route ${verb}'`))
  }
}

type RouteVerb = Extract<NetlinkOp, { dst: Ip4; nexthops: unknown }>['op'] | 'change'

function change(verb: RouteVerb, args: readonly string[], io: Io): number {
  if (args.length === 0) return tell(io, refuse(ROUTE_USAGE, 255))
  const host = io.sys.host()
  const read = readRoute(args, host, verb === 'route.del')
  if (!read.ok) return tell(io, read.error)
  const spec = read.value
  if (networkOf(spec.dst, spec.prefix) !== spec.dst) {
    return tell(io, refuse('Error: Invalid prefix for given prefix length.', 2))
  }
  // change = replace that must find something
  if (verb === 'change' && !isThere(host, spec)) return tell(io, rtnetlink('ENOENT'))
  const done = io.sys.apply({ op: verb === 'change' ? 'route.replace' : verb, ...spec })
  return done.ok ? 0 : tell(io, wordError(done.error, spec, host))
}

function isThere(host: Host, spec: RouteSpec): boolean {
  return tableOf(host, spec.table ?? 'main').some(
    (r) => r.dst === spec.dst && r.prefix === spec.prefix && r.metric === spec.metric,
  )
}

/** Some refusals come with a text of the kernel's own (netlink extended ack). */
function wordError(errno: Errno, spec: RouteSpec, host: Host): Refusal {
  if (errno === 'ENETUNREACH' || errno === 'EHOSTUNREACH')
    return refuse('Error: Nexthop has invalid gateway.', 2)
  if (spec.nhid !== undefined && !host.nexthops[spec.nhid])
    return refuse('Error: Nexthop id does not exist.', 2)
  if (errno === 'ENETDOWN') return refuse('Error: Device for nexthop is not up.', 2)
  const own = Object.values(host.devs).some((dev) => dev.addrs.some((a) => a.ip === spec.prefsrc))
  if (errno === 'EINVAL' && spec.prefsrc !== 0 && !own) return refuse('Error: Invalid prefsrc address.', 2)
  return rtnetlink(errno)
}
