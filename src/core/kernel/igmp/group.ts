import { type DevName, type Ip4, isMulticast, MS, SEC, type SockId } from '../../base/ids.ts'
import { nextBelow } from '../../base/prng.ts'
import { bad, ok, type Result } from '../../base/result.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { Errno } from '../netlink.ts'
import { CHANGE_TO_EXCLUDE, CHANGE_TO_INCLUDE, sendReport } from './report.ts'
import type { Group } from './types.ts'

/**
 * Groups of this host and what it says about them: IGMPv3 reports on joining and leaving (net/ipv4/igmp.c,
 * igmp_link_local_mcast_reports on, its default). Simplified: any source (EXCLUDE {}) only, and queries are not answered,
 * since no router here asks.
 */

/** Each change is said twice (IGMP_QUERY_ROBUSTNESS_VARIABLE). */
const ROBUSTNESS = 2
/** IGMPV3_UNSOLICITED_REPORT_INTERVAL: the second time comes within a second. */
const REPORT_INTERVAL = SEC
/** The kernel's timers count ticks (CONFIG_HZ=250). */
const TICK = 4 * MS

/** Join (ip_mc_join_group). ENODEV: no such interface; EADDRINUSE: this socket is in it already; EINVAL: no group. */
export function joinGroup(host: Host, sock: SockId, dev: DevName, ip: Ip4, ctx: Ctx): Result<void, Errno> {
  if (!isMulticast(ip)) return bad('EINVAL')
  if (!host.devs[dev]) return bad('ENODEV')
  const old = host.groups.find((group) => group.dev === dev && group.ip === ip)
  if (old?.socks.includes(sock)) return bad('EADDRINUSE')
  if (old && old.socks.length > 0) {
    replace(host, old, { ...old, socks: [...old.socks, sock] })
    return ok(undefined)
  }
  host.groups = [{ dev, ip, socks: [sock], reports: ROBUSTNESS }, ...host.groups.filter((g) => g !== old)]
  changed(host, dev, ctx)
  return ok(undefined)
}

/** Leave (ip_mc_leave_group). EADDRNOTAVAIL: not in it. */
export function leaveGroup(host: Host, sock: SockId, dev: DevName, ip: Ip4, ctx: Ctx): Result<void, Errno> {
  const old = host.groups.find((group) => group.dev === dev && group.ip === ip && group.socks.includes(sock))
  if (!old) return bad('EADDRNOTAVAIL')
  const socks = old.socks.filter((id) => id !== sock)
  if (socks.length > 0) replace(host, old, { ...old, socks })
  else {
    replace(host, old, { ...old, socks, reports: ROBUSTNESS })
    changed(host, dev, ctx)
  }
  return ok(undefined)
}

/** A socket is closed. */
export function leaveAll(host: Host, sock: SockId, ctx: Ctx): void {
  for (const group of host.groups) {
    if (group.socks.includes(sock)) leaveGroup(host, sock, group.dev, group.ip, ctx)
  }
}

/** The interface came up: what is joined is said again (ip_mc_up). */
export function reportAgain(host: Host, dev: DevName, ctx: Ctx): void {
  const mine = host.groups.filter((group) => group.dev === dev && group.socks.length > 0)
  if (mine.length === 0) return
  host.groups = host.groups.map((g) => (mine.includes(g) ? { ...g, reports: ROBUSTNESS } : g))
  changed(host, dev, ctx)
}

function replace(host: Host, old: Group, group: Group): void {
  host.groups = host.groups.map((g) => (g === old ? group : g))
}

/** igmp_ifc_event: the report goes out a few ticks later, so that changes at one time share it. */
function changed(host: Host, dev: DevName, ctx: Ctx): void {
  arm(host, dev, TICK, ctx)
}

function arm(host: Host, dev: DevName, within: number, ctx: Ctx): void {
  const ticks = nextBelow(host.rng, Math.max(1, Math.floor(within / TICK))) + 2
  ctx.setTimer(host, `igmp:${dev}`, ctx.now + ticks * TICK)
}

/** igmp_ifc_timer_expire: all changes of one interface in one report, those left before those joined (igmpv3_send_cr). */
export function igmpTimer(host: Host, key: string, ctx: Ctx): void {
  const dev = key.slice('igmp:'.length)
  const due = host.groups.filter((group) => group.dev === dev && group.reports > 0)
  if (due.length === 0) return
  const left = due.filter((group) => group.socks.length === 0)
  const joined = due.filter((group) => group.socks.length > 0)
  const records = [
    ...left.map(({ ip }) => ({ type: CHANGE_TO_INCLUDE, ip })),
    ...joined.map(({ ip }) => ({ type: CHANGE_TO_EXCLUDE, ip })),
  ]
  host.groups = host.groups
    .map((group) => (due.includes(group) ? { ...group, reports: group.reports - 1 } : group))
    .filter((group) => group.socks.length > 0 || group.reports > 0)
  if (host.devs[dev]?.up) sendReport(host, dev, records, ctx)
  if (host.groups.some((group) => group.dev === dev && group.reports > 0))
    arm(host, dev, REPORT_INTERVAL, ctx)
}
