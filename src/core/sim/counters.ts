import type { DevName, HostId } from '../base/ids.ts'
import type { Trace, TraceRecord } from './trace.ts'

export interface InterfaceCount {
  rxPackets: number
  rxBytes: number
  txPackets: number
  txBytes: number
}

/** Sums over a part of a run: for summaries, charts and checks. */
export interface Counters {
  /** By host, then interface. Received: frames the kernel took up; bytes with the Ethernet header. */
  interfaces: Record<HostId, Record<DevName, InterfaceCount>>
  /** By host, then reason. */
  drops: Record<HostId, Record<string, number>>
  /** Connections that IPVS gave to a real server, by director. */
  picksPerLb: Record<HostId, number>
  /** Requests that a server program answered, by host. */
  requestsPerServer: Record<HostId, number>
  /** Answers that a client program got, by host, then status; 0 = it ended without one. */
  answersPerClient: Record<HostId, Record<number, number>>
}

export function createCounters(): Counters {
  return { interfaces: {}, drops: {}, picksPerLb: {}, requestsPerServer: {}, answersPerClient: {} }
}

/** Sums over records [from, to). */
export function countTrace(trace: Trace, from = 0, to = trace.records.length): Counters {
  const counters = createCounters()
  for (let i = from; i < to; i++) {
    const record = trace.records[i]
    if (record !== undefined) countRecord(counters, record, trace)
  }
  return counters
}

/** Add one record, so that a view can follow a run. */
export function countRecord(counters: Counters, record: TraceRecord, trace: Trace): void {
  const { host } = record
  switch (record.kind) {
    case 'tx':
    case 'rx':
      countFrame(counters, host, record.dev, record.kind, trace.frames[record.frame - 1]?.bytes.length ?? 0)
      break
    case 'drop':
      add((counters.drops[host] ??= {}), record.why)
      break
    case 'ipvs.pick':
      add(counters.picksPerLb, host)
      break
    case 'request':
      if (record.check) break
      if (record.role === 'server') add(counters.requestsPerServer, host)
      else add((counters.answersPerClient[host] ??= {}), record.status)
      break
    default:
      break
  }
}

function countFrame(counters: Counters, host: HostId, dev: DevName, way: 'rx' | 'tx', bytes: number): void {
  const devs = (counters.interfaces[host] ??= {})
  const count = (devs[dev] ??= { rxPackets: 0, rxBytes: 0, txPackets: 0, txBytes: 0 })
  if (way === 'rx') {
    count.rxPackets++
    count.rxBytes += bytes
  } else {
    count.txPackets++
    count.txBytes += bytes
  }
}

function add(sums: Record<string | number, number>, key: string | number): void {
  sums[key] = (sums[key] ?? 0) + 1
}
