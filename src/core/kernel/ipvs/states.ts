import { type Nanos, SEC } from '../../base/ids.ts'
import { PROTO_UDP } from '../../wire/ipv4.ts'
import { ACK, FIN, RST, SYN } from '../../wire/tcp.ts'
import type { Ipvs, IpvsState } from './types.ts'

/**
 * TCP as a director sees it (net/netfilter/ipvs/ip_vs_proto_tcp.c): one table for what the client sends, one for the
 * answers, and one for the client's side alone when the answers go another way (DR, TUN); golden B15. Not modelled: the
 * tables of secure_tcp.
 */
export type Direction = 'input' | 'output' | 'input-only'

const COLUMNS: readonly IpvsState[] = [
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
]
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

/** New state by flag (syn, fin, ack, rst) and old state, in the order of COLUMNS. */
const TABLE: Record<Direction, readonly [string, string, string, string]> = {
  input: [
    'SR ES ES SR SR SR SR SR SR SR SR',
    'CL CW SS TW TW TW CL CW LA LI TW',
    'ES ES SS ES FW TW CL CW CL LI ES',
    'CL CL CL SR CL CL CL CL LA LI SR',
  ],
  output: [
    'SS ES SS SR SS SS SS SS SS LI SR',
    'TW FW SS TW FW TW CL TW LA LI TW',
    'ES ES SS ES FW TW CL CW LA ES ES',
    'CL CL SS CL CL TW CL CL CL CL CL',
  ],
  'input-only': [
    'SR ES ES SR SR SR SR SR SR SR SR',
    'CL FW SS TW FW TW CL CW LA LI TW',
    'ES ES SS ES FW TW CL CW CL LI ES',
    'CL CL CL SR CL CL CL CL LA LI CL',
  ],
}

const NEXT = Object.fromEntries(
  Object.entries(TABLE).map(([direction, rows]) => [direction, rows.map(readRow)]),
) as Record<Direction, Record<string, IpvsState>[]>

function readRow(row: string): Record<string, IpvsState> {
  const cells = row.split(' ').map((cell) => NAME[cell] ?? 'CLOSE')
  return Object.fromEntries(COLUMNS.map((state, i) => [state, cells[i] ?? 'CLOSE']))
}

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
  UDP: 300,
  ASSURED: 0,
}

/** Idle time of a state; `ipvsadm --set` changes three of them (ip_vs_set_timeout). */
export function timeoutOf(ipvs: Ipvs, state: IpvsState): Nanos {
  const { tcp, tcpfin, udp } = ipvs.timeouts
  if (state === 'ESTABLISHED') return tcp * SEC
  if (state === 'FIN_WAIT') return tcpfin * SEC
  return (state === 'UDP' ? udp : TIMEOUT_S[state]) * SEC
}

/** State after a TCP segment with these flags; a segment with none of them closes (set_tcp_state). */
export function nextTcpState(direction: Direction, state: IpvsState, flags: number): IpvsState {
  const row = flags & RST ? 3 : flags & SYN ? 0 : flags & FIN ? 1 : flags & ACK ? 2 : -1
  return NEXT[direction][row]?.[state] ?? 'CLOSE'
}

/** States that count as ActiveConn; UDP never does (tcp_state_active_table; golden B15). */
export function isActive(state: IpvsState): boolean {
  return state === 'ESTABLISHED' || state === 'SYN_SENT' || state === 'SYN_RECV' || state === 'SYNACK'
}

/** State of a connection that was made for a packet of this protocol, before the packet itself counts. */
export function firstState(proto: number): IpvsState {
  return proto === PROTO_UDP ? 'UDP' : 'NONE'
}
