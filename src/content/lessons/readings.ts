import { formatIp4, formatMac, type HostId } from '../../core/base/ids.ts'
import type { TraceRecord } from '../../core/sim/trace.ts'
import type { Command, L10n, RunFacts } from '../lesson.ts'

/** What the questions of several lessons read from a run, and words and commands that their steps share. */
export const l = (en: string, zh: string): L10n => ({ en, zh })
export const on = (host: HostId, ...lines: string[]): Command[] => lines.map((sh) => ({ host, sh }))
export const curl = (host: HostId, count = 1): Command[] =>
  on(host, ...Array.from({ length: count }, () => 'curl -s -m 2 http://172.16.253.100:8080'))

type RecordOf<K extends TraceRecord['kind']> = Extract<TraceRecord, { kind: K }>

export function notes<K extends TraceRecord['kind']>(facts: RunFacts, kind: K, host?: HostId): RecordOf<K>[] {
  return facts.records.filter(
    (r) => r.kind === kind && (host === undefined || r.host === host),
  ) as RecordOf<K>[]
}

/** Hooks that the first packet passed which came to a host by the network, in order; empty: none came. */
export function hooksOfFirst(facts: RunFacts, host: HostId): string[] {
  const hooks = notes(facts, 'hook', host)
  const start = hooks.findIndex((h) => h.point === 'PREROUTING')
  if (start < 0) return []
  const end = hooks.findIndex((h, i) => i > start && h.point === 'PREROUTING')
  return hooks.slice(start, end < 0 ? undefined : end).map((h) => h.point)
}

/** Did packets of the connections pass through this host by forwarding? */
export function forwards(facts: RunFacts, host: HostId): boolean {
  return notes(facts, 'hook', host).some((h) => h.point === 'FORWARD')
}

/** Source addresses that servers saw their requests come from. */
export function peers(facts: RunFacts): string[] {
  const served = notes(facts, 'request').filter((r) => r.role === 'server' && r.check !== true)
  return [...new Set(served.map((r) => formatIp4(r.peer)))]
}

/** Hosts that answered ARP for an address, each once, in order. */
export function answerers(facts: RunFacts, ip: string): HostId[] {
  const replies = notes(facts, 'arp.reply').filter((r) => formatIp4(r.target) === ip)
  return [...new Set(replies.map((r) => r.host))]
}

/** MACs that a host noted for an address, in order, without repetitions in a row. */
export function noted(facts: RunFacts, host: HostId, ip: string): string[] {
  const macs = notes(facts, 'neigh', host)
    .filter((n) => formatIp4(n.ip) === ip && n.mac !== 0)
    .map((n) => formatMac(n.mac))
  return macs.filter((mac, i) => mac !== macs[i - 1])
}

export function lostFor(facts: RunFacts, why: RecordOf<'drop'>['why'], host?: HostId): boolean {
  return notes(facts, 'drop', host).some((d) => d.why === why)
}

/** How many requests were begun; without any there is nothing to judge. */
export function asked(facts: RunFacts): number {
  return notes(facts, 'proc.start').filter((p) => p.argv[0] === 'curl').length
}
