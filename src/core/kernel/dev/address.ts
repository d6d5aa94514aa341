import { broadcastOf, inPrefix, networkOf } from '../../base/cidr.ts'
import { type DevName, IP_BROADCAST, type Ip4 } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Dev, Host, IfAddr } from '../host.ts'
import type { Errno } from '../netlink.ts'
import { addRoute, tableOf } from '../route/fib.ts'
import { reviveHops } from '../route/dead.ts'
import type { Route, RouteType } from '../route/types.ts'

/** Is this one of the host's own addresses (on any interface that is up)? */
export function ownerOf(host: Host, ip: Ip4): Dev | undefined {
  for (const name in host.devs) {
    const dev = host.devs[name]
    if (dev) for (const addr of dev.addrs) if (addr.ip === ip) return dev
  }
  return undefined
}

/** Add an address with the routes the kernel makes for it (net/ipv4/fib_frontend.c fib_add_ifaddr). */
export function addAddress(host: Host, devName: DevName, addr: IfAddr): Result<void, Errno> {
  const dev = host.devs[devName]
  if (!dev) return bad('ENODEV')
  if (dev.addrs.some((a) => a.ip === addr.ip && a.prefix === addr.prefix)) return bad('EEXIST')
  insertAddress(dev, addr)
  host.routeGen++
  if (dev.up) {
    addRoutesFor(host, dev, addr)
    reviveHops(host, devName)
  }
  return ok(undefined)
}

/** The first of each subnet (primary) stand before all others, each kind in order of arrival (__inet_insert_ifa). */
function insertAddress(dev: Dev, addr: IfAddr): void {
  const isFirst = !dev.addrs.some((a) => inSameSubnet(a, addr))
  const at = isFirst ? dev.addrs.findIndex((a) => isSecondary(dev, a)) : -1
  dev.addrs.splice(at < 0 ? dev.addrs.length : at, 0, addr)
}

export function inSameSubnet(a: IfAddr, b: IfAddr): boolean {
  return a.prefix === b.prefix && inPrefix(b.ip, a.ip, a.prefix)
}

/** Routes of one address, in the kernel's order. Called again when the interface comes up. */
export function addRoutesFor(host: Host, dev: Dev, addr: IfAddr): void {
  const first = dev.addrs.find((a) => inSameSubnet(a, addr))?.ip ?? addr.ip
  const add = (type: RouteType, dst: Ip4, prefix: number, table: Route['table']): void => {
    const scope = type === 'local' ? 'host' : 'link'
    const nexthops = [{ gateway: 0 as Ip4, dev: dev.name, weight: 1 }]
    // The broadcast address comes twice, given and computed; the kernel keeps one.
    const isSame = (r: Route): boolean =>
      r.dst === dst &&
      r.prefix === prefix &&
      r.type === type &&
      r.prefsrc === first &&
      r.nexthops[0]?.dev === dev.name
    if (tableOf(host, table).some(isSame)) return
    addRoute(host, {
      dst,
      prefix,
      type,
      scope,
      proto: 'kernel',
      metric: 0,
      prefsrc: first,
      nexthops,
      table,
    })
  }
  add('local', addr.ip, 32, 'local')
  if (addr.broadcast !== 0 && addr.broadcast !== IP_BROADCAST) add('broadcast', addr.broadcast, 32, 'local')
  const network = networkOf(addr.ip, addr.prefix)
  if (network === 0 || addr.prefix === 32 || isSecondary(dev, addr)) return
  add(dev.loopback ? 'local' : 'unicast', network, addr.prefix, dev.loopback ? 'local' : 'main')
  if (addr.prefix < 31) add('broadcast', broadcastOf(addr.ip, addr.prefix), 32, 'local')
}

/** A second address of a subnet that the interface already has gets no network route of its own. */
export function isSecondary(dev: Dev, addr: IfAddr): boolean {
  for (const other of dev.addrs) {
    if (other === addr) return false
    if (inSameSubnet(other, addr)) return true
  }
  return false
}

/** Source address for talking to `dst` through `dev` (net/ipv4/devinet.c inet_select_addr), 0 = none. */
export function selectSource(host: Host, devName: DevName, dst: Ip4): Ip4 {
  const dev = host.devs[devName]
  let first = 0 as Ip4
  for (const addr of dev?.addrs ?? []) {
    if (addr.scope === 'host' || (dev && isSecondary(dev, addr))) continue
    if (dst === 0 || inPrefix(dst, addr.ip, addr.prefix)) return addr.ip
    if (first === 0) first = addr.ip
  }
  if (first !== 0) return first
  for (const name in host.devs) {
    const addr = host.devs[name]?.addrs.find((a) => a.scope !== 'host')
    if (addr) return addr.ip
  }
  return 0 as Ip4
}

/** Do both addresses lie in one subnet of the interface (inet_addr_onlink)? */
export function isOnLink(host: Host, devName: DevName, a: Ip4, b: Ip4): boolean {
  const addrs = host.devs[devName]?.addrs ?? []
  return addrs.some((own) => inPrefix(a, own.ip, own.prefix) && inPrefix(b, own.ip, own.prefix))
}
