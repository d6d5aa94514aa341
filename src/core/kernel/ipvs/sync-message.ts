import { type Bytes, read16, read32, read8, write16, write32 } from '../../base/bytes.ts'
import { type Ip4, SEC } from '../../base/ids.ts'
import type { IpvsConn, IpvsMode, IpvsState } from './types.ts'

/**
 * What directors tell each other, in the kernel's version 1 format (ip_vs_sync.c struct ip_vs_sync_mesg,
 * ip_vs_sync_v4): a header of 8 bytes, then 36 bytes a connection. Sequence numbers and persistence data never follow.
 */
export const SYNC_HEADER = 8
export const SYNC_CONN = 36

/** What travels of a connection. */
export type SyncRecord = Pick<
  IpvsConn,
  | 'proto'
  | 'cip'
  | 'cport'
  | 'vip'
  | 'vport'
  | 'dip'
  | 'dport'
  | 'mode'
  | 'state'
  | 'timeoutNs'
  | 'active'
  | 'template'
  | 'noOutput'
  | 'fwmark'
>

const TCP_STATES: readonly IpvsState[] = [
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
const MODES: readonly (IpvsMode | '')[] = ['nat', '', 'tun', 'dr']
const F_NOOUTPUT = 0x80
const F_INACTIVE = 0x100
const F_TEMPLATE = 0x1000
const TCP = 6

export function emitSync(syncid: number, conns: readonly SyncRecord[]): Bytes {
  const out = new Uint8Array(SYNC_HEADER + SYNC_CONN * conns.length)
  out[1] = syncid
  write16(out, 2, out.length)
  out[4] = conns.length
  out[5] = 1
  conns.forEach((conn, i) => emitConn(conn, out, SYNC_HEADER + SYNC_CONN * i))
  return out
}

function emitConn(conn: SyncRecord, out: Bytes, at: number): void {
  const { template, active, noOutput } = conn
  const flags =
    MODES.indexOf(conn.mode) |
    (noOutput ? F_NOOUTPUT : 0) |
    (active ? 0 : F_INACTIVE) |
    (template ? F_TEMPLATE : 0)
  out[at + 1] = conn.proto
  write16(out, at + 2, SYNC_CONN)
  write32(out, at + 4, flags)
  write16(out, at + 8, stateNumber(conn))
  write16(out, at + 10, conn.cport)
  write16(out, at + 12, conn.vport)
  write16(out, at + 14, conn.dport)
  write32(out, at + 16, conn.fwmark)
  write32(out, at + 20, Math.floor(conn.timeoutNs / SEC))
  write32(out, at + 24, conn.cip)
  write32(out, at + 28, conn.vip)
  write32(out, at + 32, conn.dip)
}

function stateNumber({ template, state }: SyncRecord): number {
  if (template) return state === 'ASSURED' ? 1 : 0
  return Math.max(0, TCP_STATES.indexOf(state))
}

/** Connections of a message for `syncid` (0 = any); nothing of a message that lies about its length or is for others. */
export function parseSync(b: Bytes, syncid: number): SyncRecord[] {
  const size = read16(b, 2)
  if (b.length < SYNC_HEADER || size > b.length || read8(b, 5) !== 1) return []
  if (syncid !== 0 && read8(b, 1) !== syncid) return []
  const out: SyncRecord[] = []
  let at = SYNC_HEADER
  for (let i = 0; i < read8(b, 4); i++) {
    const length = read16(b, at + 2) & 0xfff
    if (length < SYNC_CONN || at + length > size) return out
    const conn = parseConn(b, at)
    if (conn) out.push(conn)
    at += (length + 3) & ~3
  }
  return out
}

function parseConn(b: Bytes, at: number): SyncRecord | undefined {
  const flags = read32(b, at + 4)
  const mode = MODES[flags & 7]
  const proto = read8(b, at + 1)
  const template = (flags & F_TEMPLATE) !== 0
  const number = read16(b, at + 8)
  const state = template ? (number === 1 ? 'ASSURED' : 'NONE') : proto === TCP ? TCP_STATES[number] : 'UDP'
  if (read8(b, at) !== 0 || !mode || state === undefined) return undefined
  return {
    proto,
    cip: read32(b, at + 24) as Ip4,
    cport: read16(b, at + 10),
    vip: read32(b, at + 28) as Ip4,
    vport: read16(b, at + 12),
    dip: read32(b, at + 32) as Ip4,
    dport: read16(b, at + 14),
    mode,
    state,
    timeoutNs: read32(b, at + 20) * SEC,
    active: (flags & F_INACTIVE) === 0,
    template,
    noOutput: (flags & F_NOOUTPUT) !== 0,
    fwmark: read32(b, at + 16),
  }
}
