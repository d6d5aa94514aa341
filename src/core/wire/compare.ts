import { must } from '../base/assert.ts'
import type { Reduced } from './compare/reduce.ts'

export { findHealthLegs, findHealthPairs, findOspfPairs, reducePoint } from './compare/reduce.ts'
export type { PointFrame, Reduced, ReduceOptions } from './compare/reduce.ts'

export interface PointDifference {
  /** Position in the list of `real`, from 0. */
  at: number
  /** Missing: this run has nothing to set against the other one's packet. */
  sim?: Reduced
  real?: Reduced
}

/** The same list of `same` packets, or the first place where the two differ. */
export type PointResult = { same: number } | PointDifference

/** A packet and its position in its list. */
interface Item {
  packet: Reduced
  pos: number
  shape: string
}

/** All packets of one conversation, and the positions of its first and its last one. */
interface Talk {
  kind: string
  /** How many of this kind began before. */
  nth: number
  /** Everything that is compared. */
  content: string
  items: Item[]
  from: number
  to: number
}

interface Pair {
  sim: Talk
  real: Talk
}

/**
 * Compare what two runs show at one capture point. Conversations (a TCP connection with all its legs and the ICMP errors
 * about it, one ARP question with its answers, one ping) are paired by what they hold. Within one, order counts. Two of
 * them may be interleaved in another way if they overlap in either run; if one ended before the other began in both
 * runs, it must be the same one. Answers to one ARP request may come in any order.
 */
export function comparePoint(sim: readonly Reduced[], real: readonly Reduced[]): PointResult {
  const { pairs, simOnly, realOnly } = pairTalks(talksOf(sim), talksOf(real))
  const differences: PointDifference[] = [
    ...pairs.flatMap((pair) => contentDifference(pair, real.length)),
    ...realOnly.map((talk) => ({ at: talk.from, real: firstOf(talk) })),
    ...simOnly.map((talk) => ({ at: Math.min(talk.from, real.length), sim: firstOf(talk) })),
    ...orderDifference(pairs),
  ]
  return differences.sort((a, b) => a.at - b.at)[0] ?? { same: real.length }
}

function talksOf(list: readonly Reduced[]): Talk[] {
  const talks = new Map<number, Talk>()
  const counts = new Map<string, number>()
  list.forEach((packet, pos) => {
    const item: Item = { packet, pos, shape: shapeOf(packet.text) }
    const talk = talks.get(packet.conn)
    if (talk) {
      talk.items.push(item)
      talk.to = pos
      return
    }
    const { kind } = packet
    const nth = counts.get(kind) ?? 0
    counts.set(kind, nth + 1)
    talks.set(packet.conn, { kind, nth, content: '', items: [item], from: pos, to: pos })
  })
  for (const talk of talks.values()) {
    if (talk.kind.startsWith('ARP ')) talk.items = sortAnswers(talk.items)
    talk.content = [talk.kind, ...talk.items.map((item) => item.shape)].join('\n')
  }
  return [...talks.values()]
}

/** The text without the number of the random port: which is which follows from the pairing. */
function shapeOf(text: string): string {
  return text.replace(/ e\d+(?= |$)/g, ' e')
}

/** Runs of answers in the order of their text: several hosts may answer one question at the same time. */
function sortAnswers(items: readonly Item[]): Item[] {
  const sorted: Item[] = []
  let run: Item[] = []
  const flush = (): void => {
    sorted.push(...run.sort((a, b) => (a.shape < b.shape ? -1 : Number(a.shape > b.shape))))
    run = []
  }
  for (const item of items) {
    if (item.shape.includes(' ARP reply ')) run.push(item)
    else {
      flush()
      sorted.push(item)
    }
  }
  flush()
  return sorted
}

/**
 * First those that hold the same and are the n-th of their kind in both runs, then whatever holds the same, in order. What
 * is left of the same kind is paired in order, so that its difference can be shown.
 */
function pairTalks(sim: readonly Talk[], real: readonly Talk[]) {
  const pairs: Pair[] = []
  const taken = new Set<Talk>()
  const pairBy = (keyOf: (talk: Talk) => string): void => {
    const free = new Map<string, Talk[]>()
    for (const talk of sim) {
      if (taken.has(talk)) continue
      const queue = free.get(keyOf(talk))
      if (queue) queue.push(talk)
      else free.set(keyOf(talk), [talk])
    }
    for (const talk of real) {
      const partner = taken.has(talk) ? undefined : free.get(keyOf(talk))?.shift()
      if (!partner) continue
      taken.add(talk).add(partner)
      pairs.push({ sim: partner, real: talk })
    }
  }
  pairBy((talk) => `${talk.nth} ${talk.content}`)
  pairBy((talk) => talk.content)
  pairBy((talk) => talk.kind)
  return {
    pairs,
    simOnly: sim.filter((talk) => !taken.has(talk)),
    realOnly: real.filter((talk) => !taken.has(talk)),
  }
}

function contentDifference({ sim, real }: Pair, realLength: number): PointDifference[] {
  if (sim.content === real.content) return []
  const length = Math.max(sim.items.length, real.items.length)
  for (let i = 0; i < length; i++) {
    const [s, r] = [sim.items[i], real.items[i]]
    if (s?.shape === r?.shape) continue
    const difference: PointDifference = { at: r?.pos ?? Math.min(real.to + 1, realLength) }
    if (s) difference.sim = s.packet
    if (r) difference.real = r.packet
    return [difference]
  }
  return []
}

/** One pair of conversations, one before the other in both runs, but not the same one. */
function orderDifference(pairs: readonly Pair[]): PointDifference[] {
  const byBegin = [...pairs].sort((a, b) => a.real.from - b.real.from)
  const byEnd = [...pairs].sort((a, b) => a.real.to - b.real.to)
  let ended = 0
  // Of those that have ended in `real`, the one that begins last in `sim`.
  let late: Pair | undefined
  for (const pair of byBegin) {
    for (let p = byEnd[ended]; p && p.real.to < pair.real.from; p = byEnd[++ended])
      if (!late || p.sim.from > late.sim.from) late = p
    if (late && late.sim.from > pair.sim.to)
      return [{ at: late.real.from, real: firstOf(late.real), sim: firstOf(pair.sim) }]
  }
  return []
}

function firstOf(talk: Talk): Reduced {
  return must(talk.items[0], 'a conversation has packets').packet
}
