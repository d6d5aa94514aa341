import { type HostId, type Nanos, parseIp4 } from '../../base/ids.ts'
import { must } from '../../base/assert.ts'
import { type Bytes, readBe } from '../../base/bytes.ts'
import type { Trace, TraceRecord } from '../../sim/trace.ts'
import { ETH } from '../../wire/ethernet.ts'
import { IPV4, ipDst, ipProto, PROTO_TCP } from '../../wire/ipv4.ts'
import { ACK, RST, SYN, TCP } from '../../wire/tcp.ts'
import type { Load } from './load.ts'
import { VIP } from './routes-by-hand.ts'

/** Through which load balancer each connection went, by the client's segments that arrive there. */
export interface Flows {
  forced: number
  needless: number
  perBalancer: Record<HostId, number>
  /** Established connections of the client that a reset ended. */
  broken: number
}

/** One connection of the client, by its port; a new SYN begins a new one. */
interface Flow {
  at: HostId
  lastNs: Nanos
  established: boolean
}

/** Whether a load balancer was out of order at some time between two moments. */
export type WasDown = (balancer: HostId, fromNs: Nanos, toNs: Nanos) => boolean

const SERVICE_PORT = 8080
const vip = must(parseIp4(VIP), 'VIP')

export function followFlows(
  trace: Trace,
  from: number,
  balancers: readonly HostId[],
  load: Load,
  wasDown: WasDown,
): Flows {
  const flows: Flows = { forced: 0, needless: 0, perBalancer: {}, broken: 0 }
  for (const id of balancers) flows.perBalancer[id] = 0
  const open = new Map<number, Flow>()
  for (let i = from; i < trace.records.length; i++) {
    const record = trace.records[i]
    if (record === undefined) continue
    if (record.kind === 'rx' && record.pkt === 'host' && Object.hasOwn(flows.perBalancer, record.host)) {
      const segment = segmentOf(trace.frames[record.frame - 1]?.bytes)
      if (segment) follow(flows, open, record, segment, wasDown)
    } else if (isBroken(record, load)) flows.broken++
  }
  return flows
}

function isBroken(record: TraceRecord, load: Load): boolean {
  if (record.kind !== 'tcp.state' || record.host !== load.client) return false
  return record.why === 'rst' && record.raddr === vip && record.from === 'ESTABLISHED'
}

interface Segment {
  port: number
  flags: number
}

function segmentOf(bytes: Bytes | undefined): Segment | undefined {
  if (bytes === undefined || bytes.length < ETH.size + IPV4.size + TCP.size) return undefined
  if (ipProto(bytes, ETH.size) !== PROTO_TCP || ipDst(bytes, ETH.size) !== vip) return undefined
  const at = ETH.size + ((bytes[ETH.size] ?? 0) & 15) * 4
  if (readBe(bytes, TCP.dport, at) !== SERVICE_PORT) return undefined
  return { port: readBe(bytes, TCP.sport, at), flags: readBe(bytes, TCP.flags, at) }
}

function follow(
  flows: Flows,
  open: Map<number, Flow>,
  { host, at: nowNs }: TraceRecord,
  { port, flags }: Segment,
  wasDown: WasDown,
): void {
  const flow = open.get(port)
  if ((flags & SYN) !== 0 || flow === undefined) {
    if (flow === undefined || flow.established) flows.perBalancer[host] = (flows.perBalancer[host] ?? 0) + 1
    open.set(port, { at: host, lastNs: nowNs, established: false })
    return
  }
  if ((flags & ACK) !== 0 && (flags & RST) === 0) flow.established = true
  if (flow.at !== host) {
    if (wasDown(flow.at, flow.lastNs, nowNs)) flows.forced++
    else flows.needless++
    flow.at = host
  }
  flow.lastNs = nowNs
}
