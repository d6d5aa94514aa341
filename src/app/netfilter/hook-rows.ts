import type { HostView, TraceRecord } from '../../engine/engine.ts'
import type { HookPlace, MapRow } from '../../view/netfilter/model.ts'
import { PLACE_OF_HOOK, type Station } from '../model/walk-places.ts'
import type { MapWords } from './words.ts'

/** Where the tables of iptables and connection tracking hook in once they are used (include/uapi/linux/netfilter_ipv4.h). */
const PLACES: Readonly<Record<HookPlace, readonly (readonly [priority: number, name: string])[]>> = {
  pre: [[-300, 'raw'], [-200, 'conntrack'], [-150, 'mangle'], [-100, 'nat']], // prettier-ignore
  input: [[-150, 'mangle'], [0, 'filter'], [100, 'nat']], // prettier-ignore
  forward: [[-150, 'mangle'], [0, 'filter']], // prettier-ignore
  output: [[-300, 'raw'], [-200, 'conntrack'], [-150, 'mangle'], [-100, 'nat'], [0, 'filter']], // prettier-ignore
  post: [[-150, 'mangle'], [100, 'nat']], // prettier-ignore
}

export const HOOK_TITLES: Readonly<Record<HookPlace, string>> = {
  pre: 'PREROUTING',
  input: 'INPUT',
  forward: 'FORWARD',
  output: 'OUTPUT',
  post: 'POSTROUTING',
}

/** After everything else: INT_MAX in the kernel. */
const LAST = 0x7fffffff

/**
 * Functions of a hook in the order in which they run, those that nobody has registered marked. IPVS is there once it has a
 * service, as its module is loaded by the first one; what only FULLNAT or synchronisation needs is left out without them.
 */
export function hookRows(
  place: HookPlace,
  view: HostView | undefined,
  met: readonly (Station & { told: readonly TraceRecord[] })[],
  words: MapWords,
): MapRow[] {
  const registered = (view?.hooks ?? []).filter(
    (hook) => PLACE_OF_HOOK[hook.point as keyof typeof PLACE_OF_HOOK] === place && isUsed(hook.name, view),
  )
  const absent = PLACES[place].filter(([, name]) => !registered.some((hook) => hook.name === name))
  const rows = [
    ...registered.map(({ priority, name }) => ({ priority, name, absent: false })),
    ...absent.map(([priority, name]) => ({ priority, name, absent: true })),
  ].sort((a, b) => a.priority - b.priority)
  const station = met.filter((one) => one.place === place).at(-1)
  return rows.map(({ priority, name, absent }) => ({
    priority: priority === LAST ? 'max' : String(priority),
    name,
    ...(absent && { absent }),
    ...said(place, name, absent, view, station, words),
  }))
}

function isUsed(name: string, view: HostView | undefined): boolean {
  if (!name.startsWith('ip_vs')) return true
  const services = view?.ipvs.services ?? []
  if (name.includes('fullnat')) return services.some(({ laddrs }) => laddrs.length > 0)
  return services.length > 0 && name !== 'ip_vs_sync'
}

function said(
  place: HookPlace,
  name: string,
  absent: boolean,
  view: HostView | undefined,
  station: (Station & { told: readonly TraceRecord[] }) | undefined,
  words: MapWords,
): Pick<MapRow, 'note' | 'decides'> {
  const rule = station?.told.filter((note) => note.kind === 'nf.rule' && note.table === name).at(-1)
  const decides = station?.by === name || hasTold(name, station?.told ?? [])
  const mark = decides ? { decides } : {}
  if (rule?.kind === 'nf.rule') {
    const note = rule.rule === 0 ? words.policy(rule.target) : words.rule(rule.rule, rule.target)
    return { note, decides: decides || rule.target !== 'ACCEPT' }
  }
  if (absent) return { note: words.absent }
  if (station?.by === name) return { note: station.verdict ?? '', ...mark }
  const chain = view?.chains.find((one) => one.table === name && one.name === HOOK_TITLES[place])
  if (chain === undefined) return { note: '', ...mark }
  return { note: chain.rules === 0 ? words.empty : words.rules(chain.rules), ...mark }
}

/** Whether a function has said that it changed the packet or what it knows of it. */
function hasTold(name: string, told: readonly TraceRecord[]): boolean {
  return told.some(
    ({ kind }) =>
      (name === 'ip_vs_out' && kind === 'ipvs.reply') ||
      (name.startsWith('ip_vs_fullnat') && kind === 'ipvs.local') ||
      (name === 'nat' && kind === 'nat') ||
      (name === 'conntrack' && kind === 'conntrack'),
  )
}
