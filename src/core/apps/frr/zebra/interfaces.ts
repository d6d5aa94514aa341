/**
 * Interfaces as zebra sees them through netlink (zebra/interface.c, zebra/connected.c), and the connected routes that
 * follow from their addresses. Addresses of 127/8 make none.
 */
import { inPrefix, networkOf } from '../../../base/cidr.ts'
import type { DevName, Ip4 } from '../../../base/ids.ts'
import type { Dev } from '../../../kernel/host.ts'
import type { Sys } from '../../sys.ts'
import type { ZapiAddr, ZapiInterface } from '../zapi.ts'
import { voidNhes } from './nhg.ts'
import { addRoute, deleteRoute, enqueue } from './rib.ts'
import { type Entry, type Hop, type Iface, isOperative, walkHops, type ZebraState } from './types.ts'

export type Change = 'new' | 'up' | 'down' | 'addresses' | 'other' | 'gone'

/** Mbit/s; the kernel tells none for lo and tunnels. */
const SPEED = 10_000

/** Read one interface again. Undefined: nothing that clients would want to know. */
export function readInterface(sys: Sys, st: ZebraState, name: DevName): Change | undefined {
  const dev = sys.devs()[name]
  const old = st.ifaces[name]
  if (!dev) return old ? forget(st, old) : undefined
  const wasOperative = isOperative(old)
  const next = ifaceOf(dev, old)
  st.ifaces[name] = next
  if (!old) {
    if (isOperative(next)) connect(sys, st, next, [])
    return 'new'
  }
  const operative = isOperative(next)
  if (wasOperative && !operative) {
    next.downs++
    next.lastDown = sys.now
    goDown(st, old)
    return 'down'
  }
  if (!wasOperative && operative) {
    next.ups++
    next.lastUp = sys.now
    connect(sys, st, next, [])
    return 'up'
  }
  const isSame = JSON.stringify(old.addrs) === JSON.stringify(next.addrs)
  if (!isSame && operative) connect(sys, st, next, old.addrs)
  if (!isSame) return 'addresses'
  return old.up !== next.up || old.running !== next.running || old.mtu !== next.mtu ? 'other' : undefined
}

function forget(st: ZebraState, old: Iface): Change {
  if (isOperative(old)) goDown(st, old)
  Reflect.deleteProperty(st.ifaces, old.dev)
  return 'gone'
}

function ifaceOf(dev: Readonly<Dev>, old: Iface | undefined): Iface {
  const { name, index, mac, up, carrier, loopback, mtu, tunnel } = dev
  const { ups, downs, lastUp, lastDown } = old ?? { ups: 0, downs: 0, lastUp: 0, lastDown: 0 }
  const speed = loopback || tunnel ? 0 : SPEED
  const running = up && (carrier || loopback)
  return {
    dev: name,
    index,
    mac,
    up,
    running,
    loopback,
    mtu,
    speed,
    addrs: addrsOf(dev),
    ups,
    downs,
    lastUp,
    lastDown,
  }
}

function addrsOf(dev: Readonly<Dev>): readonly ZapiAddr[] {
  const shown = dev.addrs.filter((addr) => !isNet127(addr.ip))
  const addrs = shown.map(({ ip, prefix, label }, i) => {
    const secondary = shown.slice(0, i).some((one) => one.prefix === prefix && inPrefix(ip, one.ip, prefix))
    return Object.freeze({ ip, prefix, label, secondary })
  })
  // FRR keeps them by address.
  return Object.freeze(addrs.sort((a, b) => a.ip - b.ip || a.prefix - b.prefix))
}

function isNet127(ip: Ip4): boolean {
  return ip >>> 24 === 127
}

/** connected_up for what is new, connected_down for what is gone. */
function connect(sys: Sys, st: ZebraState, iface: Iface, before: readonly ZapiAddr[]): void {
  const nets = netsOf(iface.addrs)
  const old = netsOf(before)
  for (const [key, net] of Object.entries(old)) if (!nets[key]) disconnect(st, iface.dev, net)
  for (const [key, net] of Object.entries(nets)) {
    if (old[key]) continue
    const hop: Hop = {
      ...{ kind: 'dev', gateway: 0 as Ip4, dev: iface.dev, weight: 0 },
      ...{ onlink: false, active: false, src: 0 as Ip4, resolved: [] },
    }
    addRoute(sys, st, { ...net, type: 'connected', distance: 0, metric: 0, tag: 0, from: 0, hops: [hop] })
  }
}

function netsOf(addrs: readonly ZapiAddr[]): Record<string, { dst: Ip4; prefix: number }> {
  const nets: Record<string, { dst: Ip4; prefix: number }> = {}
  for (const { ip, prefix } of addrs) {
    const dst = networkOf(ip, prefix)
    nets[`${dst}/${prefix}`] = { dst, prefix }
  }
  return nets
}

function disconnect(st: ZebraState, dev: DevName, net: { dst: Ip4; prefix: number }): void {
  deleteRoute(st, net, (entry) => entry.type === 'connected' && leadsOutOf(st, entry, dev))
}

function leadsOutOf(st: ZebraState, entry: Entry, dev: DevName): boolean {
  return walkHops(st.nhes[entry.nhe]?.hops ?? []).some(({ hop }) => hop.dev === dev)
}

/**
 * if_down: next hops out of it are void, connected routes go, and so do the kernel's routes, which it dropped without a
 * word. Everything else that led out of it is looked at again.
 */
function goDown(st: ZebraState, iface: Iface): void {
  voidNhes(st, iface.dev)
  for (const net of Object.values(netsOf(iface.addrs))) disconnect(st, iface.dev, net)
  for (const [key, dest] of Object.entries(st.dests)) {
    for (const entry of dest.entries) {
      if (!leadsOutOf(st, entry, iface.dev) || entry.type === 'connected') continue
      if (entry.type === 'kernel') entry.removed = true
      else {
        entry.changed = true
        entry.installed = false
      }
      enqueue(st, key)
    }
  }
}

export function zapiInterface(iface: Iface): ZapiInterface {
  const { dev, index, up, running, loopback, mtu, speed, addrs } = iface
  return Object.freeze({ dev, index, up, running, loopback, mtu, speed, addrs })
}

/**
 * Router id (zebra/router-id.c): the highest address of loopback interfaces, else the highest of the others; 127/8 does
 * not count. One that is set holds.
 */
export function chooseRouterId(st: ZebraState): Ip4 {
  if (st.config.routerId !== 0) return st.config.routerId
  const highest = (loopback: boolean): Ip4 =>
    Object.values(st.ifaces)
      .filter((iface) => iface.loopback === loopback)
      .flatMap((iface) => iface.addrs)
      .reduce((top, addr) => (addr.ip > top ? addr.ip : top), 0 as Ip4)
  const own = highest(true)
  return own !== 0 ? own : highest(false)
}
