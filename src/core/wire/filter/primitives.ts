import { isGroupMac, MAC_BROADCAST, parseMac, type Mac } from '../../base/ids.ts'
import {
  addresses,
  ETH_ARP,
  ETH_IP,
  isArp,
  isIp,
  isProto,
  macs,
  ports,
  type Test,
  transport,
  type Value,
} from './match.ts'

/** The tests that a filter is made of. */

export const SYNTAX = "can't parse filter expression: syntax error"

/** Thrown inside the descent alone. */
export class FilterProblem extends Error {}

export const PROTOS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipip: 4,
  tcp: 6,
  udp: 17,
  gre: 47,
  ospf: 89,
  vrrp: 112,
  sctp: 132,
}
const SERVICES: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  domain: 53,
  ssh: 22,
  'http-alt': 8080,
}
export type Direction = 'src' | 'dst' | 'either' | 'both'
export function constant(value: number): Value {
  return () => value
}

export function maskOf(length: number): number {
  if (!(length >= 0 && length <= 32)) throw new FilterProblem('mask length must be <= 32')
  return length === 0 ? 0 : (-1 << (32 - length)) >>> 0
}

export function baseOf(proto: string): (p: Parameters<Test>[0]) => number | undefined {
  if (proto === 'ether') return (p) => (p.link < 0 ? undefined : p.link)
  if (proto === 'ip') return (p) => (isIp(p) ? p.net : undefined)
  if (proto === 'arp') return (p) => (isArp(p) ? p.net : undefined)
  const number = Object.hasOwn(PROTOS, proto) ? PROTOS[proto] : undefined
  if (number === undefined) throw new FilterProblem(SYNTAX)
  return (p) => (isProto(p, number) ? transport(p) : undefined)
}

export function protoTest(proto: string): Test {
  if (proto === 'ip') return isIp
  if (proto === 'arp') return isArp
  if (proto === 'rarp') return ({ type }) => type === 0x8035
  const number = Object.hasOwn(PROTOS, proto) ? PROTOS[proto] : undefined
  if (number === undefined) throw new FilterProblem(SYNTAX)
  return (p) => isProto(p, number)
}

/** `ip proto 89`, `ip proto \ospf`, `ether proto 0x806`, `proto tcp`. */
export function numberedProto(id: string, proto: string): Test {
  const name = id.replace(/^\\/, '')
  const given = /^(\d+|0x[0-9a-f]+)$/.test(name) ? Number(name) : undefined
  if (proto === 'ether') {
    const type = given ?? (name === 'ip' ? ETH_IP : name === 'arp' ? ETH_ARP : undefined)
    if (type === undefined) throw new FilterProblem(`unknown ether proto '${name}'`)
    return (p) => p.type === type
  }
  const number = given ?? (Object.hasOwn(PROTOS, name) ? PROTOS[name] : undefined)
  if (number === undefined) throw new FilterProblem(`unknown ip proto '${name}'`)
  return (p) => isProto(p, number)
}

function ends(pair: readonly [number, number], direction: Direction, fits: (n: number) => boolean): boolean {
  const [src, dst] = pair
  if (direction === 'src') return fits(src)
  if (direction === 'dst') return fits(dst)
  return direction === 'both' ? fits(src) && fits(dst) : fits(src) || fits(dst)
}

export function addressTest(ip: number, mask: number, proto: string, direction: Direction): Test {
  const only = proto === '' ? undefined : protoTest(proto)
  return (p) => {
    if (only && !only(p)) return false
    const pair = addresses(p)
    return pair !== undefined && ends(pair, direction, (n) => (n & mask) >>> 0 === ip)
  }
}

export function portTest(id: string, type: string, proto: string, direction: Direction): Test {
  const [low = '', high = low] = type === 'portrange' ? id.split('-') : [id]
  const port = (name: string): number =>
    Object.hasOwn(SERVICES, name) ? (SERVICES[name] ?? 0) : Number(name)
  const [from, to] = [port(low), port(high)]
  if (!Number.isInteger(from) || !Number.isInteger(to)) throw new FilterProblem(`unknown port '${id}'`)
  if (from > 65535 || to > 65535) throw new FilterProblem(`illegal port number ${Math.max(from, to)} > 65535`)
  const number = proto === '' || proto === 'ip' ? 0 : (PROTOS[proto] ?? 0)
  return (p) => {
    const pair = ports(p, number)
    return pair !== undefined && ends(pair, direction, (n) => n >= from && n <= to)
  }
}

export function macTest(id: string, direction: Direction): Test {
  const mac = parseMac(id)
  if (mac === undefined) throw new FilterProblem(SYNTAX)
  return (p) => {
    const pair = macs(p)
    return pair !== undefined && ends(pair, direction, (n) => n === mac)
  }
}

export function groupTest(word: string): Test {
  return (p) => {
    const to = macs(p)?.[1]
    if (to === undefined) return false
    return word === 'broadcast' ? to === MAC_BROADCAST : isGroupMac(to as Mac)
  }
}
