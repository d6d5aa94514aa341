import type { DevName, Mac } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { forgetNeigh } from '../neigh/neigh.ts'
import type { Errno } from '../netlink.ts'
import { deleteRoutesWhere } from '../route/fib.ts'
import { addRoutesFor } from './address.ts'

/** `ip link set`: up and down with what goes along, MTU, MAC address. */
export function setLink(
  host: Host,
  devName: DevName,
  change: { up?: boolean; mtu?: number; mac?: Mac },
  ctx: Ctx,
): Result<void, Errno> {
  const dev = host.devs[devName]
  if (!dev) return bad('ENODEV')
  if (change.mtu !== undefined && (change.mtu < 68 || change.mtu > 65535)) return bad('EINVAL')
  if (change.mtu !== undefined) dev.mtu = change.mtu
  if (change.mac !== undefined) dev.mac = change.mac
  if (change.up !== undefined && change.up !== dev.up) {
    dev.up = change.up
    ctx.note(host, { kind: 'link', dev: devName, up: dev.up, carrier: dev.carrier })
    if (dev.up) for (const addr of dev.addrs) addRoutesFor(host, dev, addr)
    else goDown(host, devName, ctx)
  }
  host.routeGen++
  return ok(undefined)
}

/** Down: neighbours are forgotten, and routes with no other live next hop go (fib_disable_ip, fib_sync_down_dev). */
function goDown(host: Host, devName: DevName, ctx: Ctx): void {
  for (const neigh of Object.values(host.neigh)) if (neigh.dev === devName) forgetNeigh(host, neigh, ctx)
  deleteRoutesWhere(
    host,
    (route) =>
      route.nexthops.some((hop) => hop.dev === devName) &&
      route.nexthops.every((hop) => hop.dev === devName || host.devs[hop.dev]?.up !== true),
  )
}

/** Cable in or out. Routes stay (carrier loss alone removes nothing); entries in use are forgotten by the kernel. */
export function setCarrier(host: Host, devName: DevName, on: boolean, ctx: Ctx): void {
  const dev = host.devs[devName]
  if (!dev || dev.carrier === on) return
  dev.carrier = on
  ctx.note(host, { kind: 'link', dev: devName, up: dev.up, carrier: on })
  if (!on) {
    // neigh_carrier_down: all but PERMANENT entries are dropped.
    for (const neigh of Object.values(host.neigh)) {
      if (neigh.dev === devName && neigh.state !== 'PERMANENT') forgetNeigh(host, neigh, ctx)
    }
  }
  host.routeGen++
}
