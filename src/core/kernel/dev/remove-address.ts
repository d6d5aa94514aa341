import type { DevName, Ip4 } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { forgetNeigh } from '../neigh/neigh.ts'
import type { Errno } from '../netlink.ts'
import { loseHops } from '../route/dead.ts'
import { deleteRoutesWhere } from '../route/fib.ts'
import { orConf } from '../sysctl/max.ts'
import { addRoutesFor, inSameSubnet, isSecondary, ownerOf } from './address.ts'

/**
 * Remove an address; with the primary one of a subnet its secondary ones go, unless promote_secondaries makes the first of
 * them the primary one (__inet_del_ifa). Whoever has no address left is out of IP (fib_disable_ip).
 */
export function deleteAddress(
  host: Host,
  devName: DevName,
  ip: Ip4,
  prefix: number,
  ctx: Ctx,
): Result<void, Errno> {
  const dev = host.devs[devName]
  if (!dev) return bad('ENODEV')
  const doomed = dev.addrs.find((a) => a.ip === ip && a.prefix === prefix)
  if (!doomed) return bad('EADDRNOTAVAIL')
  const heirs = isSecondary(dev, doomed)
    ? []
    : dev.addrs.filter((a) => a !== doomed && inSameSubnet(a, doomed))
  const promotes = orConf(host, devName, 'promote_secondaries')
  const gone = promotes ? [doomed] : [doomed, ...heirs]
  dev.addrs = dev.addrs.filter((a) => !gone.includes(a))
  const heir = promotes ? heirs[0] : undefined
  if (heir) {
    dev.addrs = dev.addrs.filter((a) => a !== heir)
    const at = dev.addrs.findIndex((a) => heirs.includes(a) || isSecondary(dev, a))
    dev.addrs.splice(at < 0 ? dev.addrs.length : at, 0, heir)
  }
  host.routeGen++
  // Simplest true way: make all kernel routes of the interface anew from what is left.
  deleteRoutesWhere(host, (r) => r.proto === 'kernel' && r.nexthops[0]?.dev === devName)
  if (dev.up) for (const left of dev.addrs) addRoutesFor(host, dev, left)
  // Routes whose preferred source is gone go with it (fib_sync_down_addr).
  for (const { ip: lost } of gone)
    if (!ownerOf(host, lost)) deleteRoutesWhere(host, (r) => r.prefsrc === lost)
  if (dev.addrs.length === 0) disableIp(host, devName, ctx)
  return ok(undefined)
}

/** Neighbours are forgotten; routes with no other live next hop go, in the others these are dead (fib_disable_ip). */
export function disableIp(host: Host, devName: DevName, ctx: Ctx): void {
  for (const neigh of Object.values(host.neigh)) if (neigh.dev === devName) forgetNeigh(host, neigh, ctx)
  loseHops(host, devName)
}
