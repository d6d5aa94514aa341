import { isUsable, type Scheduler } from './scheduler.ts'

/** Round robin (net/netfilter/ipvs/ip_vs_rr.c): the next in the list after the last one, weight 0 passed over. */
export const rr: Scheduler = {
  pick: (service) => {
    const { dests, sched } = service
    const last = sched['at'] ?? -1
    for (let step = 1; step <= dests.length; step++) {
      const at = (last + step) % dests.length
      const dest = dests[at]
      if (!dest || !isUsable(dest)) continue
      sched['at'] = at
      return dest
    }
    return undefined
  },
  changed: ({ sched }, how) => {
    // The position is kept as an index into the list; a new server goes to its front.
    const at = sched['at']
    if (how.what === 'init') Reflect.deleteProperty(sched, 'at')
    else if (at === undefined) return
    else if (how.what === 'add') sched['at'] = at + 1
    else if (how.what === 'delete' && how.at <= at) sched['at'] = at - 1
  },
}
