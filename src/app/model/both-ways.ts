import type { HostId } from '../../core/base/ids.ts'
import type { TraceRecord } from '../../engine/engine.ts'
import type { RunData } from '../session/run-data.ts'
import { flowEndsOf } from './flow-ends.ts'
import { type Leg, legsOf, walkAt, type Walk } from './walk.ts'

/** A leg with its direction within its conversation. */
export interface DirectedLeg extends Leg {
  way: 'request' | 'reply'
  flow: string
}

/** Notes on each side of the present one among which the other direction is looked for. */
const NEAR = 6000
const MAX_WALKS = 60

/** Legs of a walk that belong to a conversation. */
export function directedLegs(run: RunData, walk: Walk): DirectedLeg[] {
  return legsOf(walk).flatMap((leg) => {
    const found = balanced(run, leg) ?? plain(run, leg)
    return found ? [{ ...leg, ...found }] : []
  })
}

/**
 * The nearest legs on this host of the same conversation in the directions that `walk` itself does not show. NAT changes the
 * addresses on the way; IPVS knows both by the client. `until`: nothing after this note is looked at.
 */
export function otherWays(run: RunData, walk: Walk, until = Infinity): DirectedLeg[] {
  const own = directedLegs(run, walk)
  const wanted = new Set<string>()
  for (const leg of own) wanted.add(`${leg.flow} ${leg.way === 'request' ? 'reply' : 'request'}`)
  for (const leg of own) wanted.delete(`${leg.flow} ${leg.way}`)
  const found: DirectedLeg[] = []
  if (wanted.size === 0) return found
  let tried = 0
  for (const k of nearby(run, walk, until)) {
    if (wanted.size === 0 || tried++ > MAX_WALKS) break
    const other = walkAt(run.records, walk.host, k, until === Infinity, run.bootRecord + 1)
    for (const leg of other ? directedLegs(run, other) : []) {
      if (wanted.delete(`${leg.flow} ${leg.way}`)) found.push(leg)
    }
  }
  return found
}

/** Ends of walks on a host, those that come after first, then those before, the nearest first. */
function* nearby(run: RunData, walk: Walk, until: number): Generator<number> {
  const from = walk.notes.at(-1) ?? 0
  const isEnd = (record: TraceRecord | undefined): boolean =>
    record?.host === walk.host && (record.kind === 'flight' || record.kind === 'tcp.state')
  for (let k = from + 1; k < run.records.length && k < from + NEAR && k <= until; k++)
    if (isEnd(run.records[k])) yield k
  for (let k = (walk.notes[0] ?? 0) - 1; k > run.bootRecord && k > from - NEAR; k--)
    if (isEnd(run.records[k])) yield k
}

/** By what IPVS knows: the client of the connection. */
function balanced(run: RunData, leg: Leg): Pick<DirectedLeg, 'way' | 'flow'> | undefined {
  for (const i of leg.notes) {
    const note = run.records[i]
    if (note?.kind === 'ipvs.conn' || note?.kind === 'ipvs.reply')
      return { way: note.kind === 'ipvs.conn' ? 'request' : 'reply', flow: `${note.cip}:${note.cport}` }
  }
  return undefined
}

/** By addresses and ports; whoever spoke first asks. */
function plain(run: RunData, leg: Leg): Pick<DirectedLeg, 'way' | 'flow'> | undefined {
  const ends = leg.frame === undefined ? undefined : flowEndsOf(run, leg.frame)
  if (ends === undefined) return undefined
  return { way: openerOf(run, ends.key) === ends.from ? 'request' : 'reply', flow: ends.key }
}

const openers = new WeakMap<RunData['records'], Map<string, string>>()

function openerOf(run: RunData, key: string): string | undefined {
  let known = openers.get(run.records)
  if (known === undefined) openers.set(run.records, (known = new Map<string, string>()))
  const old = known.get(key)
  if (old !== undefined) return old
  for (const record of run.records) {
    if (record.kind !== 'flight' || record.i <= run.bootRecord) continue
    const ends = flowEndsOf(run, record.frame)
    if (ends?.key !== key) continue
    known.set(key, ends.from)
    return ends.from
  }
  return undefined
}

/** Notes at which something is decided inside a host: where the step key stops. */
const DECISIONS =
  /^(hook|route|ecmp|ipvs\.(pick|conn|xmit|reply|local)|nf\.rule|nat|conntrack|arp\.(request|reply|ignored|proxy)|neigh\.(queue|resolved)|tunnel|forward|martian|drop)$/

/** The next (or last) decision on a host; undefined when there is none. */
export function nextDecision(run: RunData, host: HostId, k: number, step: 1 | -1): number | undefined {
  for (let i = k + step; i > run.bootRecord && i < run.records.length; i += step) {
    const record = run.records[i]
    if (record?.host === host && DECISIONS.test(record.kind)) return i
  }
  return undefined
}
