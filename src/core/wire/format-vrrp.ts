import { type Bytes, read16 } from '../base/bytes.ts'
import { VRRP, VRRP_TTL } from './vrrp.ts'

const AUTH_TYPES = ['none', 'simple', 'ah'] as const

/** tcpdump's print-vrrp.c: 'VRRPv2, Advertisement, vrid 51, prio 150, authtype none, intvl 1s, length 20'. */
export function formatVrrp(b: Bytes, at: number, end: number, ttl: number, length: number): string {
  if (end < at + 1) return '[|vrrp]'
  const version = (b[at] ?? 0) >>> 4
  const type = (b[at] ?? 0) & 15
  const head = `VRRPv${version}, ${type === 1 ? 'Advertisement' : `[type#${type}]`}${ttl === VRRP_TTL ? '' : `, (ttl ${ttl})`}`
  if ((version !== 2 && version !== 3) || type !== 1) return head
  if (end < at + VRRP.size) return `${head} [|vrrp]`
  const router = `, vrid ${b[at + VRRP.vrid.at] ?? 0}, prio ${b[at + VRRP.priority.at] ?? 0}`
  const interval = read16(b, at + VRRP.interval.at)
  if (version === 3) return `${head}${router}, intvl ${interval & 0xfff}cs, length ${length}`
  const auth = AUTH_TYPES[interval >>> 8] ?? `[#${interval >>> 8}]`
  return `${head}${router}, authtype ${auth}, intvl ${interval & 0xff}s, length ${length}`
}
