import { type Nanos, SEC } from '../../base/ids.ts'
import { ACK, FIN, RST, SYN } from '../../wire/tcp.ts'
import type { IpvsState } from './types.ts'

/**
 * TCP as a director sees it (net/netfilter/ipvs/ip_vs_proto_tcp.c). In DR and TUN it sees only what the client sends,
 * and uses a table of its own for that ("input only"); golden B15.
 */

type Row = readonly [string, string, string, string, string, string, string, string, string, string, string]

const COLUMNS = [
  'NONE',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'SYNACK',
] as const
const NAME: Record<string, IpvsState> = {
  ES: 'ESTABLISHED',
  SS: 'SYN_SENT',
  SR: 'SYN_RECV',
  FW: 'FIN_WAIT',
  TW: 'TIME_WAIT',
  CL: 'CLOSE',
  CW: 'CLOSE_WAIT',
  LA: 'LAST_ACK',
  LI: 'LISTEN',
  SA: 'SYNACK',
}

/** New state by flag (syn, fin, ack, rst) and old state. */
const INPUT_ONLY: readonly [Row, Row, Row, Row] = [
  ['SR', 'ES', 'ES', 'SR', 'SR', 'SR', 'SR', 'SR', 'SR', 'SR', 'SR'],
  ['CL', 'FW', 'SS', 'TW', 'FW', 'TW', 'CL', 'CW', 'LA', 'LI', 'TW'],
  ['ES', 'ES', 'SS', 'ES', 'FW', 'TW', 'CL', 'CW', 'CL', 'LI', 'ES'],
  ['CL', 'CL', 'CL', 'SR', 'CL', 'CL', 'CL', 'CL', 'LA', 'LI', 'CL'],
]

/** Time a connection stays in each state without a packet, seconds (tcp_timeouts). */
const TIMEOUT_S: Record<IpvsState, number> = {
  NONE: 2,
  ESTABLISHED: 900,
  SYN_SENT: 120,
  SYN_RECV: 60,
  FIN_WAIT: 120,
  TIME_WAIT: 120,
  CLOSE: 10,
  CLOSE_WAIT: 60,
  LAST_ACK: 30,
  LISTEN: 120,
  SYNACK: 120,
}

export function timeoutOf(state: IpvsState): Nanos {
  return TIMEOUT_S[state] * SEC
}

/** State after a client's segment with these flags, when replies are not seen. */
export function nextInputOnly(state: IpvsState, flags: number): IpvsState {
  const [onSyn, onFin, onAck, onRst] = INPUT_ONLY
  const row =
    flags & RST ? onRst : flags & SYN ? onSyn : flags & FIN ? onFin : flags & ACK ? onAck : undefined
  const cell = row?.[COLUMNS.indexOf(state)]
  return (cell !== undefined && NAME[cell]) || state
}
