import { formatIp4, type Ip4, parseIp4 } from './ids.ts'

/** Network mask of a prefix length 0..32 as an unsigned number. */
export function maskOf(prefix: number): number {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0
}

/** Prefix length of a contiguous mask; undefined for masks with holes. */
export function prefixOfMask(mask: number): number | undefined {
  for (let prefix = 0; prefix <= 32; prefix++) if (maskOf(prefix) === mask >>> 0) return prefix
  return undefined
}

export function networkOf(ip: Ip4, prefix: number): Ip4 {
  return ((ip & maskOf(prefix)) >>> 0) as Ip4
}

export function inPrefix(ip: Ip4, network: Ip4, prefix: number): boolean {
  return ((ip ^ network) & maskOf(prefix)) === 0
}

/** Directed broadcast address of a subnet (RFC 919). */
export function broadcastOf(ip: Ip4, prefix: number): Ip4 {
  return ((ip | ~maskOf(prefix)) >>> 0) as Ip4
}

export interface Cidr {
  ip: Ip4
  prefix: number
}

/** '172.16.253.135/24', or a bare address as /32. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', length] = text.split('/', 2)
  const ip = parseIp4(address)
  if (ip === undefined || text.split('/').length > 2) return undefined
  if (length === undefined) return { ip, prefix: 32 }
  if (!/^\d{1,2}$/.test(length) || Number(length) > 32) return undefined
  return { ip, prefix: Number(length) }
}

export function formatCidr({ ip, prefix }: Cidr): string {
  return `${formatIp4(ip)}/${prefix}`
}
