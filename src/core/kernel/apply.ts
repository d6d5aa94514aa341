import type { Ip4 } from '../base/ids.ts'
import { bad, ok, type Result } from '../base/result.ts'
import type { Ctx } from './ctx.ts'
import { addAddress, deleteAddress } from './dev/address.ts'
import { setLink } from './dev/link.ts'
import type { Host } from './host.ts'
import { addDest, addService, deleteDest, deleteService, editDest, editService } from './ipvs/service.ts'
import { findNeigh, forgetNeigh, makeNeigh, neighUpdate } from './neigh/neigh.ts'
import type { Errno, NetlinkOp, RouteSpec } from './netlink.ts'
import {
  addressType,
  addRoute,
  addRouteExclusive,
  deleteRoute,
  lookupFib,
  lookupTable,
  replaceRoute,
} from './route/fib.ts'
import type { Route, RouteType } from './route/types.ts'
import { setSysctl } from './sysctl/registry.ts'

/** Carry out one configuration change, or say why the kernel refuses it. */
export function applyOp(host: Host, op: NetlinkOp, ctx: Ctx): Result<void, Errno> {
  switch (op.op) {
    case 'sysctl':
      return setSysctl(host, op.key, op.value)
    case 'link.set':
      return setLink(host, op.dev, op, ctx)
    case 'addr.add': {
      const { ip, prefix, label, broadcast } = op
      return addAddress(host, op.dev, {
        ip,
        prefix,
        label,
        broadcast,
        scope: ip >>> 24 === 127 ? 'host' : 'global',
      })
    }
    case 'addr.del':
      return deleteAddress(host, op.dev, op.ip, op.prefix)
    case 'route.add':
    case 'route.append':
    case 'route.replace':
    case 'route.del':
      return routeOp(host, op)
    case 'neigh.set':
    case 'neigh.del':
    case 'neigh.flush':
      return neighOp(host, op, ctx)
    case 'file.write':
      host.files[op.path] = op.text
      return ok(undefined)
    default:
      return ipvsOp(host, op)
  }
}

function routeOp(host: Host, op: { op: string } & RouteSpec): Result<void, Errno> {
  const route = routeOf(host, op)
  if (op.op === 'route.del') return deleteRoute(host, { ...route, metric: op.metric })
  for (const hop of route.nexthops) {
    const dev = host.devs[hop.dev]
    if (!dev) return bad(hop.dev === '' && hop.gateway !== 0 ? 'ENETUNREACH' : 'ENODEV')
    if (!dev.up) return bad('ENETDOWN')
    if (hop.gateway === 0) continue
    const way = gatewayWay(host, hop.gateway)
    if (!way) return bad('ENETUNREACH')
    if (way !== 'unicast') return bad('EINVAL')
  }
  if (route.prefsrc !== 0 && addressType(host, route.prefsrc) !== 'local') return bad('EINVAL')
  if (op.op === 'route.replace') replaceRoute(host, route)
  else if (op.op === 'route.append') addRoute(host, route)
  else return addRouteExclusive(host, route)
  return ok(undefined)
}

/** A gateway must be reached on the link itself, not by way of another gateway ("Nexthop has invalid gateway"). */
function gatewayWay(host: Host, gateway: Ip4): RouteType | undefined {
  const onLink = (route: Route): boolean => route.nexthops.every((hop) => hop.gateway === 0)
  return (lookupTable(host.local, gateway) ?? lookupTable(host.main.filter(onLink), gateway))?.type
}

/** What is not given follows: the interface from the gateway's own route, the scope from type and gateway. */
function routeOf(host: Host, spec: RouteSpec): Route {
  const nexthops = spec.nexthops.map((hop) =>
    hop.dev === '' && hop.gateway !== 0
      ? { ...hop, dev: lookupFib(host, hop.gateway)?.nexthops[0]?.dev ?? '' }
      : { ...hop },
  )
  const onLink = nexthops.every((hop) => hop.gateway === 0)
  const scope =
    spec.scope ??
    (spec.type === 'local'
      ? 'host'
      : spec.type === 'unicast' && onLink && nexthops.length > 0
        ? 'link'
        : 'global')
  const { dst, prefix, type, proto, metric, prefsrc } = spec
  return { dst, prefix, type, scope, proto, metric, prefsrc, nexthops, table: 'main' }
}

type NeighOp = Extract<NetlinkOp, { op: `neigh.${string}` }>

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
  const known = findNeigh(host, op.dev, op.ip)
  if (op.op === 'neigh.del') {
    if (!known) return bad('ENOENT')
    forgetNeigh(host, known, ctx)
    return ok(undefined)
  }
  neighUpdate(host, known ?? makeNeigh(host, op.dev, op.ip, ctx.now), op.mac, op.state, true, 'admin', ctx)
  return ok(undefined)
}

type IpvsOp = Extract<NetlinkOp, { op: `ipvs.${string}` }>

function ipvsOp(host: Host, op: IpvsOp): Result<void, Errno> {
  switch (op.op) {
    case 'ipvs.service.add':
      return addService(host, op)
    case 'ipvs.service.edit':
      return editService(host, op)
    case 'ipvs.service.del':
      return deleteService(host, op)
    case 'ipvs.dest.add':
    case 'ipvs.dest.edit':
      // Only direct routing is modelled so far; the shell says so before it comes to this.
      if (op.mode !== 'dr') return bad('EINVAL')
      return op.op === 'ipvs.dest.add'
        ? addDest(host, op, op.weight, op.mode)
        : editDest(host, op, op.weight, op.mode)
    case 'ipvs.dest.del':
      return deleteDest(host, op)
    case 'ipvs.clear':
      host.ipvs.services = []
      return ok(undefined)
  }
}
