/**
 * The same choices among equal next hops as another run of the same lab made. Which next hop a flow gets depends on a seed that
 * a kernel draws when it boots, so that two runs differ where nothing else does. From what the other run sent where, a
 * seed is looked for with which this one chooses likewise.
 */
import { read16, read32 } from '../base/bytes.ts'
import { type HostId, type Ip4, type Mac, parseIp4, parseMac } from '../base/ids.ts'
import type { Note } from '../kernel/note.ts'
import { multipathHash } from '../kernel/route/multipath-hash.ts'
import { selectByBounds } from '../kernel/route/multipath-select.ts'
import { causesOf, type Trace } from '../sim/trace.ts'
import { ETH, ETH_P_IP, ethDst, ethSrc, ethType } from '../wire/ethernet.ts'
import { ICMP_ECHO } from '../wire/icmp.ts'
import { ipDst, ipHeaderLength, ipProto, ipSrc, PROTO_ICMP, PROTO_TCP, PROTO_UDP } from '../wire/ipv4.ts'
import type { PcapRecord } from '../wire/pcap.ts'
import { ACK, SYN, TCP } from '../wire/tcp.ts'
import type { Lab } from './schema.ts'

type Ecmp = Extract<Note, { kind: 'ecmp' }>

/** A flow's first packet: who with whom, not by which random port; which flow it is; to whom it was handed. */
interface Start {
  kind: string
  flow: string
  to: Mac
}

/** A choice of this run, and the next hop that it should have been. */
interface Wish {
  note: Ecmp
  path: 'fwd' | 'local'
  pick: number
}

/** Seeds above this are not tried. */
const LIMIT = 1 << 20

/**
 * For each host that chose otherwise than in `real` ('HOST-DEV' -> its capture), a seed with which it would not have;
 * undefined: the two chose alike, or there is none.
 */
export function seedsLike(
  lab: Lab,
  trace: Trace,
  from: number,
  real: ReadonlyMap<string, readonly PcapRecord[]>,
): Record<HostId, number> | undefined {
  const seeds: Record<HostId, number> = {}
  for (const [host, { interfaces }] of Object.entries(lab.hosts)) {
    const wishes = Object.entries(interfaces).flatMap(([dev, { mac }]) =>
      wishesOf(lab, trace, from, host, dev, startsOf(real.get(`${host}-${dev}`) ?? [], parseMac(mac))),
    )
    if (wishes.every(({ note, pick }) => note.pick === pick)) continue
    const seed = searchSeed(wishes)
    if (seed === undefined) return undefined
    seeds[host] = seed
  }
  return Object.keys(seeds).length > 0 ? seeds : undefined
}

function startsOf(frames: readonly PcapRecord[], mac: Mac | undefined): Map<string, Start[]> {
  const byKind = new Map<string, Start[]>()
  const seen = new Set<string>()
  for (const { bytes } of frames) {
    const start = startOf(bytes)
    if (!start || ethSrc(bytes) !== mac || seen.has(start.flow)) continue
    seen.add(start.flow)
    byKind.set(start.kind, [...(byKind.get(start.kind) ?? []), start])
  }
  return byKind
}

/** undefined: not the beginning of anything. */
function startOf(b: Uint8Array): Start | undefined {
  if (b.length < ETH.size + 28 || ethType(b) !== ETH_P_IP) return undefined
  const proto = ipProto(b, ETH.size)
  const l4 = ETH.size + ipHeaderLength(b, ETH.size)
  const ends = `${proto} ${ipSrc(b, ETH.size)} ${ipDst(b, ETH.size)}`
  if (proto === PROTO_ICMP) {
    const id = read16(b, l4 + 4)
    return b[l4] === ICMP_ECHO ? { kind: ends, flow: `${ends} ${id}`, to: ethDst(b) } : undefined
  }
  const isSyn = proto === PROTO_TCP && ((b[l4 + TCP.flags.at] ?? 0) & (SYN | ACK)) === SYN
  if (!isSyn && proto !== PROTO_UDP) return undefined
  const attempt = isSyn ? read32(b, l4 + TCP.seq.at) : 0
  const kind = `${ends} ${read16(b, l4 + 2)}`
  return { kind, flow: `${kind} ${read16(b, l4)} ${attempt}`, to: ethDst(b) }
}

function wishesOf(
  lab: Lab,
  trace: Trace,
  from: number,
  host: HostId,
  dev: string,
  real: ReadonlyMap<string, Start[]>,
): Wish[] {
  const wishes: Wish[] = []
  const seen = new Set<string>()
  const counts = new Map<string, number>()
  for (let i = from; i < trace.records.length; i++) {
    const record = trace.records[i]
    if (record?.kind !== 'tx' || record.host !== host || record.dev !== dev) continue
    const start = startOf(trace.frames[record.frame - 1]?.bytes ?? new Uint8Array())
    if (!start || seen.has(start.flow)) continue
    seen.add(start.flow)
    const nth = counts.get(start.kind) ?? 0
    counts.set(start.kind, nth + 1)
    const other = real.get(start.kind)?.[nth]
    const wish = other && wishOf(lab, trace, i, host, other.to)
    if (wish) wishes.push(wish)
  }
  return wishes
}

/** undefined: no seed has a say in it. */
function wishOf(lab: Lab, trace: Trace, record: number, host: HostId, to: Mac): Wish | undefined {
  const note = causesOf(trace, record)
    .filter((one) => one.kind === 'ecmp' && one.host === host)
    .at(-1)
  if (note?.kind !== 'ecmp' || note.bySource || note.bounds.every((bound) => bound === -1)) return undefined
  const pick = note.gateways.findIndex((gateway) => macOf(lab, gateway) === to)
  const path = (['local', 'fwd'] as const).find((one) => hashOf(note, one, note.seed) === note.hash)
  return pick < 0 || path === undefined ? undefined : { note, path, pick }
}

function macOf(lab: Lab, ip: Ip4): Mac | undefined {
  for (const { interfaces } of Object.values(lab.hosts)) {
    for (const { mac, addresses } of Object.values(interfaces)) {
      if (addresses.some((address) => parseIp4(address.split('/')[0] ?? '') === ip)) return parseMac(mac)
    }
  }
  return undefined
}

function hashOf({ policy, src, dst, proto, sport, dport }: Ecmp, path: Wish['path'], seed: number): number {
  return multipathHash({ policy, fields: 7, seed, path, outer: { src, dst, proto, sport, dport } }) >>> 1
}

function searchSeed(wishes: readonly Wish[]): number | undefined {
  for (let seed = 1; seed < LIMIT; seed++) {
    const fits = wishes.every(({ note, path, pick }) => {
      const hash = hashOf(note, path, seed)
      return selectByBounds(hash, note.bounds) === pick
    })
    if (fits) return seed
  }
  return undefined
}
