import { bad, ok, type Result } from '../../base/result.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { Errno } from '../netlink.ts'
import type { IpvsConn, SyncDaemon } from './types.ts'

/** Connection synchronisation (net/netfilter/ipvs/ip_vs_sync.c). */

export function startDaemon(host: Host, state: 'master' | 'backup', daemon: SyncDaemon): Result<void, Errno> {
  if (host.ipvs[state]) return bad('EEXIST')
  if (!host.devs[daemon.dev]) return bad('ENODEV')
  host.ipvs[state] = daemon
  return ok(undefined)
}

export function stopDaemon(host: Host, state: 'master' | 'backup'): Result<void, Errno> {
  if (!host.ipvs[state]) return bad('ESRCH')
  host.ipvs[state] = null
  return ok(undefined)
}

export function syncConn(_host: Host, _conn: IpvsConn, _ctx: Ctx): void {
  return
}
