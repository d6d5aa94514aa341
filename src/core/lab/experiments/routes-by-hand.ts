import type { HostId } from '../../base/ids.ts'
import type { Action, Variant } from './types.ts'

/** Next-hop groups as `ip nexthop` makes them: what FRR 8.4 cannot be told to install (it has no resilient groups for OSPF). */
export const VIP = '172.16.253.100'
const GROUP = 100
/** Enough that a connection shares its bucket with few others; idle after 3 s, so that those in use stay where they are. */
const RESILIENT = 'type resilient buckets 128 idle_timer 3'

export function isByHand(variant: Variant): boolean {
  return variant.way === 'ecmp' && variant.hops !== 'ospf'
}

/** LB1, LB2 ... of a variant. */
export function balancersOf(variant: Variant): HostId[] {
  return Array.from({ length: variant.balancers }, (_, i) => `LB${i + 1}`)
}

/** Addresses of load balancers: the lesson's two, then downwards. */
export function addressOf(balancer: HostId): string {
  const number = Number(balancer.slice(2))
  return `172.16.253.${number === 1 ? 131 : 131 - number}`
}

/** Lines of the router that make the group and the route that uses it. */
export function routeLines(variant: Variant, members: readonly HostId[]): string[] {
  const all = balancersOf(variant)
  return [
    ...all.map((name) => `ip nexthop add id ${idOf(name)} via ${addressOf(name)} dev ens33`),
    `ip nexthop add id ${GROUP} ${groupOf(variant, members)}`,
    `ip route add ${VIP} nhid ${GROUP}`,
    // a plain group passes over a next hop whose neighbour is not known yet (nexthop_select_path_hthr)
    ...all.map((name) => `ping -c 1 ${addressOf(name)}`),
  ]
}

export function withoutHop(variant: Variant, balancer: HostId): Action {
  return replace(
    variant,
    balancersOf(variant).filter((name) => name !== balancer),
  )
}

/** All of them again. */
export function withAllHops(variant: Variant): Action {
  return replace(variant, balancersOf(variant))
}

function replace(variant: Variant, members: readonly HostId[]): Action {
  return { do: 'run', host: 'router', line: `ip nexthop replace id ${GROUP} ${groupOf(variant, members)}` }
}

function groupOf(variant: Variant, members: readonly HostId[]): string {
  const group = `group ${members.map(idOf).join('/')}`
  return variant.hops === 'resilient' ? `${group} ${RESILIENT}` : group
}

function idOf(balancer: HostId): number {
  return Number(balancer.slice(2))
}
