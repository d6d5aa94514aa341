import type { Bytes } from '../base/bytes.ts'
import { type DevName, type HostId, MS, type Nanos } from '../base/ids.ts'
import { makeRng, nextBelow, nextU32, type Rng } from '../base/prng.ts'
import type { LinkFaults } from '../kernel/note.ts'

/**
 * What links do to frames, per device and direction, each with a generator of its own: loss, duplicates, changed bits,
 * delay, reordering. Simplified: every frame is judged alone (no bursts); a changed bit is delivered, as on a virtual link
 * without frame check sequence, so that the checksums of IP and TCP have to find it.
 */
export interface FaultState {
  faults: LinkFaults
  rng: Rng
}

export type Way = 'in' | 'out'

/** By `HOST DEV in|out`; null = no faults anywhere. */
export type FaultTable = Record<string, FaultState> | null

export const NO_FAULTS: LinkFaults = {
  lossPercent: 0,
  duplicatePercent: 0,
  corruptPercent: 0,
  reorderPercent: 0,
  delayNs: 0,
  jitterNs: 0,
}

/** A frame that is held back stays so long behind the others when no delay is set. */
const HOLD_NS: Nanos = 2 * MS

/** What happens to one frame: the copies that arrive, none if it is lost. `late` = it does not keep its place. */
export interface Fate {
  bytes: Bytes
  extraNs: Nanos
  late: boolean
}

function keyOf(host: HostId, dev: DevName, way: Way): string {
  return `${host} ${dev} ${way}`
}

/** The table with the faults of one direction set; all zero takes them away. */
export function withFaults(
  old: FaultTable,
  host: { id: HostId; bootSeed: number },
  dev: DevName,
  way: Way,
  faults: LinkFaults,
): FaultTable {
  const key = keyOf(host.id, dev, way)
  const table = { ...old }
  if (Object.values(faults).every((value) => value === 0)) Reflect.deleteProperty(table, key)
  else {
    const rng = table[key]?.rng ?? makeRng(host.bootSeed, `fault:${key}`)
    table[key] = { faults: { ...faults }, rng }
  }
  return Object.keys(table).length === 0 ? null : table
}

/** The faults of a direction, undefined in the usual case that there are none. */
export function faultsOf(table: FaultTable, host: HostId, dev: DevName, way: Way): FaultState | undefined {
  return table === null ? undefined : table[keyOf(host, dev, way)]
}

/** Draw what becomes of a frame. The number of draws is the same for every frame. */
export function drawFates({ faults, rng }: FaultState, bytes: Bytes): Fate[] {
  const lost = hits(rng, faults.lossPercent)
  const twice = hits(rng, faults.duplicatePercent)
  const corrupt = hits(rng, faults.corruptPercent)
  const held = hits(rng, faults.reorderPercent)
  const bit = nextU32(rng)
  const jitter = faults.jitterNs > 0 ? nextBelow(rng, 2 * faults.jitterNs + 1) - faults.jitterNs : 0
  if (lost) return []
  const extra = faults.delayNs + jitter + (held ? Math.max(faults.delayNs, HOLD_NS) : 0)
  const late = extra > 0 || faults.jitterNs > 0
  const fate = { bytes: corrupt ? flipBit(bytes, bit) : bytes, extraNs: Math.max(0, extra), late }
  return twice ? [fate, { ...fate }] : [fate]
}

function hits(rng: Rng, percent: number): boolean {
  return nextU32(rng) < (percent / 100) * 0x100000000
}

/** One bit behind the Ethernet header is changed. */
function flipBit(bytes: Bytes, draw: number): Bytes {
  const room = bytes.length - 14
  if (room <= 0) return bytes
  const copy = bytes.slice()
  const bit = draw % (room * 8)
  const at = 14 + (bit >>> 3)
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7))
  return copy
}

export function cloneFaults(faults: FaultTable): FaultTable {
  if (faults === null) return null
  const out: Record<string, FaultState> = {}
  for (const [key, state] of Object.entries(faults)) out[key] = { ...state, rng: { ...state.rng } }
  return out
}
