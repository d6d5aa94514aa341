import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { expireConns, SYNC_TIMER } from './conn.ts'
import { ipvsModule } from './module.ts'

/** A timer of IPVS is due. */
export function ipvsTimer(host: Host, key: string, ctx: Ctx): void {
  if (key === SYNC_TIMER) ipvsModule().sync.syncTimer(host, ctx)
  else expireConns(host, ctx)
}
