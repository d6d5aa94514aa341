import type { Ip4 } from '../base/ids.ts'
import { makeRng, nextBelow, nextU32, type Rng } from '../base/prng.ts'
import { assignBatch, type FlowBatch, hashBatch } from '../kernel/route/hash-batch.ts'
import { explainHash, type HashBlock } from '../kernel/route/multipath-hash.ts'
import { boundsOf, selectByBounds } from '../kernel/route/multipath-select.ts'
import { createResilient, setResilientMembers } from '../kernel/route/resilient.ts'

/**
 * Studies of the next-hop choice over many flows, without a network: the same hash, bounds and buckets as a route's
 * (kernel/route), all flows forwarded TCP to one virtual address. Simplified: in a resilient group all buckets are in use
 * when the change comes, so none of a living member moves.
 */

export interface StudySpec {
  policy: number
  /** net.ipv4.fib_multipath_hash_seed. */
  seed: number
  /** Of the next hops in order, 1..256. */
  weights: readonly number[]
  change: { kind: 'none' } | { kind: 'remove'; index: number } | { kind: 'add'; weight: number }
  group: 'threshold' | 'resilient'
  /** Of a resilient group. */
  buckets: number
  /** Who sends: one client from many ports, many clients, or four of five clients behind one address. */
  sources: 'ports' | 'clients' | 'nat'
  flows: number
}

/** A flow stays, moves since its next hop is gone, or moves although it lives. */
export type Fate = 'stays' | 'forced' | 'needless'

export interface StudyFlow {
  src: Ip4
  sport: number
  /** 31 bits. */
  hash: number
  before: number
  after: number
  fate: Fate
}

export interface Study {
  vip: Ip4
  port: number
  /** Upper bounds per next hop, -1 = gone; empty in a resilient group. */
  boundsBefore: number[]
  boundsAfter: number[]
  /** Owner of each bucket; empty for hash-threshold. */
  bucketsBefore: number[]
  bucketsAfter: number[]
  /** The first flows, one by one. */
  sample: StudyFlow[]
  fates: Record<Fate, number>
  /** Flows per next hop; a next hop that was added stands at the end. */
  perHopBefore: number[]
  perHopAfter: number[]
  /** How many different hashes there were: so many dice were thrown. */
  distinct: number
  /** Shares of the whole hash space; null for a resilient group. */
  exact: Record<Fate, number> | null
}

const VIP = 0xac10fd64 as Ip4
const PORT = 8080
const ONE_CLIENT = 0x0a00000a
const NAT_ADDRESS = 0xcb007107
const SAMPLE = 60
const SPACE = 2 ** 31

/** Run a study. At most 2,000,000 flows and 16 next hops; numbers beyond are cut. */
export function runStudy(spec: StudySpec): Study {
  const count = Math.max(1, Math.min(2_000_000, Math.floor(spec.flows)))
  const flows = makeFlows(spec.sources, count)
  const hashes = new Uint32Array(count)
  hashBatch(flows, { policy: spec.policy, seed: spec.seed >>> 0 }, hashes)
  const choice = spec.group === 'resilient' ? byBuckets(spec, hashes) : byBounds(spec, hashes)
  const gone = spec.change.kind === 'remove' ? spec.change.index : -1
  const hops = choice.hops
  const fates: Record<Fate, number> = { stays: 0, forced: 0, needless: 0 }
  const perHopBefore = new Array<number>(hops).fill(0)
  const perHopAfter = new Array<number>(hops).fill(0)
  const sample: StudyFlow[] = []
  for (let i = 0; i < count; i++) {
    const before = choice.before[i] as number
    const after = choice.after[i] as number
    const fate: Fate = before === after ? 'stays' : before === gone ? 'forced' : 'needless'
    fates[fate]++
    perHopBefore[before] = (perHopBefore[before] as number) + 1
    perHopAfter[after] = (perHopAfter[after] as number) + 1
    if (i < SAMPLE)
      sample.push({
        src: flows.src[i] as Ip4,
        sport: flows.sport[i] as number,
        hash: hashes[i] as number,
        before,
        after,
        fate,
      })
  }
  const { boundsBefore, boundsAfter, bucketsBefore, bucketsAfter } = choice
  const exact = spec.group === 'resilient' ? null : exactShares(boundsBefore, boundsAfter, gone)
  const tables = { boundsBefore, boundsAfter, bucketsBefore, bucketsAfter }
  return {
    vip: VIP,
    port: PORT,
    ...tables,
    sample,
    fates,
    perHopBefore,
    perHopAfter,
    distinct: countDistinct(hashes),
    exact,
  }
}

function makeFlows(sources: StudySpec['sources'], count: number): FlowBatch {
  const rng = makeRng(7, `study ${sources}`)
  const src = new Uint32Array(count)
  const sport = new Uint16Array(count)
  for (let i = 0; i < count; i++) {
    src[i] = sourceOf(sources, i, rng)
    sport[i] = 32768 + nextBelow(rng, 28232)
  }
  return {
    src,
    dst: new Uint32Array(count).fill(VIP),
    sport,
    dport: new Uint16Array(count).fill(PORT),
    proto: 6,
  }
}

function sourceOf(sources: StudySpec['sources'], i: number, rng: Rng): number {
  if (sources === 'ports') return ONE_CLIENT
  const other = (0x0b000000 + (nextU32(rng) & 0xffffff)) >>> 0
  return sources === 'nat' && i % 5 !== 4 ? NAT_ADDRESS : other
}

