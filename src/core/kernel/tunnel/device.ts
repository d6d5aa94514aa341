import { type DevName, type Ip4, MAC_ZERO } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Ctx } from '../ctx.ts'
import { addDevice } from '../create.ts'
import { removeDevice, setLink } from '../dev/link.ts'
import type { Host } from '../host.ts'
import type { Errno } from '../netlink.ts'
import { lookupFib, nextHopsOf } from '../route/fib.ts'
import { IPIP_HEADER } from './encapsulate.ts'
import type { Tunnel } from './types.ts'

/** Tunnel devices as they come and go: the ipip module and `ip tunnel`. */

const FALLBACK = 'tunl0'

/**
 * `modprobe ipip`: tunl0 is there, down. `modprobe toa`: programs see the client that FULLNAT names. Other modules have
 * nothing to do here.
 */
export function loadModule(host: Host, name: string): Result<void, Errno> {
  if (name === 'toa') host.tcp.toa = true
  if (name !== 'ipip' || host.devs[FALLBACK]) return ok(undefined)
  const none = 0 as Ip4
  const tunnel = { local: none, remote: none, ttl: 0, tos: 0, pmtudisc: false, fallback: true }
  addDevice(host, { name: FALLBACK, mac: MAC_ZERO, segment: '', mtu: 1500 - IPIP_HEADER, tunnel, up: false })
  host.routeGen++
  return ok(undefined)
}

/** `rmmod ipip`: all its devices go. */
export function unloadModule(host: Host, name: string, ctx: Ctx): Result<void, Errno> {
  if (name === 'toa' && host.tcp.toa) {
    host.tcp.toa = false
    return ok(undefined)
  }
  if (name !== 'ipip' || !host.devs[FALLBACK]) return bad('ENOENT')
  for (const dev of Object.values(host.devs)) {
    if (!dev.tunnel) continue
    setLink(host, dev.name, { up: false }, ctx)
    removeDevice(host, dev.name)
  }
  return ok(undefined)
}

/** `ip tunnel add` loads the module by itself. One tunnel for one pair of ends. */
export function addTunnel(host: Host, name: DevName, wanted: Omit<Tunnel, 'fallback'>): Result<void, Errno> {
  loadModule(host, 'ipip')
  if (host.devs[name] || findSame(host, wanted)) return bad('EEXIST')
  const { local, remote, ttl, tos, pmtudisc } = wanted
  const tunnel = { local, remote, ttl, tos, pmtudisc, fallback: false }
  const mtu = underlayMtu(host, remote) - IPIP_HEADER
  addDevice(host, { name, mac: MAC_ZERO, segment: '', mtu, tunnel, up: false })
  host.routeGen++
  return ok(undefined)
}

export function changeTunnel(
  host: Host,
  name: DevName,
  wanted: Omit<Tunnel, 'fallback'>,
): Result<void, Errno> {
  const dev = host.devs[name]
  if (!dev) return bad('ENODEV')
  if (!dev.tunnel || dev.tunnel.fallback) return bad('EINVAL')
  const same = findSame(host, wanted)
  if (same !== undefined && same !== name) return bad('EEXIST')
  const { local, remote, ttl, tos, pmtudisc } = wanted
  dev.tunnel = { local, remote, ttl, tos, pmtudisc, fallback: false }
  host.routeGen++
  return ok(undefined)
}

/** `ip tunnel del`, `ip link del`. tunl0 stays as long as the module does; Ethernet devices are hardware. */
export function deleteTunnel(host: Host, name: DevName, ctx: Ctx): Result<void, Errno> {
  const dev = host.devs[name]
  if (!dev) return bad('ENODEV')
  if (!dev.tunnel) return bad('EOPNOTSUPP')
  if (dev.tunnel.fallback) return bad('EPERM')
  setLink(host, name, { up: false }, ctx)
  removeDevice(host, name)
  return ok(undefined)
}

function findSame(host: Host, { local, remote }: Pick<Tunnel, 'local' | 'remote'>): DevName | undefined {
  return Object.values(host.devs).find(
    (dev) => dev.tunnel && !dev.tunnel.fallback && dev.tunnel.local === local && dev.tunnel.remote === remote,
  )?.name
}

/** MTU of the interface that leads to the remote end, 1500 if there is none (ip_tunnel_bind_dev). */
function underlayMtu(host: Host, remote: Ip4): number {
  const route = remote === 0 ? undefined : lookupFib(host, remote)
  const hop = route && nextHopsOf(host, route)[0]
  return (hop && host.devs[hop.dev]?.mtu) ?? 1500
}
