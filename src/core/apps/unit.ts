import type { Ctx } from '../kernel/ctx.ts'
import type { Host, Proc } from '../kernel/host.ts'

/** Services as far as processes make them: one begins with its first process and has ended when the last one is gone. */

export function joinUnit(host: Host, proc: Proc, ctx: Ctx): void {
  const old = host.units[proc.unit]
  const others = Object.values(host.procs).some((p) => p.unit === proc.unit && p !== proc)
  if (old?.state === 'active' && others) return
  const state = { state: 'active', sinceNs: ctx.now, mainPid: proc.pid, stopping: false, status: 0 } as const
  host.units = { ...host.units, [proc.unit]: state }
}

/** A process of a service has ended with `status` and is gone already. */
export function leaveUnit(host: Host, proc: Proc, status: number, ctx: Ctx): void {
  const unit = host.units[proc.unit]
  if (!unit) return
  const left = Object.values(host.procs).find((p) => p.unit === proc.unit)
  const isMain = proc.pid === unit.mainPid
  if (left) {
    if (isMain) host.units = { ...host.units, [proc.unit]: { ...unit, mainPid: left.pid } }
    return
  }
  // 143: SIGTERM counts as a clean end.
  const clean = unit.stopping || status === 0 || status === 143
  const state = clean ? 'inactive' : 'failed'
  host.units = { ...host.units, [proc.unit]: { ...unit, state, sinceNs: ctx.now, stopping: false, status } }
}
