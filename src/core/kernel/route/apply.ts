import type { Ip4 } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Ctx } from '../ctx.ts'
import { announce, sendArpRequest } from '../neigh/arp-send.ts'
import { findNeigh, forgetNeigh, makeNeigh, neighUpdate } from '../neigh/neigh.ts'
import type { Host } from '../host.ts'
import type { Errno, NetlinkOp, RouteSpec } from '../netlink.ts'
import { addTunnel, changeTunnel, deleteTunnel, loadModule, unloadModule } from '../tunnel/device.ts'
import { flushExceptions } from './exception.ts'
import {
  addressType,
  addRoute,
  addRouteExclusive,
  deleteRoute,
  lookupFib,
  lookupTable,
  replaceRoute,
} from './fib.ts'
import { deleteNextHop, setNextHop } from './nexthop-change.ts'
import { blankRule, DEFAULT_RULES, type Rule } from './rule.ts'
import type { NextHop, Route, RouteType } from './types.ts'

/** Configuration of IP: routes, rules, next-hop objects, neighbours, tunnels. */

type Named<P extends string> = Extract<NetlinkOp, { op: `${P}.${string}` }>
export type IpOp =
  | Named<'route' | 'rule' | 'nexthop' | 'neigh' | 'arp' | 'tunnel' | 'module'>
  | Extract<NetlinkOp, { op: 'link.del' }>

export function applyIp(host: Host, op: IpOp, ctx: Ctx): Result<void, Errno> {
  switch (op.op) {
    case 'route.flush-cache':
      flushExceptions(host, ctx)
      return ok(undefined)
    case 'route.add':
    case 'route.append':
    case 'route.replace':
    case 'route.del':
      return routeOp(host, op)
    case 'rule.add':
      return addRule(host, op.rule)
    case 'rule.del':
      return deleteRule(host, op.rule)
    case 'rule.flush':
      host.rules = DEFAULT_RULES.filter((rule) => rule.priority === 0)
      host.routeGen++
      return ok(undefined)
    case 'nexthop.add':
    case 'nexthop.replace': {
      if (!op.hop) return setNextHop(host, op, op.op === 'nexthop.replace', ctx)
      const hop = completeHop(host, op.hop)
      const wrong = checkHop(host, hop)
      return wrong ? bad(wrong) : setNextHop(host, { ...op, hop }, op.op === 'nexthop.replace', ctx)
    }
    case 'nexthop.del':
      return deleteNextHop(host, op.id, ctx)
    case 'tunnel.add':
      return addTunnel(host, op.dev, op)
    case 'tunnel.change':
      return changeTunnel(host, op.dev, op)
    case 'link.del':
      return deleteTunnel(host, op.dev, ctx)
    case 'module.load':
      return loadModule(host, op.name)
    case 'module.unload':
      return unloadModule(host, op.name, ctx)
    case 'arp.send':
      return sendArp(host, op, ctx)
    case 'neigh.set':
    case 'neigh.del':
    case 'neigh.flush':
    case 'neigh.proxy':
      return neighOp(host, op, ctx)
  }
}

function routeOp(host: Host, op: { op: string } & RouteSpec): Result<void, Errno> {
  const route = routeOf(host, op)
  if (op.op === 'route.del') return deleteRoute(host, { ...route, metric: op.metric })
  if (route.nhid !== undefined && !host.nexthops[route.nhid]) return bad('EINVAL')
  for (const hop of route.nexthops) {
    const wrong = checkHop(host, hop)
    if (wrong) return bad(wrong)
  }
  if (route.prefsrc !== 0 && addressType(host, route.prefsrc) !== 'local') return bad('EINVAL')
  if (op.op === 'route.replace') replaceRoute(host, route)
  else if (op.op === 'route.append') addRoute(host, route)
  else return addRouteExclusive(host, route)
  return ok(undefined)
}

/** What the kernel has against a next hop (fib_check_nh). */
function checkHop(host: Host, hop: NextHop): Errno | undefined {
  const dev = host.devs[hop.dev]
  if (!dev) return hop.dev === '' && hop.gateway !== 0 ? 'ENETUNREACH' : 'ENODEV'
  if (!dev.up) return 'ENETDOWN'
  if (hop.gateway === 0) return undefined
  if (hop.onlink) return addressType(host, hop.gateway) === 'unicast' ? undefined : 'EINVAL'
  const way = gatewayWay(host, hop.gateway, hop.dev)
  if (!way) return 'ENETUNREACH'
  return way === 'unicast' ? undefined : 'EINVAL'
}

/** A gateway must be reached on the link itself, not by way of another gateway ("Nexthop has invalid gateway"). */
function gatewayWay(host: Host, gateway: Ip4, dev: string): RouteType | undefined {
  const own = lookupTable(host.local, gateway)
  if (own) return own.type
  const onLink = (route: Route): boolean =>
    route.nexthops.length > 0 && route.nexthops.every((hop) => hop.gateway === 0 && hop.dev === dev)
  return lookupTable(host.main.filter(onLink), gateway)?.type
}

