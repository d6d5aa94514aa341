import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { isAvailable, removeConn } from './conn.ts'
import { connById, listConns } from './table.ts'

/**
 * With net.ipv4.vs.expire_nodest_conn=1 connections go with their real server (ip_vs_expire_nodest_conn_flush; Linux 5.9).
 * The kernel does it a jiffy later; here it is at once. Templates go last, when they control nothing any more.
 */
export function expireNodest(host: Host, ctx: Ctx): void {
  if (host.sysctl.vs['expire_nodest_conn'] !== 1) return
  const gone = listConns(host.ipvs).filter((conn) => conn.dest !== 0 && !isAvailable(host, conn))
  for (const template of [false, true]) {
    for (const conn of gone) {
      const now = connById(host.ipvs, conn)
      if (now?.template === template && now.controls === 0) removeConn(host, now, ctx)
    }
  }
}
