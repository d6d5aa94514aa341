import { type Bytes, read16, read32, write16, write32 } from '../base/bytes.ts'
import type { Ip4 } from '../base/ids.ts'

/**
 * TCP options as Linux sends them (tcp_options_write, net/ipv4/tcp_output.c), so that lengths on the wire agree.
 * Fast Open, MD5, AO and multipath options are stepped over when read and never written.
 */
export const OPT_END = 0
export const OPT_NOP = 1
export const OPT_MSS = 2
export const OPT_WINDOW_SCALE = 3
export const OPT_SACK_PERMITTED = 4
export const OPT_SACK = 5
export const OPT_TIMESTAMPS = 8
/** Client's port and address, put in by FULLNAT load balancers ("TCP option address"): length 8. */
export const OPT_TOA = 254

export interface TcpOptions {
  /** Bytes. */
  mss?: number
  /** Left shift, 0..14 (RFC 7323). */
  windowScale?: number
  sackPermitted?: boolean
  timestamps?: { value: number; echo: number }
  /** Left and right edge of each block, as sequence numbers (RFC 2018). */
  sacks?: [number, number][]
  /** Only read: load balancers write it themselves (kernel/ipvs/toa.ts). */
  toa?: { ip: Ip4; port: number }
}

/** Options in b[at, end). A malformed length ends the list and keeps what was read before, as tcp_parse_options does. */
export function parseTcpOptions(b: Bytes, at: number, end: number): TcpOptions {
  const options: TcpOptions = {}
  while (at < end) {
    const kind = b[at] ?? OPT_END
    if (kind === OPT_END) break
    if (kind === OPT_NOP) {
      at++
      continue
    }
    const length = b[at + 1] ?? 0
    if (at + 1 >= end || length < 2 || at + length > end) break
    readOption(options, kind, length, b, at + 2)
    at += length
  }
  return options
}

function readOption(options: TcpOptions, kind: number, length: number, b: Bytes, at: number): void {
  if (kind === OPT_MSS && length === 4) options.mss = read16(b, at)
  else if (kind === OPT_WINDOW_SCALE && length === 3) options.windowScale = b[at] ?? 0
  else if (kind === OPT_SACK_PERMITTED && length === 2) options.sackPermitted = true
  else if (kind === OPT_TIMESTAMPS && length === 10)
    options.timestamps = { value: read32(b, at), echo: read32(b, at + 4) }
  else if (kind === OPT_TOA && length === 8)
    options.toa = { port: read16(b, at), ip: read32(b, at + 2) as Ip4 }
  else if (kind === OPT_SACK && length >= 10 && (length - 2) % 8 === 0) {
    const sacks: [number, number][] = []
    for (let i = 0; i < length - 2; i += 8) sacks.push([read32(b, at + i), read32(b, at + i + 4)])
    options.sacks = sacks
  }
}

/** Bytes the options take in a header, a multiple of 4; at most 40 (the caller limits the SACK blocks). */
export function tcpOptionsLength(options: TcpOptions): number {
  let length = 0
  if (options.mss !== undefined) length += 4
  if (options.timestamps) length += 12
  else if (options.sackPermitted === true) length += 4
  if (options.windowScale !== undefined) length += 4
  if (options.sacks && options.sacks.length > 0) length += 4 + 8 * options.sacks.length
  return length
}

/** Write the options at `at`, each padded with NOPs in front to a 32-bit word; SACK permitted fills the timestamps' pad. */
export function emitTcpOptions(options: TcpOptions, into: Bytes, at: number): void {
  if (options.mss !== undefined) {
    write16(into, at, (OPT_MSS << 8) | 4)
    write16(into, at + 2, options.mss)
    at += 4
  }
  const permit = options.sackPermitted === true ? (OPT_SACK_PERMITTED << 8) | 2 : (OPT_NOP << 8) | OPT_NOP
  if (options.timestamps) {
    write16(into, at, permit)
    write16(into, at + 2, (OPT_TIMESTAMPS << 8) | 10)
    write32(into, at + 4, options.timestamps.value)
    write32(into, at + 8, options.timestamps.echo)
    at += 12
  } else if (options.sackPermitted === true) {
    write16(into, at, (OPT_NOP << 8) | OPT_NOP)
    write16(into, at + 2, permit)
    at += 4
  }
  if (options.windowScale !== undefined) {
    write16(into, at, (OPT_NOP << 8) | OPT_WINDOW_SCALE)
    write16(into, at + 2, (3 << 8) | options.windowScale)
    at += 4
  }
  if (options.sacks && options.sacks.length > 0) emitSacks(options.sacks, into, at)
}

function emitSacks(sacks: readonly [number, number][], into: Bytes, at: number): void {
  write16(into, at, (OPT_NOP << 8) | OPT_NOP)
  write16(into, at + 2, (OPT_SACK << 8) | (2 + 8 * sacks.length))
  for (const [left, right] of sacks) {
    at += 4
    write32(into, at, left)
    write32(into, at + 4, right)
    at += 4
  }
}
