import type { IpvsService } from '../types.ts'
import type { Scheduler } from './scheduler.ts'

/**
 * Weighted round robin (net/netfilter/ipvs/ip_vs_wrr.c): rounds over the list with a falling bar; a server is taken when
 * its weight reaches the bar. The bar falls by the greatest common divisor of the weights. `at` -1 = head of the list.
 */
export const wrr: Scheduler = {
  pick: (service) => {
    const { dests, sched } = service
    const top = sched['mw'] ?? 0
    const step = sched['di'] ?? 1
    if (top === 0) return undefined
    let at = sched['at'] ?? -1
    let bar = sched['cw'] ?? top
    // Every bar has been tried from every position after two full falls.
    for (let falls = 0; falls <= 2;) {
      for (at++; at < dests.length; at++) {
        const dest = dests[at]
        if (!dest || dest.overload || dest.weight < bar) continue
        sched['at'] = at
        sched['cw'] = bar
        return dest
      }
      at = -1
      bar -= step
      if (bar > 0) continue
      bar = top
      falls++
    }
    sched['at'] = -1
    sched['cw'] = top
    return undefined
  },
  changed: (service, how) => {
    const { sched } = service
    const step = gcdOfWeights(service)
    const top = Math.max(0, ...service.dests.map((d) => d.weight)) - (step - 1)
    const bar = sched['cw'] ?? 0
    sched['at'] = -1
    sched['di'] = step
    sched['mw'] = top
    if (how.what === 'init' || bar > top || bar === 0) sched['cw'] = top
    else if (step > 1) sched['cw'] = Math.floor(bar / step) * step + 1
  },
}

/** At least 1. */
function gcdOfWeights({ dests }: IpvsService): number {
  let divisor = 0
  for (const { weight } of dests) if (weight > 0) divisor = gcd(weight, divisor)
  return divisor || 1
}

export function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
