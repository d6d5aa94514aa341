import type { Ctx } from './ctx.ts'
import type { Host } from './host.ts'
import type { NetChange } from './net-change.ts'

/** Tell those who listen to rtnetlink. Costs nothing where nobody does. */
export function tellNetlink(host: Host, change: NetChange, ctx: Ctx): void {
  for (const pid of host.netlinkSocks) ctx.wake(host, pid, { kind: 'netlink', change })
}
