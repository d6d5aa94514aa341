import type { HostId, Ip4, Nanos } from '../../core/base/ids.ts'
import type { TraceRecord } from '../../engine/engine.ts'
import type { RunData } from '../session/run-data.ts'

/** Something that went wrong, by the note that tells of it. */
export interface Failure {
  k: number
  at: Nanos
  host: HostId
  cause:
    { kind: 'cable' | 'down'; dev: string } | { kind: 'off' | 'frozen' } | { kind: 'daemon'; name: string }
}

/** Programs whose end is a failure. */
const DAEMONS: readonly string[] = ['ospfd', 'zebra', 'keepalived', 'nginx', 'watchfrr']
/** What ends on one host within this time ends for one reason. */
const TOGETHER_NS: Nanos = 1_500_000_000

/** Every failure after boot, the first first. */
export function failuresOf(run: RunData): Failure[] {
  const names = new Map<string, string>()
  const out: Failure[] = []
  for (const record of run.records) {
    if (record.kind === 'proc.start')
      names.set(`${record.host} ${record.pid}`, record.argv[0]?.split('/').at(-1) ?? '')
    if (record.i <= run.bootRecord) continue
    const cause = causeOf(record, names)
    if (cause === undefined) continue
    const last = out.filter(({ host }) => host === record.host).at(-1)
    const again =
      last?.cause.kind === 'daemon' && cause.kind === 'daemon' && record.at - last.at < TOGETHER_NS
    if (!again) out.push({ k: record.i, at: record.at, host: record.host, cause })
  }
  return out
}

function causeOf(record: TraceRecord, names: ReadonlyMap<string, string>): Failure['cause'] | undefined {
  switch (record.kind) {
    case 'cable':
      return record.plugged ? undefined : { kind: 'cable', dev: record.dev }
    case 'link':
      return record.up || !record.carrier ? undefined : { kind: 'down', dev: record.dev }
    case 'host':
      return record.state === 'off' || record.state === 'frozen' ? { kind: record.state } : undefined
    case 'proc.exit': {
      const name = names.get(`${record.host} ${record.pid}`) ?? ''
      return DAEMONS.includes(name) ? { kind: 'daemon', name } : undefined
    }
    default:
      return undefined
  }
}

export const PHASES = ['detection', 'withdrawal', 'spf', 'route', 'good'] as const
export type Phase = (typeof PHASES)[number]

export interface Recovery {
  failure: Failure
  /** Note that first shows each phase; a phase that has not come is missing. */
  phases: Partial<Record<Phase, { k: number; at: Nanos; host: HostId }>>
  requests: { k: number; at: Nanos; host: HostId; ok: boolean }[]
  lost: number
  reset: number
  moved: number
  /** End of what is looked at: the next failure, or the end of the run. */
  untilNs: Nanos
}

/** What followed a failure, up to the next one; built from notes alone. */
export function recoveryOf(run: RunData, failures: readonly Failure[], failure: Failure): Recovery {
  const next = failures.find(({ k }) => k > failure.k)
  const end = next?.k ?? run.records.length
  const recovery: Recovery = {
    ...{ failure, phases: {}, requests: [], lost: 0, reset: 0 },
    moved: movedFlows(run, failure.k, end),
    untilNs: next?.at ?? run.now,
  }
  const curls = curlsBefore(run, failure.k)
  for (let k = failure.k + 1; k < end; k++) {
    const record = run.records[k]
    if (record === undefined) continue
    const phase = phaseOf(record, failure.host)
    if (phase !== undefined) recovery.phases[phase] ??= { k, at: record.at, host: record.host }
    if (record.kind === 'proc.start' && record.argv[0] === 'curl') curls.add(`${record.host} ${record.pid}`)
    if (record.kind === 'proc.exit' && curls.has(`${record.host} ${record.pid}`))
      recovery.requests.push({ k, at: record.at, host: record.host, ok: record.status === 0 })
    if (record.kind === 'tcp.state' && record.why === 'rst' && run.traffic[k] === 'data') recovery.reset += 1
  }
  recovery.lost = recovery.requests.filter(({ ok }) => !ok).length
  const good = firstGood(recovery)
  return good === undefined ? recovery : { ...recovery, phases: { ...recovery.phases, good } }
}

function phaseOf(record: TraceRecord, failed: HostId): Exclude<Phase, 'good'> | undefined {
  const elsewhere = record.host !== failed
  switch (record.kind) {
    case 'ospf.neighbor':
      return elsewhere && ['Deleted', 'Down', 'Init'].includes(record.to) && record.from !== 'Down'
        ? 'detection'
        : undefined
    case 'health':
      return record.up ? undefined : 'detection'
    case 'vrrp':
      return elsewhere && record.to === 'MASTER' ? 'detection' : undefined
    case 'ospf.lsa':
      if (record.what === 'flush') return 'withdrawal'
      if (elsewhere && record.what === 'install') return 'detection'
      return elsewhere && record.what === 'originate' ? 'withdrawal' : undefined
    case 'ospf.spf':
      return elsewhere ? 'spf' : undefined
    case 'rib':
      return elsewhere ? 'route' : undefined
    case 'netlink':
      if (record.op.op === 'ipvs.dest.del' || record.op.op === 'ipvs.dest.edit') return 'withdrawal'
      return elsewhere && record.op.op === 'addr.add' ? 'route' : undefined
    default:
      return undefined
  }
}

/** Requests that had begun before the failure and had not ended. */
function curlsBefore(run: RunData, k: number): Set<string> {
  const open = new Set<string>()
  for (let i = run.bootRecord + 1; i < k; i++) {
    const record = run.records[i]
    if (record?.kind === 'proc.start' && record.argv[0] === 'curl') open.add(`${record.host} ${record.pid}`)
    if (record?.kind === 'proc.exit') open.delete(`${record.host} ${record.pid}`)
  }
  return open
}

/** The first answer after the first loss; where nothing was lost, the first after the routes had changed. */
function firstGood({ requests, phases }: Recovery): Recovery['requests'][number] | undefined {
  const lost = requests.find(({ ok }) => !ok)
  const from = lost?.k ?? phases.route?.k
  return from === undefined ? undefined : requests.find(({ k, ok }) => ok && k > from)
}

/** Flows that ECMP sent to another next hop although the earlier one was still among those to choose from. */
function movedFlows(run: RunData, from: number, end: number): number {
  const hops = new Map<string, Ip4>()
  const moved = new Set<string>()
  for (let k = run.bootRecord + 1; k < end; k++) {
    const record = run.records[k]
    // a local connect chooses before its port is known: nothing to follow
    if (record?.kind !== 'ecmp' || record.sport === 0) continue
    const flow = `${record.proto} ${record.src}:${record.sport} ${record.dst}:${record.dport}`
    const now = record.gateways[record.pick]
    const before = hops.get(flow)
    if (k > from && before !== undefined && before !== now && record.gateways.includes(before))
      moved.add(flow)
    if (now !== undefined) hops.set(flow, now)
  }
  return moved.size
}
