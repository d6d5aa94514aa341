import type { FrameId, HostId } from '../../core/base/ids.ts'
import type { TraceRecord } from '../../engine/engine.ts'
import { placesOf, type Station } from './walk-places.ts'

type Records = readonly TraceRecord[]

/** The way of a packet through one host: from its coming in, or from the program that sends, to its leaving or its end. */
export interface Walk {
  host: HostId
  stations: Station[]
  notes: number[]
  /** The frame as it came in and as it goes out. */
  came?: FrameId
  goes?: FrameId
}

/** Notes looked through for the next one of a walk: a packet may wait for an answer to ARP meanwhile. */
const AHEAD = 4000
/** Notes looked through for what a host did last. */
const BEHIND = 20_000
const MAX_NOTES = 200

/** The walk on `host` that note `k` belongs to, or its last one before. `ahead`: also what is still to come. */
export function walkAt(records: Records, host: HostId, k: number, ahead = true, from = 0): Walk | undefined {
  const at = lastOn(records, host, k, from)
  if (at === undefined) return undefined
  const notes = behind(records, host, at)
  if (ahead)
    for (let i = at; notes.length < MAX_NOTES; notes.push(i)) {
      const next = nextOf(records, host, i)
      if (next === undefined) break
      i = next
    }
  return walkOf(records, host, notes)
}

function walkOf(records: Records, host: HostId, notes: number[]): Walk {
  const walk: Walk = { host, stations: placesOf(records, notes), notes }
  for (const i of notes) {
    const record = records[i]
    if (record?.kind === 'rx') walk.came ??= record.frame
    if (record?.kind === 'flight') walk.goes = record.frame
  }
  return walk
}

const PACKET_KINDS =
  /^(flight|tx|rx|neigh|arp|route|ecmp|forward|hook|nf\.|conntrack|nat|ipvs|icmp|tcp|tunnel|drop|martian)/

function lastOn(records: Records, host: HostId, k: number, from: number): number | undefined {
  for (let i = Math.min(k, records.length - 1); i >= from && i > k - BEHIND; i--) {
    const record = records[i]
    if (record?.host === host && PACKET_KINDS.test(record.kind)) return i
  }
  return undefined
}

/** From the beginning on this host up to note `k`. What a host did before it sent something else is another walk. */
function behind(records: Records, host: HostId, k: number): number[] {
  const notes: number[] = []
  for (let i = k; i >= 0 && notes.length < MAX_NOTES;) {
    const record = records[i]
    if (record?.host !== host || (record.kind === 'flight' && i !== k)) break
    notes.push(i)
    if (record.kind === 'rx' && records[record.cause]?.kind !== 'tunnel') break
    i = record.cause
  }
  return notes.reverse()
}

/** The note that goes on with the packet; a packet that waits for ARP goes on when the answer is there. */
function nextOf(records: Records, host: HostId, i: number): number | undefined {
  if (records[i]?.kind === 'flight') return undefined
  let first: number | undefined
  for (let j = i + 1; j < records.length && j < i + AHEAD; j++) {
    const record = records[j]
    if (record?.cause !== i || record.host !== host) continue
    if (record.kind !== 'arp.request') return j
    first ??= j
  }
  return first
}

/** A stretch of a walk in one direction: what comes in, or what a program of this host sends. */
export interface Leg {
  stations: Station[]
  notes: number[]
  frame: FrameId | undefined
}

/** A walk cut where a program takes the packet and answers. */
export function legsOf(walk: Walk): Leg[] {
  const cut = walk.stations.findIndex(({ place }) => place === 'procs')
  const whole = { stations: walk.stations, notes: walk.notes }
  if (cut < 0) return [{ ...whole, frame: walk.came ?? walk.goes }]
  const arrives = walk.stations.slice(0, cut + 1)
  const leaves = walk.stations.slice(cut)
  const leg = (stations: Station[], frame: FrameId | undefined): Leg[] =>
    stations.length < 2 ? [] : [{ stations, frame, notes: stations.flatMap(({ notes }) => notes) }]
  return [...leg(arrives, walk.came), ...leg(leaves, walk.goes)]
}
