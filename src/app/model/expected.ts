import type { HostId } from '../../core/base/ids.ts'
import type { HostView } from '../../engine/engine.ts'

/** Share of all flows, 0..1, by host. */
export type Shares = Readonly<Record<HostId, number>>

/**
 * The shares that a fair hash over very many flows would give: the weights of the multipath route at the load balancers,
 * and each balancer's share over the weights of its servers. Hosts that get nothing are listed with 0.
 */
export function expectedShares(views: Readonly<Record<HostId, HostView>>): { lb: Shares; server: Shares } {
  const all = Object.values(views)
  const hostOf = (ip: number): HostView | undefined =>
    all.find((view) => view.devs.some((dev) => dev.name !== 'lo' && dev.addrs.some((addr) => addr.ip === ip)))
  const lb: Record<HostId, number> = {}
  const server: Record<HostId, number> = {}
  for (const view of all) {
    if (view.role === 'lb') lb[view.host] = 0
    if (view.role === 'server') server[view.host] = 0
  }
  const router = all.find((view) => view.routes.some((route) => route.nexthops.length > 1))
  const hops = router?.routes.find((route) => route.nexthops.length > 1)?.nexthops ?? []
  const sum = hops.reduce((total, hop) => total + hop.weight, 0)
  for (const hop of hops) {
    const balancer = hostOf(hop.gateway)
    if (balancer === undefined) continue
    const share = hop.weight / sum
    lb[balancer.host] = (lb[balancer.host] ?? 0) + share
    const dests = balancer.ipvs.services[0]?.dests ?? []
    const weights = dests.reduce((total, dest) => total + dest.weight, 0)
    for (const dest of dests) {
      const target = hostOf(dest.ip)
      if (target && weights > 0)
        server[target.host] = (server[target.host] ?? 0) + (share * dest.weight) / weights
    }
  }
  return { lb, server }
}
