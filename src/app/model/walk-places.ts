import type { DevName } from '../../core/base/ids.ts'
import type { TraceRecord } from '../../engine/engine.ts'
import type { Place } from '../../view/netfilter/model.ts'

type Records = readonly TraceRecord[]
type Hook = Extract<TraceRecord, { kind: 'hook' }>

/** One halt of a packet inside a host. `notes` is empty where nothing is told and the way is known all the same. */
export interface Station {
  place: Place
  notes: number[]
  dev?: DevName
  verdict?: Hook['verdict']
  /** Function that gave the verdict, '' = all of them accepted. */
  by?: string
}

export const PLACE_OF_HOOK: Readonly<Record<Hook['point'], Place>> = {
  PREROUTING: 'pre',
  LOCAL_IN: 'input',
  FORWARD: 'forward',
  LOCAL_OUT: 'output',
  POSTROUTING: 'post',
}

const PLACE_OF_CHAIN: Readonly<Record<string, Place>> = {
  PREROUTING: 'pre',
  INPUT: 'input',
  FORWARD: 'forward',
  OUTPUT: 'output',
  POSTROUTING: 'post',
}

/**
 * The halts of a packet from the notes of its walk, in order. What functions of a hook tell stands before the hook's own
 * note. Where a packet must have been without a note about it (a socket between INPUT and OUTPUT), the halt is added.
 */
export function placesOf(records: Records, notes: readonly number[]): Station[] {
  const stations: Station[] = []
  let now: Place | undefined
  notes.forEach((i, at) => {
    const record = records[i]
    if (record === undefined) return
    const place = placeOf(records, notes, at, record, now)
    if (place === undefined) return
    if (place !== now)
      for (const one of [...implied(now, place), place]) stations.push({ place: one, notes: [] })
    now = place
    const station = stations.at(-1)
    if (station !== undefined) take(station, record)
  })
  return stations
}

function take(station: Station, record: TraceRecord): void {
  station.notes.push(record.i)
  if (record.kind === 'rx' || record.kind === 'flight' || record.kind === 'tx') station.dev = record.dev
  if (record.kind === 'hook') Object.assign(station, { verdict: record.verdict, by: record.by })
}

function implied(before: Place | undefined, place: Place): Place[] {
  if (place === 'routeOut') return before === 'procs' ? [] : ['procs']
  if (place !== 'output' || before === 'procs' || before === 'routeOut' || before === 'ipvs') return []
  return ['procs']
}

function placeOf(
  records: Records,
  notes: readonly number[],
  at: number,
  record: TraceRecord,
  now: Place | undefined,
): Place | undefined {
  switch (record.kind) {
    case 'rx':
      return now === 'tunnel' ? 'tunnel' : 'in'
    case 'hook':
      return PLACE_OF_HOOK[record.point]
    case 'route':
      return isHandedOn(records, notes, at) ? 'ipvs' : routePlace(now)
    case 'ipvs.xmit':
      return 'ipvs'
    case 'forward':
      return 'forward'
    case 'tunnel':
      return 'tunnel'
    case 'tx':
    case 'flight':
      return 'out'
    case 'nf.rule':
      return hookAhead(records, notes, at) ?? PLACE_OF_CHAIN[record.chain] ?? now
    case 'nf.log':
    case 'nat':
    case 'conntrack':
      return hookAhead(records, notes, at) ?? (now === 'in' ? 'pre' : now)
    case 'ipvs.pick':
    case 'ipvs.conn':
      return hookAhead(records, notes, at) ?? 'input'
    case 'ipvs.reply':
      return hookAhead(records, notes, at) ?? 'forward'
    case 'ipvs.local':
      return record.way === 'in' ? 'pre' : 'post'
    case 'ecmp':
    case 'drop':
    case 'martian':
    case 'redirect.sent':
    case 'ip.fragment':
    case 'ip.reassembled':
      return now ?? (record.kind === 'ecmp' ? 'routeOut' : 'in')
    default:
      return restPlace(records, notes, at, record, now)
  }
}

function restPlace(
  records: Records,
  notes: readonly number[],
  at: number,
  record: TraceRecord,
  now: Place | undefined,
): Place | undefined {
  if (/^(neigh|arp)/.test(record.kind)) return 'arp'
  // the route of what a socket sends is looked up before the segment is made
  if (now === 'routeOut' && hookAhead(records, notes, at) === 'output') return 'routeOut'
  return /^(tcp|icmp|proc|request|command|stdout)/.test(record.kind) ? 'procs' : now
}

/** The hook that the functions before it belong to; none once the packet is on its way between two hooks. */
function hookAhead(records: Records, notes: readonly number[], at: number): Place | undefined {
  for (let j = at + 1; j < notes.length; j++) {
    const record = records[notes[j] ?? -1]
    if (record?.kind === 'hook') return PLACE_OF_HOOK[record.point]
  }
  return undefined
}

/** IPVS has just taken the packet: the route is to the real server. */
function isHandedOn(records: Records, notes: readonly number[], at: number): boolean {
  const before = records[notes[at - 1] ?? -1]
  return before?.kind === 'hook' && before.verdict === 'STOLEN' && before.by.startsWith('ip_vs')
}

/** Which of the routing decisions: for what comes in, or for what the host itself sends. */
function routePlace(now: Place | undefined): Place {
  switch (now) {
    case 'in':
    case 'pre':
    case 'route':
    case 'tunnel':
      return 'route'
    case 'input':
    case 'procs':
    case undefined:
      return 'routeOut'
    case 'arp':
    case 'out':
    case 'post':
      return 'routeOut'
    default:
      return now
  }
}
