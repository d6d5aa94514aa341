import { type Bytes, layout, read16, read32, write16, write32 } from '../base/bytes.ts'
import { checksum16, pseudoSum, sum16 } from '../base/checksum.ts'
import type { Ip4 } from '../base/ids.ts'
import { bad, ok, type Result } from '../base/result.ts'

/**
 * VRRP advertisements for IPv4, versions 2 (RFC 3768, with the authentication data of RFC 2338) and 3 (RFC 5798). Byte 4 and 5 are
 * authentication type and interval in seconds in version 2, the interval in hundredths of a second in version 3.
 */
export const VRRP = layout({ versionType: 1, vrid: 1, priority: 1, count: 1, interval: 2, checksum: 2 })
export const PROTO_VRRP = 112
/** 224.0.0.18, RFC 3768 5.2.2. */
export const VRRP_GROUP = 0xe0000012 as Ip4
export const VRRP_TTL = 255
export const VRRP_AUTH_NONE = 0
export const VRRP_AUTH_PASS = 1
const AUTH_SIZE = 8
const TYPE_ADVERTISEMENT = 1

export interface Vrrp {
  version: 2 | 3
  vrid: number
  /** 0: the master gives up; 255: it owns the addresses. */
  priority: number
  /** Hundredths of a second. */
  intervalCs: number
  addresses: Ip4[]
  /** Version 2: 0 = none, 1 = simple text. */
  authType: number
  /** Simple text password, up to eight characters. */
  auth: string
}

type VrrpError = 'vrrp.short' | 'vrrp.version' | 'vrrp.type' | 'vrrp.length' | 'vrrp.checksum'

/** Bytes of an advertisement. */
export function vrrpLength(version: number, addresses: number): number {
  return VRRP.size + addresses * 4 + (version === 2 ? AUTH_SIZE : 0)
}

/** The message b[at, end). `src` and `dst` of the IP packet are part of version 3's checksum. */
export function parseVrrp(b: Bytes, at: number, end: number, src: Ip4, dst: Ip4): Result<Vrrp, VrrpError> {
  if (end > b.length || end < at + VRRP.size) return bad('vrrp.short')
  const version = (b[at] ?? 0) >>> 4
  if (version !== 2 && version !== 3) return bad('vrrp.version')
  if (((b[at] ?? 0) & 15) !== TYPE_ADVERTISEMENT) return bad('vrrp.type')
  const count = b[at + VRRP.count.at] ?? 0
  const length = vrrpLength(version, count)
  if (end - at !== length) return bad('vrrp.length')
  if (sum16(b, at, end, vrrpPseudoSum(version, src, dst, length)) !== 0xffff) return bad('vrrp.checksum')
  const interval = read16(b, at + VRRP.interval.at)
  const list = at + VRRP.size
  return ok({
    version,
    vrid: b[at + VRRP.vrid.at] ?? 0,
    priority: b[at + VRRP.priority.at] ?? 0,
    intervalCs: version === 2 ? (interval & 0xff) * 100 : interval & 0xfff,
    addresses: Array.from({ length: count }, (_, i) => read32(b, list + 4 * i) as Ip4),
    authType: version === 2 ? interval >>> 8 : VRRP_AUTH_NONE,
    auth: version === 2 ? textUpToZero(b, list + 4 * count) : '',
  })
}

/** The bytes of an advertisement, checksum included. */
export function emitVrrp(vrrp: Vrrp, src: Ip4, dst: Ip4): Bytes {
  const { version, addresses } = vrrp
  const b = new Uint8Array(vrrpLength(version, addresses.length))
  b[0] = (version << 4) | TYPE_ADVERTISEMENT
  b[VRRP.vrid.at] = vrrp.vrid
  b[VRRP.priority.at] = vrrp.priority
  b[VRRP.count.at] = addresses.length
  const seconds = Math.floor(vrrp.intervalCs / 100)
  write16(b, VRRP.interval.at, version === 2 ? (vrrp.authType << 8) | seconds : vrrp.intervalCs & 0xfff)
  addresses.forEach((ip, i) => write32(b, VRRP.size + 4 * i, ip))
  if (version === 2 && vrrp.authType === VRRP_AUTH_PASS) {
    const from = VRRP.size + 4 * addresses.length
    for (let i = 0; i < Math.min(AUTH_SIZE, vrrp.auth.length); i++) b[from + i] = vrrp.auth.charCodeAt(i)
  }
  write16(b, VRRP.checksum.at, checksum16(b, 0, b.length, vrrpPseudoSum(version, src, dst, b.length)))
  return b
}

/** Version 3 covers the pseudo header too (RFC 5798 5.2.8). */
export function vrrpPseudoSum(version: number, src: Ip4, dst: Ip4, length: number): number {
  return version === 3 ? pseudoSum(src, dst, PROTO_VRRP, length) : 0
}

function textUpToZero(b: Bytes, at: number): string {
  let text = ''
  for (let i = at; i < at + AUTH_SIZE && b[i]; i++) text += String.fromCharCode(b[i] ?? 0)
  return text
}
