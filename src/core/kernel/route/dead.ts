import type { DevName } from '../../base/ids.ts'
import type { Host } from '../host.ts'
import { deleteRoutesWhere } from './fib.ts'
import type { NextHop, Route } from './types.ts'

/**
 * Next hops that died with their interface's last address (net/ipv4/fib_semantics.c fib_sync_down_dev, fib_sync_up). Those
 * of an interface that is down are dead anyway and bear no mark.
 */

function isDeadHop(host: Host, hop: NextHop): boolean {
  return hop.dead === true || host.devs[hop.dev]?.up !== true
}

/** Routes with no other live next hop go, in the others those over this interface are dead. */
export function loseHops(host: Host, dev: DevName): void {
  const uses = (route: Route): boolean => route.nexthops.some((hop) => hop.dev === dev)
  const lives = (hop: NextHop): boolean => hop.dev !== dev && !isDeadHop(host, hop)
  deleteRoutesWhere(host, (route) => uses(route) && !route.nexthops.some(lives))
  if (host.devs[dev]?.up === true) mark(host, dev, true)
}

/** The interface has an address again, or came up. */
export function reviveHops(host: Host, dev: DevName): void {
  mark(host, dev, false)
}

/** Routes are shared between checkpoints, so they are replaced, never written. */
function mark(host: Host, dev: DevName, dead: boolean): void {
  const marked = (route: Route): Route => {
    if (!route.nexthops.some((hop) => hop.dev === dev && (hop.dead === true) !== dead)) return route
    const nexthops = route.nexthops.map((hop) => {
      if (hop.dev !== dev) return hop
      const { dead: _dead, ...alive } = hop
      return dead ? { ...alive, dead: true as const } : alive
    })
    return { ...route, nexthops }
  }
  host.main = host.main.map(marked)
  for (const name in host.tables) host.tables[name] = (host.tables[name] ?? []).map(marked)
}
