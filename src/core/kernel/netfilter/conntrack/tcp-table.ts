/** State transitions of TCP as a firewall sees them (nf_conntrack_proto_tcp.c tcp_conntracks). */

/** What a segment is, by its flags: RST before SYN before FIN before ACK. */
export const SYN_SET = 0
export const SYNACK_SET = 1
export const FIN_SET = 2
export const ACK_SET = 3
export const RST_SET = 4
export const NONE_SET = 5

/** States by number; the last two are no states but answers of the table. */
export const NONE = 0
export const SYN_SENT = 1
export const SYN_RECV = 2
export const ESTABLISHED = 3
export const FIN_WAIT = 4
export const TIME_WAIT = 7
export const CLOSE = 8
export const INVALID = 10
export const IGNORE = 11

const NAMES: Record<string, number> = {
  NO: 0,
  SS: 1,
  SR: 2,
  ES: 3,
  FW: 4,
  CW: 5,
  LA: 6,
  TW: 7,
  CL: 8,
  S2: 9,
  IV: INVALID,
  IG: IGNORE,
}

const row = (text: string): readonly number[] => text.split(' ').map((name) => NAMES[name] ?? INVALID)

const NEVER = row('IV IV IV IV IV IV IV IV IV IV')
const RESET = row('IV CL CL CL CL CL CL CL CL CL')
const FIN = row('IV IV FW FW LA LA LA TW CL IV')

/** By direction, kind of segment, state:         NO SS SR ES FW CW LA TW CL S2 */
const TRANSITIONS: readonly (readonly (readonly number[])[])[] = [
  [
    /* syn    */ row('SS SS IG IG IG IG IG SS SS S2'),
    /* synack */ row('IV IV IG IG IG IG IG IG IG SR'),
    /* fin    */ FIN,
    /* ack    */ row('ES IV ES ES CW CW TW TW CL IV'),
    RESET,
    NEVER,
  ],
  [
    /* syn    */ row('IV S2 IV IV IV IV IV IV IV S2'),
    /* synack */ row('IV SR IG IG IG IG IG IG IG SR'),
    /* fin    */ FIN,
    /* ack    */ row('IV IG SR ES CW CW TW TW CL IG'),
    RESET,
    NEVER,
  ],
]

/** The next state, or INVALID or IGNORE. */
export function nextCtState(dir: number, index: number, state: number): number {
  return TRANSITIONS[dir]?.[index]?.[state] ?? INVALID
}

/** Seconds an entry lives in each state (net.netfilter.nf_conntrack_tcp_timeout_*). */
export const TIMEOUT_SEC: readonly number[] = [0, 120, 60, 432_000, 120, 60, 30, 120, 10, 120]
/** After three retransmissions, and while data is not acknowledged, at most this long. */
export const RETRANS_SEC = 300
export const UNACK_SEC = 300