/** The interface of a gateway that comes without one is that of the gateway's own route. */
function completeHop(host: Host, hop: NextHop): NextHop {
  if (hop.dev !== '' || hop.gateway === 0) return { ...hop }
  return { ...hop, dev: lookupFib(host, hop.gateway)?.nexthops[0]?.dev ?? '' }
}

/** What is not given follows: the interface from the gateway's own route, the scope from type and gateway. */
function routeOf(host: Host, spec: RouteSpec): Route {
  const nexthops = spec.nexthops.map((hop) => completeHop(host, hop))
  const onLink = nexthops.every((hop) => hop.gateway === 0)
  const scope =
    spec.scope ??
    (spec.type === 'local'
      ? 'host'
      : spec.type === 'unicast' && onLink && nexthops.length > 0
        ? 'link'
        : 'global')
  const { dst, prefix, type, proto, metric, prefsrc, table = 'main', nhid, mtu } = spec
  const route: Route = { dst, prefix, type, scope, proto, metric, prefsrc, nexthops, table }
  if (nhid !== undefined) route.nhid = nhid
  if (mtu !== undefined) route.mtu = mtu
  return route
}

/** Rules stand by priority, those of one priority in order of arrival; without one it is one less than the second's. */
function addRule(host: Host, wanted: Rule): Result<void, Errno> {
  const rules = (host.rules ?? DEFAULT_RULES).slice()
  const second = rules[1]?.priority ?? 0
  const rule = wanted.priority >= 0 ? wanted : { ...wanted, priority: Math.max(0, second - 1) }
  if (rules.some((r) => isSameRule(r, rule))) return bad('EEXIST')
  const at = rules.findIndex((r) => r.priority > rule.priority)
  rules.splice(at < 0 ? rules.length : at, 0, rule)
  host.rules = rules
  host.routeGen++
  return ok(undefined)
}

/** The first rule that has everything the command names; what it does not name may be anything (rule_find). */
function deleteRule(host: Host, wanted: Rule): Result<void, Errno> {
  const rules = host.rules ?? DEFAULT_RULES
  const at = rules.findIndex((rule) => hasAll(rule, wanted))
  if (at < 0) return bad('ENOENT')
  host.rules = rules.filter((_, i) => i !== at)
  host.routeGen++
  return ok(undefined)
}

function hasAll(rule: Rule, wanted: Rule): boolean {
  const blank = blankRule()
  const named = (key: keyof Rule): boolean => JSON.stringify(wanted[key]) !== JSON.stringify(blank[key])
  const same = (key: keyof Rule): boolean => JSON.stringify(wanted[key]) === JSON.stringify(rule[key])
  // inversion is a flag, and flags are not compared
  const keys = (Object.keys(blank) as (keyof Rule)[]).filter((key) => key !== 'not' && key !== 'table')
  return keys.every((key) => !named(key) || same(key)) && (wanted.table === '' || same('table'))
}

function isSameRule(a: Rule, b: Rule): boolean {
  const key = (rule: Rule): string =>
    JSON.stringify([
      ...[rule.priority, rule.not, rule.src, rule.dst, rule.iif, rule.oif, rule.mark, rule.mask],
      ...[rule.proto, rule.sport, rule.dport, rule.action, rule.action === 'lookup' ? rule.table : ''],
      rule.suppress,
    ])
  return key(a) === key(b)
}

function sendArp(host: Host, op: Extract<IpOp, { op: 'arp.send' }>, ctx: Ctx): Result<void, Errno> {
  const dev = host.devs[op.dev]
  if (!dev) return bad('ENODEV')
  if (!dev.up) return bad('ENETDOWN')
  if (op.kind === 'request') sendArpRequest(host, op.dev, op.ip, op.src, ctx)
  else announce(host, op.dev, op.ip, ctx, op.kind === 'announce-reply')
  return ok(undefined)
}

type NeighOp = Named<'neigh'>

function neighOp(host: Host, op: NeighOp, ctx: Ctx): Result<void, Errno> {
  if (op.op === 'neigh.flush') {
    for (const neigh of Object.values(host.neigh)) {
      const wanted =
        (op.dev === undefined || op.dev === neigh.dev) && (op.ip === undefined || op.ip === neigh.ip)
      if (wanted && neigh.state !== 'PERMANENT' && neigh.state !== 'NOARP') forgetNeigh(host, neigh, ctx)
    }
    return ok(undefined)
  }
  if (!host.devs[op.dev]) return bad('ENODEV')
  if (op.op === 'neigh.proxy') {
    const others = host.proxies.filter((proxy) => proxy.dev !== op.dev || proxy.ip !== op.ip)
    if (!op.on && others.length === host.proxies.length) return bad('ENOENT')
    host.proxies = op.on ? [...others, { dev: op.dev, ip: op.ip }] : others
    return ok(undefined)
  }
  const known = findNeigh(host, op.dev, op.ip)
  if (op.op === 'neigh.del') {
    if (!known) return bad('ENOENT')
    forgetNeigh(host, known, ctx)
    return ok(undefined)
  }
  neighUpdate(host, known ?? makeNeigh(host, op.dev, op.ip, ctx.now), op.mac, op.state, true, 'admin', ctx)
  return ok(undefined)
}
