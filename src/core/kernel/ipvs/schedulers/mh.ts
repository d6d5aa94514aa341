import type { IpvsDest, IpvsService } from '../types.ts'
import { hsiphash32 } from './hsiphash.ts'
import { type Asked, isUsable, type Scheduler } from './scheduler.ts'
import { gcd } from './wrr.ts'

/**
 * Maglev hashing (net/netfilter/ipvs/ip_vs_mh.c; Eisenbud et al., NSDI 2016, 3.4): every server has its own order of
 * preference over the places of the table, and they take turns, by weight, at claiming the best free one. A server that
 * is quiesced keeps its places (last_weight), so that others' clients do not move.
 */
const PLACES = 4093
/** Weights are scaled down to at most this many bits. */
const WEIGHT_BITS = 6
const KEY1 = 2654435761
const KEY2 = 2654446892

function hashOf(key: number, value: number): number {
  return hsiphash32(key, value >>> 0)
}

function changed(service: IpvsService): void {
  const { dests } = service
  const weights = dests.map((dest) => dest.lastWeight)
  const divisor = weights.reduce((a, b) => (b > 0 ? gcd(b, a) : a), 0)
  if (divisor < 1) {
    service.table = []
    return
  }
  const bits = 32 - Math.clz32(Math.floor(Math.max(...weights) / divisor))
  const shift = Math.max(0, bits - WEIGHT_BITS)
  const turns = weights.map((weight) => Math.floor(weight / divisor) >>> shift || (weight > 0 ? 1 : 0))
  service.table = populate(dests, turns)
}

function populate(dests: readonly IpvsDest[], turns: readonly number[]): number[] {
  const offset = dests.map((dest) => hashOf(KEY1, dest.ip + dest.port) % PLACES)
  const skip = dests.map((dest) => (hashOf(KEY2, dest.ip + dest.port) % (PLACES - 1)) + 1)
  const table = new Array<number>(PLACES).fill(0)
  for (let filled = 0; filled < PLACES;) {
    for (let i = 0; i < dests.length; i++) {
      for (let turn = 0; turn < (turns[i] ?? 0) && filled < PLACES; turn++) {
        let place = offset[i] ?? 0
        while (table[place] !== 0) place = (place + (skip[i] ?? 1)) % PLACES
        offset[i] = place
        table[place] = dests[i]?.id ?? 0
        filled++
      }
    }
  }
  return table
}

function destAt(service: IpvsService, place: number): IpvsDest | undefined {
  const id = service.table[place]
  return id === undefined ? undefined : service.dests.find((dest) => dest.id === id)
}

function pick(service: IpvsService, { src, sport }: Asked): IpvsDest | undefined {
  const value = src + (service.flags.includes('mh-port') ? sport : 0)
  const place = hashOf(KEY1, value) % PLACES
  const first = destAt(service, place)
  if (!first || isUsable(first)) return first
  if (!service.flags.includes('mh-fallback')) return undefined
  for (let offset = 0; offset < PLACES; offset++) {
    const dest = destAt(service, hashOf(KEY1, value + ((offset + place) % PLACES)) % PLACES)
    if (!dest) return undefined
    if (isUsable(dest)) return dest
  }
  return undefined
}

export const mh: Scheduler = { pick, changed }
