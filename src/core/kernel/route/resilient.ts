/**
 * Resilient next-hop groups (net/ipv4/nexthop.c): the hash picks one of a fixed number of buckets, and a change of members
 * moves as few buckets as it can. Plain data; the owner calls `upkeepResilient` when the time it returned has come.
 *
 * Simplified: the kernel waits at least half a second between two upkeeps, so may move a bucket that much later.
 */
import { type Nanos, SEC } from '../../base/ids.ts'

export interface ResilientMember {
  id: number
  /** 1..65535. */
  weight: number
}

export interface ResilientGroup {
  /** In the order of the command. */
  members: ResilientMember[]
  /** Per bucket: id of its member, FREE = none. */
  owner: number[]
  /** Per bucket: last look-up, NEVER = none since it was given to its member. */
  usedNs: Nanos[]
  idleTimerNs: Nanos
  /** 0 = buckets in use are never taken by force. */
  unbalancedTimerNs: Nanos
  /** Since when some member has fewer buckets than it should; meaningful while that is so. */
  unbalancedSinceNs: Nanos
}

const FREE = -1
const NEVER = -1
/** Kernel defaults (NH_RES_DEFAULT_IDLE_TIMER, NH_RES_DEFAULT_UNBALANCED_TIMER). */
const IDLE_TIMER_NS = 120 * SEC
const UNBALANCED_TIMER_NS = 0

export interface ResilientSpec {
  members: readonly ResilientMember[]
  buckets: number
  idleTimerNs?: Nanos
  unbalancedTimerNs?: Nanos
}

/** A new group, its buckets filled. */
export function createResilient(spec: ResilientSpec, now: Nanos): ResilientGroup {
  const group: ResilientGroup = {
    members: [],
    owner: new Array<number>(spec.buckets).fill(FREE),
    usedNs: new Array<Nanos>(spec.buckets).fill(NEVER),
    idleTimerNs: spec.idleTimerNs ?? IDLE_TIMER_NS,
    unbalancedTimerNs: spec.unbalancedTimerNs ?? UNBALANCED_TIMER_NS,
    unbalancedSinceNs: now,
  }
  setResilientMembers(group, spec.members, now)
  return group
}

/** How many buckets each weight is entitled to: differences of rounded shares, so that they add up to `buckets`. */
export function wantedBuckets(weights: readonly number[], buckets: number): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let sum = 0
  let before = 0
  return weights.map((weight) => {
    sum += weight
    const upTo = Math.floor((buckets * sum + Math.floor(total / 2)) / total)
    const wants = upTo - before
    before = upTo
    return wants
  })
}

/** How many buckets each member has now, in the order of members. */
export function countBuckets(group: ResilientGroup): number[] {
  const counts = new Map(group.members.map(({ id }) => [id, 0]))
  for (const id of group.owner) if (counts.has(id)) counts.set(id, (counts.get(id) ?? 0) + 1)
  return group.members.map(({ id }) => counts.get(id) ?? 0)
}

/**
 * Replace the members. Buckets of members that are gone are given away at once, others by `upkeepResilient`'s rules.
 * Returns when the next upkeep is due, undefined = not needed.
 */
export function setResilientMembers(
  group: ResilientGroup,
  members: readonly ResilientMember[],
  now: Nanos,
): Nanos | undefined {
  const wasHungry = hungriest(surplusOf(group)) !== undefined
  group.members = members.map(({ id, weight }) => ({ id, weight }))
  const ids = new Set(members.map(({ id }) => id))
  group.owner = group.owner.map((id) => (ids.has(id) ? id : FREE))
  if (!wasHungry) group.unbalancedSinceNs = now
  return upkeepResilient(group, now)
}

/**
 * Give buckets to members that have too few, the last such member first: a free bucket at once; a bucket of a member that
 * has too many only if it is idle, or if the group has been unbalanced for longer than the unbalanced timer. Returns
 * when to call again, undefined = balanced.
 */
export function upkeepResilient(group: ResilientGroup, now: Nanos): Nanos | undefined {
  const surplus = surplusOf(group)
  const place = new Map(group.members.map(({ id }, i) => [id, i]))
  const { unbalancedTimerNs, idleTimerNs } = group
  const forcedAt = unbalancedTimerNs > 0 ? group.unbalancedSinceNs + unbalancedTimerNs : Infinity
  let due = now + (unbalancedTimerNs > 0 ? unbalancedTimerNs : idleTimerNs)
  group.owner.forEach((id, bucket) => {
    const from = place.get(id)
    if (from !== undefined) {
      if ((surplus[from] as number) <= 0) return
      const used = group.usedNs[bucket] as Nanos
      const idleAt = used === NEVER ? now : used + idleTimerNs
      if (now < idleAt && now <= forcedAt) {
        due = Math.min(due, idleAt, forcedAt)
        return
      }
    }
    const to = hungriest(surplus)
    const member = to === undefined ? undefined : group.members[to]
    if (to === undefined || !member) return
    if (from !== undefined) surplus[from] = (surplus[from] as number) - 1
    surplus[to] = (surplus[to] as number) + 1
    group.owner[bucket] = member.id
    group.usedNs[bucket] = NEVER
  })
  return hungriest(surplus) === undefined ? undefined : Math.max(due, now + 1)
}

/** Buckets each member has beyond what it wants; negative = too few. */
function surplusOf(group: ResilientGroup): number[] {
  const wants = wantedBuckets(
    group.members.map(({ weight }) => weight),
    group.owner.length,
  )
  return countBuckets(group).map((count, i) => count - (wants[i] as number))
}

/** The kernel puts hungry members on the head of a list as it goes through them, so the last one eats first. */
function hungriest(surplus: readonly number[]): number | undefined {
  for (let i = surplus.length - 1; i >= 0; i--) if ((surplus[i] as number) < 0) return i
  return undefined
}

/**
 * Member of a flow, and its bucket, which counts as used now. A group of one member is not looked at by the route
 * look-up: pass `mark` false then. `hash31` = multipathHash >>> 1.
 */
export function selectResilient(
  group: ResilientGroup,
  hash31: number,
  now: Nanos,
  mark = true,
): { id: number; bucket: number } {
  const bucket = hash31 % group.owner.length
  if (mark) group.usedNs[bucket] = now
  return { id: group.owner[bucket] as number, bucket }
}
