import type { Nanos } from '../../base/ids.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { Errno, NextHopSpec } from '../netlink.ts'
import { deleteRoutesWhere } from './fib.ts'
import type { NextHopObject } from './nexthop-object.ts'
import { createResilient, setResilientMembers, upkeepResilient } from './resilient.ts'

/**
 * Next-hop objects as they are made, changed and lost (net/ipv4/nexthop.c). What the kernel does not move on its own
 * (fdb nexthops, offload) is not modelled.
 */

/** `ip nexthop add` or `replace`. The device and gateway of a plain next hop have been checked by the caller. */
export function setNextHop(host: Host, spec: NextHopSpec, replace: boolean, ctx: Ctx): Result<void, Errno> {
  const old = host.nexthops[spec.id]
  if (old && !replace) return bad('EEXIST')
  const isGroup = spec.group.length > 0
  if (old && old.group.length > 0 !== isGroup) return bad('EINVAL')
  if (isGroup && !isGroupGood(host, spec)) return bad('EINVAL')
  if (old && isGroup && old.type !== spec.type) return bad('EINVAL')
  const { id, hop, blackhole, type, proto } = spec
  const group = spec.group.map((member) => ({ ...member }))
  const resilient = type === 'resilient' && isGroup ? (old?.resilient ?? newBuckets(spec, ctx.now)) : null
  host.nexthops[id] = { id, hop, blackhole, group, type, resilient, proto }
  if (old?.resilient && resilient) {
    if (spec.idleTimerNs !== undefined) resilient.idleTimerNs = spec.idleTimerNs
    if (spec.unbalancedTimerNs !== undefined) resilient.unbalancedTimerNs = spec.unbalancedTimerNs
    arm(host, id, setResilientMembers(resilient, group, ctx.now), ctx)
  }
  host.routeGen++
  return ok(undefined)
}

/** Members must exist, be there once, and be no groups; a blackhole must be alone (nh_check_attr_group). */
function isGroupGood(host: Host, { group, id }: NextHopSpec): boolean {
  const ids = new Set(group.map((member) => member.id))
  if (ids.size !== group.length || ids.has(id)) return false
  return group.every((member) => {
    const object = host.nexthops[member.id]
    return object !== undefined && object.group.length === 0 && (!object.blackhole || group.length === 1)
  })
}

function newBuckets(spec: NextHopSpec, now: Nanos): NextHopObject['resilient'] {
  const { group: members, buckets = 128, idleTimerNs, unbalancedTimerNs } = spec
  return createResilient(
    {
      members,
      buckets,
      ...(idleTimerNs !== undefined && { idleTimerNs }),
      ...(unbalancedTimerNs !== undefined && { unbalancedTimerNs }),
    },
    now,
  )
}

/** `ip nexthop del`: groups lose the member, and what is left empty goes, with every route that used it. */
export function deleteNextHop(host: Host, id: number, ctx: Ctx): Result<void, Errno> {
  if (!host.nexthops[id]) return bad('ENOENT')
  Reflect.deleteProperty(host.nexthops, id)
  ctx.clearTimer(host, `nexthop:${id}`)
  for (const object of Object.values(host.nexthops)) {
    const group = object.group.filter((member) => member.id !== id)
    if (group.length === object.group.length) continue
    if (group.length === 0) deleteNextHop(host, object.id, ctx)
    else shrink(host, object, group, ctx)
  }
  deleteRoutesWhere(host, (route) => route.nhid === id)
  return ok(undefined)
}

function shrink(host: Host, object: NextHopObject, group: NextHopObject['group'], ctx: Ctx): void {
  host.nexthops[object.id] = { ...object, group }
  if (object.resilient) arm(host, object.id, setResilientMembers(object.resilient, group, ctx.now), ctx)
}

/** A device went down or lost its carrier: its next-hop objects are deleted for good (nexthop_flush_dev). */
export function flushNextHops(host: Host, dev: string, ctx: Ctx): void {
  for (const object of Object.values(host.nexthops)) {
    if (object.hop?.dev === dev) deleteNextHop(host, object.id, ctx)
  }
}

function arm(host: Host, id: number, dueNs: Nanos | undefined, ctx: Ctx): void {
  if (dueNs === undefined) ctx.clearTimer(host, `nexthop:${id}`)
  else ctx.setTimer(host, `nexthop:${id}`, dueNs)
}

/** Timer `nexthop:ID`: buckets of a resilient group may have become idle. */
export function nextHopTimer(host: Host, key: string, ctx: Ctx): void {
  const id = Number(key.slice('nexthop:'.length))
  const resilient = host.nexthops[id]?.resilient
  if (resilient) arm(host, id, upkeepResilient(resilient, ctx.now), ctx)
}
