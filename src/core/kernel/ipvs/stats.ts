import { type Nanos, SEC } from '../../base/ids.ts'
import type { IpvsCounts, IpvsStats } from './types.ts'

/**
 * Counters of services and real servers with the estimator (net/netfilter/ipvs/ip_vs_est.c): every two seconds the
 * counters are copied to where listings read them, so `ipvsadm --stats` lags by up to two seconds, and the averages
 * move a quarter of the way. Simplified: no timer runs; missed ticks are made up when the counters are next touched.
 */
const PERIOD: Nanos = 2 * SEC
/** After this many idle ticks every average is 0. */
const FADED = 120

const NAMES = ['conns', 'inPkts', 'outPkts', 'inBytes', 'outBytes'] as const
/** Counts per two seconds to fixed point per second: packets times 1024, bytes times 32. */
const SCALE: IpvsCounts = { conns: 512, inPkts: 512, outPkts: 512, inBytes: 16, outBytes: 16 }
const UNIT: IpvsCounts = { conns: 1024, inPkts: 1024, outPkts: 1024, inBytes: 32, outBytes: 32 }

function noCounts(): IpvsCounts {
  return { conns: 0, inPkts: 0, outPkts: 0, inBytes: 0, outBytes: 0 }
}

export function createStats(now: Nanos): IpvsStats {
  const tick = Math.floor(now / PERIOD)
  return { live: noCounts(), seen: noCounts(), zero: noCounts(), rate: noCounts(), tick }
}

/** Live counters, to be added to. */
export function countersAt(stats: IpvsStats, now: Nanos): IpvsCounts {
  if (Math.floor(now / PERIOD) !== stats.tick) roll(stats, now)
  return stats.live
}

function roll(stats: IpvsStats, now: Nanos): void {
  const tick = Math.floor(now / PERIOD)
  const idle = Math.min(tick - stats.tick, FADED)
  for (const name of NAMES) {
    let rate = stats.rate[name]
    let delta = stats.live[name] - stats.seen[name]
    for (let i = 0; i < idle; i++) {
      rate += Math.floor((delta * SCALE[name] - rate) / 4)
      delta = 0
    }
    stats.rate[name] = rate
    stats.seen[name] = stats.live[name]
  }
  stats.tick = tick
}

/** What listings show: totals since the last `-Z`, and averages per second. The counters are not touched. */
export function readStats(stats: IpvsStats, now: Nanos): { total: IpvsCounts; rate: IpvsCounts } {
  const copy = { ...stats, seen: { ...stats.seen }, rate: { ...stats.rate } }
  if (Math.floor(now / PERIOD) !== stats.tick) roll(copy, now)
  const total = noCounts()
  const rate = noCounts()
  for (const name of NAMES) {
    total[name] = copy.seen[name] - stats.zero[name]
    rate[name] = Math.floor((copy.rate[name] + UNIT[name] / 2 - 1) / UNIT[name])
  }
  return { total, rate }
}

/** `ipvsadm -Z` (ip_vs_zero_stats). */
export function zeroStats(stats: IpvsStats, now: Nanos): void {
  countersAt(stats, now)
  stats.zero = { ...stats.seen }
  stats.rate = noCounts()
}
