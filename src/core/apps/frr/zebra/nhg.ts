/**
 * Next-hop groups (zebra/zebra_nhg.c). Ids are given in order of birth, and a group as offered (not looked at yet) and the
 * same with its next hops found good are two, as in zebra: that is why ids in `ip route` have gaps (golden A4: 6, 10, 11).
 * What the kernel holds and nobody uses is kept for 180 s in case it is wanted again (golden A5: 10 comes back).
 */
import { type Nanos, SEC } from '../../../base/ids.ts'
import type { Sys } from '../../sys.ts'
import type { Hop, Nhe, ZebraState } from './types.ts'

/** ZEBRA_DEFAULT_NHG_KEEP_TIMER. */
export const KEEP_NS: Nanos = 180 * SEC

/** The group of these next hops, made if there is none (zebra_nhe_find). */
export function findNhe(st: ZebraState, hops: readonly Hop[], now: Nanos): Nhe {
  const key = hops.map(hopKey).join(' ')
  const known = st.byKey[key]
  const old = known === undefined ? undefined : st.nhes[known]
  if (old) {
    old.since = now
    return old
  }
  const id = nextId(st)
  // The id is taken before those of its parts: a group's is the smaller one.
  st.byKey[key] = id
  const depends = dependsOf(st, hops, now)
  const valid = hops[0]?.active ?? false
  const nhe: Nhe = {
    id,
    key,
    hops: Object.freeze(hops.map((hop) => Object.freeze(hop))),
    depends: Object.freeze([...depends].sort((a, b) => a - b)),
    refs: 0,
    valid,
    installed: false,
    keepUntil: 0,
    since: now,
  }
  st.nhes[id] = nhe
  for (const part of depends) hold(st, part)
  return nhe
}

function nextId(st: ZebraState): number {
  do st.lastNhe++
  while (st.nhes[st.lastNhe])
  return st.lastNhe
}

function dependsOf(st: ZebraState, hops: readonly Hop[], now: Nanos): readonly number[] {
  const [only] = hops
  if (only && hops.length === 1) {
    return only.resolved.length > 0 ? [findNhe(st, only.resolved, now).id] : []
  }
  return [...new Set(hops.map((hop) => findNhe(st, [hop], now).id))]
}

function hopKey(hop: Hop): string {
  const { kind, gateway, dev, weight, onlink, active, src, resolved } = hop
  const inner = resolved.length > 0 ? `(${resolved.map(hopKey).join(' ')})` : ''
  const via = kind === 'gateway' ? '' : dev
  return `${kind}:${gateway}:${via}:${weight}:${onlink ? 1 : 0}:${active ? 1 : 0}:${src}${inner}`
}

/** One user more (zebra_nhg_increment_ref). */
export function hold(st: ZebraState, id: number): void {
  const nhe = st.nhes[id]
  if (!nhe) return
  nhe.refs++
  if (nhe.keepUntil > 0) {
    nhe.keepUntil = 0
    nhe.refs--
  }
  for (const part of nhe.depends) hold(st, part)
}

/** One user less (zebra_nhg_decrement_ref); the last one lets it go, if the kernel has it after the time to keep it. */
export function release(sys: Sys, st: ZebraState, id: number): void {
  const nhe = st.nhes[id]
  if (!nhe) return
  nhe.refs--
  if (nhe.refs <= 0 && nhe.installed && nhe.keepUntil === 0) {
    nhe.refs = 1
    nhe.keepUntil = sys.now + KEEP_NS
    sys.sleep(`nhe ${id}`, KEEP_NS)
    return
  }
  for (const part of nhe.depends) release(sys, st, part)
  if (nhe.refs > 0) return
  if (nhe.installed) sys.netlink({ op: 'nexthop.del', id })
  Reflect.deleteProperty(st.nhes, id)
  if (st.byKey[nhe.key] === id) Reflect.deleteProperty(st.byKey, nhe.key)
  // Besides its users' holds, a group has one of its own on each part.
  for (const part of nhe.depends) release(sys, st, part)
}

/** Timer `nhe ID` (zebra_nhg_timer). */
export function keepTimer(sys: Sys, st: ZebraState, id: number): void {
  const nhe = st.nhes[id]
  if (nhe && nhe.keepUntil > 0 && nhe.keepUntil <= sys.now) release(sys, st, id)
}

/** A single gateway found through another route is installed as what it was found through (zebra_nhg_resolve). */
export function resolveNhe(st: ZebraState, nhe: Nhe): Nhe {
  const recursive = nhe.hops.length === 1 && (nhe.hops[0]?.resolved.length ?? 0) > 0
  const inner = recursive ? st.nhes[nhe.depends[0] ?? 0] : undefined
  return inner ? resolveNhe(st, inner) : nhe
}

/** Ids of the single next hops a group stands for, each once (zebra_nhg_nhe2grp). */
function membersOf(st: ZebraState, nhe: Nhe): number[] {
  const ids: number[] = []
  for (const id of nhe.depends) {
    const part = st.nhes[id]
    if (!part?.valid) continue
    const real = resolveNhe(st, part)
    for (const member of real.depends.length > 0 ? membersOf(st, real) : [real.id]) {
      if (!ids.includes(member)) ids.push(member)
    }
  }
  return ids
}

/** Put it into the kernel, parts first (zebra_nhg_install_kernel). */
export function installNhe(sys: Sys, st: ZebraState, top: Nhe): void {
  const nhe = resolveNhe(st, top)
  for (const id of nhe.depends) {
    const part = st.nhes[id]
    if (part) installNhe(sys, st, part)
  }
  const [hop] = nhe.hops
  if (!hop || !nhe.valid || nhe.installed) return
  const isGroup = nhe.depends.length > 0
  const blackhole = !isGroup && (hop.kind === 'blackhole' || hop.kind === 'reject')
  const { gateway, dev, onlink } = hop
  const done = sys.netlink({
    op: 'nexthop.replace',
    id: nhe.id,
    hop: isGroup || blackhole ? null : { gateway, dev, weight: 1, ...(onlink && { onlink: true }) },
    blackhole,
    group: isGroup ? membersOf(st, nhe).map((id) => ({ id, weight: weightOf(st, id) })) : [],
    type: 'mpath',
    proto: 'zebra',
  })
  nhe.installed = done.ok
}

function weightOf(st: ZebraState, id: number): number {
  return Math.max(1, st.nhes[id]?.hops[0]?.weight ?? 1)
}

/** An interface went down: what leads out of it is void, and the kernel has thrown it away (if_down_nhg_dependents). */
export function voidNhes(st: ZebraState, dev: string): void {
  for (const nhe of Object.values(st.nhes)) {
    const [hop] = nhe.hops
    if (nhe.depends.length === 0 && hop?.dev === dev && hop.kind !== 'blackhole') setVoid(st, nhe)
  }
}

function setVoid(st: ZebraState, nhe: Nhe): void {
  nhe.valid = false
  nhe.installed = false
  for (const user of Object.values(st.nhes)) {
    if (!user.depends.includes(nhe.id)) continue
    if (user.depends.some((id) => st.nhes[id]?.valid)) user.valid = true
    else setVoid(st, user)
  }
}

/** Those with active next hops are good again (zebra_nhg_set_valid_if_active). */
export function setValid(st: ZebraState, nhe: Nhe): boolean {
  const parts = nhe.depends.map((id) => st.nhes[id]).filter((part) => part !== undefined)
  const good =
    parts.length > 0 ? parts.map((part) => setValid(st, part)).some(Boolean) : (nhe.hops[0]?.active ?? false)
  if (good) nhe.valid = true
  return good
}
