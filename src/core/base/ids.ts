/**
 * Branded ids and addresses. Addresses are numbers: JSON-safe, compared with `===`, formatted only at the edge.
 * Host and segment ids are strings with a letter first (JS engines reorder integer-like keys).
 */
declare const brand: unique symbol
type Brand<T, B extends string> = T & { readonly [brand]: B }

/** IPv4 address as an unsigned 32-bit number (always `>>> 0`). */
export type Ip4 = Brand<number, 'Ip4'>
/** MAC address as an unsigned 48-bit number (exact in a double). */
export type Mac = Brand<number, 'Mac'>
/** Simulated time: integer nanoseconds since the run began. */
export type Nanos = number
export type HostId = string
export type SegmentId = string
/** Interface name as Linux has it, at most 15 characters. */
export type DevName = string
/** Frames are numbered from 1 in order of birth; 0 = none. */
export type FrameId = number
export type Pid = number
export type SockId = number

export const MAC_BROADCAST = 0xffffffffffff as Mac
export const MAC_ZERO = 0 as Mac
export const IP_ANY = 0 as Ip4
export const IP_BROADCAST = 0xffffffff as Ip4
export const IP_LOOPBACK = 0x7f000001 as Ip4

export const US: Nanos = 1_000
export const MS: Nanos = 1_000_000
export const SEC: Nanos = 1_000_000_000

/** '172.16.253.100' -> Ip4; undefined when it is not four decimal numbers 0..255. */
export function parseIp4(text: string): Ip4 | undefined {
  const m = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (!m) return undefined
  let value = 0
  for (let i = 1; i <= 4; i++) {
    const part = Number(m[i])
    if (part > 255) return undefined
    value = value * 256 + part
  }
  return value as Ip4
}

export function formatIp4(ip: Ip4): string {
  return `${ip >>> 24}.${(ip >>> 16) & 255}.${(ip >>> 8) & 255}.${ip & 255}`
}

/** '00:0c:29:35:01:35' -> Mac; undefined when malformed. */
export function parseMac(text: string): Mac | undefined {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) return undefined
  return parseInt(text.replaceAll(':', ''), 16) as Mac
}

export function formatMac(mac: Mac): string {
  const hex = mac.toString(16).padStart(12, '0')
  return hex.replace(/(..)(?=.)/g, '$1:')
}

/** Group bit of the first octet: broadcast and multicast frames. */
export function isGroupMac(mac: Mac): boolean {
  return Math.floor(mac / 0x10000000000) % 2 === 1
}

export function isMulticast(ip: Ip4): boolean {
  return ip >>> 28 === 14
}

export function isLoopback(ip: Ip4): boolean {
  return ip >>> 24 === 127
}
