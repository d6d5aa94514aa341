import { SEC } from '../../base/ids.ts'
import { FIN, type Tcp } from '../../wire/tcp.ts'
import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import { armTimer } from './arm.ts'
import { TIMEWAIT } from './constants.ts'
import { endConnection, setState } from './table.ts'
import { enterTimeWait } from './timewait.ts'
import type { TcpSock } from './types.ts'

/**
 * Closing states move on when our FIN is acknowledged (tcp_rcv_state_process, step 5). False: there is no socket any
 * more. Orphans in FIN_WAIT2 shrink to a small record, as in the kernel, unless this very segment goes on.
 */
export function stateAfterAck(host: Host, s: TcpSock, tcp: Tcp, length: number, ctx: Ctx): boolean {
  if (s.txq.length > 0 || s.sndUna !== s.sndNxt) return true
  switch (s.state) {
    case 'FIN_WAIT1':
      setState(host, s, 'FIN_WAIT2', 'ack', ctx)
      return !s.dead || length > 0 || (tcp.flags & FIN) !== 0 || !leaveOrphan(host, s, ctx)
    case 'CLOSING':
      enterTimeWait(host, s, 'TIME_WAIT', 'ack', ctx)
      return false
    case 'LAST_ACK':
      endConnection(host, s, '', 'ack', ctx)
      return false
    default:
      return true
  }
}

/** An orphan in FIN_WAIT2 does not wait for ever (tcp_fin_timeout). True: the socket is gone, a record is left. */
export function leaveOrphan(host: Host, s: TcpSock, ctx: Ctx): boolean {
  const timeoutNs = (host.sysctl.ipv4['tcp_fin_timeout'] ?? 60) * SEC
  if (timeoutNs > TIMEWAIT) {
    armTimer(host, s, 'finwait', ctx.now + timeoutNs - TIMEWAIT, ctx)
    return false
  }
  enterTimeWait(host, s, 'FIN_WAIT2', 'close', ctx)
  return true
}