interface Assigned {
  hops: number
  before: Uint8Array
  after: Uint8Array
  boundsBefore: number[]
  boundsAfter: number[]
  bucketsBefore: number[]
  bucketsAfter: number[]
}

/** Weights after the change; those of a next hop that is gone are 0. */
function weightsAfter({ weights, change }: StudySpec): number[] {
  if (change.kind === 'add') return [...weights, change.weight]
  return weights.map((weight, i) => (change.kind === 'remove' && i === change.index ? 0 : weight))
}

function byBounds(spec: StudySpec, hashes: Uint32Array): Assigned {
  const later = weightsAfter(spec)
  const boundsBefore = boundsOf(spec.weights)
  const boundsAfter = boundsOf(
    later.map((weight) => Math.max(1, weight)),
    later.map((weight) => weight > 0),
  )
  const before = new Uint8Array(hashes.length)
  const after = new Uint8Array(hashes.length)
  assignBatch(hashes, boundsBefore, before)
  assignBatch(hashes, boundsAfter, after)
  return { hops: later.length, before, after, boundsBefore, boundsAfter, bucketsBefore: [], bucketsAfter: [] }
}

function byBuckets(spec: StudySpec, hashes: Uint32Array): Assigned {
  const later = weightsAfter(spec)
  const group = createResilient(
    { members: spec.weights.map((weight, id) => ({ id, weight })), buckets: spec.buckets },
    0,
  )
  const bucketsBefore = [...group.owner]
  // every bucket has just been used
  group.usedNs = group.usedNs.map(() => 0)
  setResilientMembers(
    group,
    later.map((weight, id) => ({ id, weight })).filter(({ weight }) => weight > 0),
    0,
  )
  const bucketsAfter = [...group.owner]
  const assign = (owners: readonly number[]): Uint8Array =>
    Uint8Array.from(hashes, (hash) => owners[hash % owners.length] ?? 0)
  return {
    hops: later.length,
    before: assign(bucketsBefore),
    after: assign(bucketsAfter),
    boundsBefore: [],
    boundsAfter: [],
    bucketsBefore,
    bucketsAfter,
  }
}

function exactShares(old: readonly number[], now: readonly number[], gone: number): Record<Fate, number> {
  const shares: Record<Fate, number> = { stays: 0, forced: 0, needless: 0 }
  let from = 0
  for (const bound of [...old, ...now].sort((a, b) => a - b)) {
    if (bound < from) continue
    const before = selectByBounds(from, old)
    const fate: Fate =
      before === selectByBounds(from, now) ? 'stays' : before === gone ? 'forced' : 'needless'
    shares[fate] += (bound + 1 - from) / SPACE
    from = bound + 1
  }
  return shares
}

function countDistinct(hashes: Uint32Array): number {
  const sorted = hashes.slice().sort()
  let count = 0
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) count++
  return count
}

/** One flow's way through the hash, for showing. */
export interface FlowStudy {
  blocks: Pick<HashBlock, 'block' | 'sip' | 'hash32' | 'addressesSwapped' | 'portsSwapped'>[]
  hash32: number
  hash31: number
}

export function explainFlow(flow: { src: Ip4; sport: number; policy: number; seed: number }): FlowStudy {
  const outer = { src: flow.src, dst: VIP, proto: 6, sport: flow.sport, dport: PORT }
  const { policy, seed } = flow
  const { blocks, hash32, hash31 } = explainHash({ outer, policy, seed: seed >>> 0, fields: 7, path: 'fwd' })
  return { blocks, hash32, hash31 }
}

/** Flows per second-tier next hop, one row for each next hop of the first tier. */
export function runTiers(spec: {
  first: number
  second: number
  seed: number
  secondSeed: number
  flows: number
}): number[][] {
  const count = Math.min(200_000, spec.flows)
  const flows = makeFlows('clients', count)
  const one = new Uint32Array(count)
  const two = new Uint32Array(count)
  hashBatch(flows, { policy: 1, seed: spec.seed >>> 0 }, one)
  hashBatch(flows, { policy: 1, seed: spec.secondSeed >>> 0 }, two)
  const ones = (n: number): number[] => new Array<number>(n).fill(1)
  const firstBounds = boundsOf(ones(spec.first))
  const secondBounds = boundsOf(ones(spec.second))
  const rows = Array.from({ length: spec.first }, () => new Array<number>(spec.second).fill(0))
  for (let i = 0; i < count; i++) {
    const row = rows[selectByBounds(one[i] as number, firstBounds)]
    const column = selectByBounds(two[i] as number, secondBounds)
    if (row) row[column] = (row[column] as number) + 1
  }
  return rows
}

/**
 * What if the router dealt packets, not flows? Next hop of each packet in turn; a connection breaks at the first packet
 * that meets a load balancer which has not seen its SYN. Packets of all connections come mixed, as on a busy router.
 */
export function runSpray(spec: { hops: number; connections: number; packets: number }): number[][] {
  const rng = makeRng(3, 'spray')
  const rows = Array.from({ length: spec.connections }, () => [] as number[])
  let turn = 0
  const waiting = rows.map((_, i) => i)
  while (waiting.length > 0) {
    const at = nextBelow(rng, waiting.length)
    const row = rows[waiting[at] as number] as number[]
    row.push(turn++ % spec.hops)
    if (row.length >= spec.packets) waiting.splice(at, 1)
  }
  return rows
}
