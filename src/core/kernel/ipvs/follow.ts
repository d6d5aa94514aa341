import { read8 } from '../../base/bytes.ts'
import { ipTotalLength, PROTO_TCP } from '../../wire/ipv4.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { L2, type Skb } from '../skb.ts'
import { accountOf, destOf } from './conn.ts'
import { isActive, nextTcpState, timeoutOf } from './states.ts'
import { countersAt } from './stats.ts'
import { connById, replaceConn } from './table.ts'
import type { Draft, IpvsConn } from './types.ts'

/** What a packet does to its connection: counters, state, timeout (ip_vs_in_stats, ip_vs_out_stats, ip_vs_set_state). */

export function countIn(host: Host, skb: Skb, conn: IpvsConn, ctx: Ctx): void {
  const account = accountOf(host, conn)
  if (!account) return
  const bytes = ipTotalLength(skb.data, L2)
  for (const { stats } of [account.dest, account.service]) {
    const live = countersAt(stats, ctx.now)
    live.inPkts++
    live.inBytes += bytes
  }
}

export function countOut(host: Host, skb: Skb, conn: IpvsConn, ctx: Ctx): void {
  const account = accountOf(host, conn)
  if (!account) return
  const bytes = Math.min(ipTotalLength(skb.data, L2), skb.data.length - L2)
  for (const { stats } of [account.dest, account.service]) {
    const live = countersAt(stats, ctx.now)
    live.outPkts++
    live.outBytes += bytes
  }
}

/** The connection after a packet whose transport header is at `at`: to be given to touchConn. */
export function follow(host: Host, skb: Skb, at: number, conn: IpvsConn, way: 'input' | 'output'): Draft {
  const { ipvs } = host
  const next: Draft = { ...conn }
  // A reply that comes by shows that both sides can be seen, DR or not.
  if (way === 'output') next.noOutput = false
  if (conn.proto === PROTO_TCP) {
    next.state = nextTcpState(next.noOutput ? 'input-only' : way, conn.state, read8(skb.data, at + 13))
    if (next.state !== conn.state) {
      next.active = isActive(next.state)
      if (next.active !== conn.active) moveCount(host, conn, next.active)
      if (next.state === 'ESTABLISHED') assureTemplate(host, conn)
    }
  } else if (way === 'output') assureTemplate(host, conn)
  next.timeoutNs = timeoutOf(ipvs, next.state)
  return next
}

function moveCount(host: Host, conn: IpvsConn, active: boolean): void {
  const dest = destOf(host, conn)
  if (!dest) return
  dest.activeConns += active ? 1 : -1
  dest.inactConns += active ? -1 : 1
}

/** A template is worth keeping once one of its connections was answered (ip_vs_control_assure_ct). */
function assureTemplate(host: Host, conn: IpvsConn): void {
  const template = conn.control && connById(host.ipvs, conn.control)
  if (template && template.state !== 'ASSURED') replaceConn(host.ipvs, { ...template, state: 'ASSURED' })
}
