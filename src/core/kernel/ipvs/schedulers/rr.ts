import type { Scheduler } from './scheduler.ts'

/** Round robin (net/netfilter/ipvs/ip_vs_rr.c): the next in the list after the last one, weight 0 passed over. */
export const rr: Scheduler = (service) => {
  const { dests, sched } = service
  const last = sched['at'] ?? -1
  for (let step = 1; step <= dests.length; step++) {
    const at = (last + step) % dests.length
    const dest = dests[at]
    if (!dest || dest.weight <= 0) continue
    sched['at'] = at
    return dest
  }
  return undefined
}
