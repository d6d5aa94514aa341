import { must } from '../../base/assert.ts'
import { type HostId, type Nanos, parseIp4 } from '../../base/ids.ts'
import type { Trace, TraceRecord } from '../../sim/trace.ts'
import { VIP } from './routes-by-hand.ts'
import type { Mark, MarkKind } from './types.ts'

/** The timeline of an experiment: which notes of the trace are worth a mark. */

const vip = must(parseIp4(VIP), 'VIP')

/** Marks from `failNs` on, in order of time, but for those that counting finds. `router`: who chooses a load balancer. */
export function marksOf(trace: Trace, from: number, router: HostId, failNs: Nanos): Mark[] {
  const marks: Mark[] = []
  for (let i = from; i < trace.records.length; i++) {
    const record = trace.records[i]
    const found = record && record.at >= failNs ? markOf(record, router) : undefined
    if (record && found)
      marks.push({
        atNs: record.at - failNs,
        kind: found[0],
        host: record.host,
        value: found[1],
        record: record.i,
      })
  }
  return marks
}

function markOf(record: TraceRecord, router: HostId): [MarkKind, string] | undefined {
  switch (record.kind) {
    case 'ospf.neighbor':
      if (record.host !== router) return undefined
      if (record.to === 'Full') return ['neighbor.full', record.why]
      return record.from === 'Full' ? ['neighbor.down', record.why] : undefined
    case 'ospf.spf':
      return record.host === router ? ['spf', record.why] : undefined
    case 'rib':
      if (record.host !== router || record.dst !== vip || record.prefix !== 32) return undefined
      return ['route', String(record.hops.length)]
    case 'config':
      if (record.op.op !== 'nexthop.replace' || record.host !== router) return undefined
      return ['route', String(record.op.group.length)]
    case 'health':
      return [record.up ? 'health.up' : 'health.down', record.server]
    case 'quorum':
      return [record.up ? 'quorum.up' : 'quorum.down', record.service]
    case 'netlink':
      if (record.op.op === 'addr.del' && record.op.ip === vip) return ['vip.removed', record.op.dev]
      return record.op.op === 'addr.add' && record.op.ip === vip ? ['vip.added', record.op.dev] : undefined
    case 'vrrp':
      return ['vrrp', record.to]
    default:
      return undefined
  }
}
