import type { DevName, Mac } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Ctx } from '../ctx.ts'
import type { Dev, Host } from '../host.ts'
import { tellNetlink } from '../netlink-tell.ts'
import { announce } from '../neigh/arp-send.ts'
import { forgetNeigh } from '../neigh/neigh.ts'
import type { Errno } from '../netlink.ts'
import { raw } from '../raw/module.ts'
import { reviveHops } from '../route/dead.ts'
import { flushNextHops } from '../route/nexthop-change.ts'
import { andConf, orConf } from '../sysctl/max.ts'
import { addRoutesFor } from './address.ts'
import { disableIp } from './remove-address.ts'

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
  if (change.mac !== undefined && change.mac !== dev.mac) {
    dev.mac = change.mac
    forgetNeighs(host, devName, false, ctx)
    if (dev.up) announceAll(host, dev, ctx)
  }
  if (change.up !== undefined && change.up !== dev.up) {
    dev.up = change.up
    ctx.note(host, { kind: 'link', dev: devName, up: dev.up, carrier: dev.carrier })
    if (dev.up) comeUp(host, dev, ctx)
    else goDown(host, devName, ctx)
  }
  host.routeGen++
  return ok(undefined)
}

function comeUp(host: Host, dev: Dev, ctx: Ctx): void {
  for (const addr of dev.addrs) addRoutesFor(host, dev, addr)
  reviveHops(host, dev.name)
  announceAll(host, dev, ctx)
  if (host.groups.length > 0) raw().reportAgain(host, dev.name, ctx)
}

/** arp_notify: say where our addresses are when the interface comes up or gets another MAC (inetdev_event). */
function announceAll(host: Host, dev: Dev, ctx: Ctx): void {
  if (!orConf(host, dev.name, 'arp_notify') || dev.loopback || dev.tunnel) return
  for (const addr of dev.addrs) announce(host, dev.name, addr.ip, ctx)
}

function forgetNeighs(host: Host, devName: DevName, keepPermanent: boolean, ctx: Ctx): void {
  for (const neigh of Object.values(host.neigh)) {
    if (neigh.dev !== devName || (keepPermanent && neigh.state === 'PERMANENT')) continue
    forgetNeigh(host, neigh, ctx)
  }
}

/** Down: next-hop objects go for good, then all that IP has on the interface. */
function goDown(host: Host, devName: DevName, ctx: Ctx): void {
  flushNextHops(host, devName, ctx)
  disableIp(host, devName, ctx)
}

/**
 * Cable in or out. Routes stay (carrier loss alone removes none), next-hop objects go for good; entries in use are forgotten.
 */
export function setCarrier(host: Host, devName: DevName, on: boolean, ctx: Ctx): void {
  const dev = host.devs[devName]
  if (!dev || dev.carrier === on) return
  dev.carrier = on
  ctx.note(host, { kind: 'link', dev: devName, up: dev.up, carrier: on })
  if (!on) {
    // neigh_carrier_down: all but PERMANENT entries are dropped.
    if (andConf(host, devName, 'arp_evict_nocarrier')) forgetNeighs(host, devName, true, ctx)
    flushNextHops(host, devName, ctx)
  }
  if (host.netlinkSocks.length > 0) tellNetlink(host, { what: 'link', dev: devName, by: 0 }, ctx)
  dev.passedOver = !on && orConf(host, devName, 'ignore_routes_with_linkdown')
  host.routeGen++
}

/** A device that is gone: what is left of it is its name in old notes. It is down already. */
export function removeDevice(host: Host, devName: DevName): void {
  Reflect.deleteProperty(host.devs, devName)
  Reflect.deleteProperty(host.sysctl.conf, devName)
  Reflect.deleteProperty(host.sysctl.neigh, devName)
  host.local = host.local.filter((route) => route.nexthops[0]?.dev !== devName)
  host.routeGen++
}
