import { read32 } from '../../core/base/bytes.ts'
import { ETH, ETH_P_ARP, ETH_P_IP, ethType } from '../../core/wire/ethernet.ts'
import { ipHeaderLength, ipProto, PROTO_OSPF } from '../../core/wire/ipv4.ts'
import { PROTO_VRRP, VRRP_GROUP } from '../../core/wire/vrrp.ts'
import type { TraceRecord } from '../../engine/engine.ts'

/** What a packet is about: the learner's own requests, or one of the conversations that never end. */
export const TRAFFIC = ['data', 'arp', 'ospf', 'vrrp', 'check'] as const
export type Traffic = (typeof TRAFFIC)[number]

/** What can be quietened; data cannot. */
export const CHATTER = ['ospf', 'vrrp', 'check', 'arp'] as const
export type Chatter = (typeof CHATTER)[number]

const PROTO_IGMP = 2

/**
 * What a note is about. Protocols of their own are told by their bytes (membership reports go with OSPF or VRRP, for
 * whose groups they are), health checks by the program at the beginning of the chain of causes: keepalived. `cause` = of the note that led to it.
 */
export function trafficOf(
  record: TraceRecord,
  bytes: Uint8Array | undefined,
  cause: Traffic | undefined,
): Traffic {
  if (record.kind === 'proc.start') return /(^|\/)keepalived$/.test(record.argv[0] ?? '') ? 'check' : 'data'
  if (record.kind !== 'flight' || bytes === undefined) return cause ?? 'data'
  const type = ethType(bytes)
  if (type === ETH_P_ARP) return cause === 'check' ? 'check' : 'arp'
  const proto = type === ETH_P_IP && bytes.length >= ETH.size + 20 ? ipProto(bytes, ETH.size) : -1
  if (proto === PROTO_VRRP || (proto === PROTO_IGMP && groupOf(bytes) === VRRP_GROUP)) return 'vrrp'
  if (proto === PROTO_OSPF || proto === PROTO_IGMP) return 'ospf'
  return cause === 'check' ? 'check' : 'data'
}

/** Group of the first record of an IGMPv3 report (RFC 3376 4.2), 0 in what is shorter. */
function groupOf(b: Uint8Array): number {
  const at = ETH.size + ipHeaderLength(b, ETH.size) + 12
  return b.length >= at + 4 ? read32(b, at) : 0
}

/** Steps on a packet's way. What they lead to (a neighbour lost, a route gone) is told, whatever carried it. */
const WAY: ReadonlySet<TraceRecord['kind']> = new Set<TraceRecord['kind']>([
  ...(['flight', 'tx', 'rx', 'hook', 'route', 'drop', 'forward', 'ecmp', 'icmp', 'conntrack'] as const),
  ...(['neigh', 'neigh.queue', 'neigh.resolved', 'arp.request', 'arp.reply', 'arp.ignored'] as const),
  ...(['arp.announce', 'arp.proxy', 'tcp.state', 'tcp.send', 'tcp.rexmit', 'request', 'stdout'] as const),
  ...(['nf.rule', 'nat', 'ipvs.conn', 'ipvs.pick', 'ipvs.xmit', 'ipvs.reply', 'ospf.refused'] as const),
])

/** Whether a note is passed over: a step of chatter that is not to be shown. */
export function isQuiet(run: Shown, k: number): boolean {
  const [record, traffic] = [run.records[k], run.traffic[k]]
  return record !== undefined && traffic !== undefined && !run.shown.has(traffic) && WAY.has(record.kind)
}

/** A run with what its notes are about, and which of that is stepped to and drawn. */
export interface Shown {
  records: readonly TraceRecord[]
  traffic: readonly Traffic[]
  shown: ReadonlySet<Traffic>
}

export const ALL_TRAFFIC: ReadonlySet<Traffic> = new Set(TRAFFIC)
