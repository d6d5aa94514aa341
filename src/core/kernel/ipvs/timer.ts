import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { expireConns } from './conn.ts'
import { SYNC_TIMER, syncTimer } from './sync.ts'

/** A timer of IPVS is due. */
export function ipvsTimer(host: Host, key: string, ctx: Ctx): void {
  if (key === SYNC_TIMER) syncTimer(host, ctx)
  else expireConns(host, ctx)
}
