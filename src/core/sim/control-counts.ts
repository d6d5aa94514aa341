import type { HostId } from '../base/ids.ts'
import type { Trace } from './trace.ts'

/** How often the control plane changed its mind, by host: for summaries. Hosts on which nothing happened are left out. */
export interface ControlCounts {
  /** Neighbours of OSPF that became Full, and that no longer were. */
  neighborsFull: Record<HostId, number>
  neighborsLost: Record<HostId, number>
  /** Calculations of routes, and routes that zebra chose anew. */
  spfRuns: Record<HostId, number>
  routeChanges: Record<HostId, number>
  /** keepalived: servers taken out and put back. */
  serversDown: Record<HostId, number>
  serversUp: Record<HostId, number>
  /** Virtual routers that became master. */
  vrrpMaster: Record<HostId, number>
  /** Established connections that a reset ended, at either end. */
  connectionsReset: Record<HostId, number>
}

/** Sums over records from number `from` on. */
export function countControl(trace: Trace, from = 0): ControlCounts {
  const counts: ControlCounts = {
    ...{ neighborsFull: {}, neighborsLost: {}, spfRuns: {}, routeChanges: {} },
    ...{ serversDown: {}, serversUp: {}, vrrpMaster: {}, connectionsReset: {} },
  }
  for (let i = from; i < trace.records.length; i++) {
    const record = trace.records[i]
    if (record === undefined) continue
    const { host } = record
    if (record.kind === 'ospf.neighbor') {
      if (record.to === 'Full') add(counts.neighborsFull, host)
      else if (record.from === 'Full') add(counts.neighborsLost, host)
    } else if (record.kind === 'ospf.spf') add(counts.spfRuns, host)
    else if (record.kind === 'rib') add(counts.routeChanges, host)
    else if (record.kind === 'health') add(record.up ? counts.serversUp : counts.serversDown, host)
    else if (record.kind === 'vrrp' && record.to === 'MASTER') add(counts.vrrpMaster, host)
    else if (record.kind === 'tcp.state' && record.why === 'rst' && record.from === 'ESTABLISHED')
      add(counts.connectionsReset, host)
  }
  return counts
}

function add(sums: Record<HostId, number>, host: HostId): void {
  sums[host] = (sums[host] ?? 0) + 1
}
