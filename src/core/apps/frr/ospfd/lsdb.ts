import type { Bytes } from '../../../base/bytes.ts'
import type { Nanos } from '../../../base/ids.ts'
import { SEC } from '../../../base/ids.ts'
import { type LsaHeader, MAX_AGE, readLsaHeader } from '../../../wire/ospf-lsa.ts'
import type { LsaKey } from '../../../wire/ospf.ts'
import type { Lsa } from './types.ts'

/**
 * Lists of LSAs in the order of FRR's tables: type, link state id, advertising router. A database, and the lists of a neighbour
 * (summary, request, retransmission), are such lists.
 */
export function findLsa(list: readonly Lsa[], key: LsaKey): Lsa | undefined {
  const at = place(list, key)
  const found = list[at]
  return found && compareKeys(found, key) === 0 ? found : undefined
}

/** Add or replace. */
export function putLsa(list: Lsa[], lsa: Lsa): void {
  const at = place(list, lsa)
  const found = list[at]
  list.splice(at, found && compareKeys(found, lsa) === 0 ? 1 : 0, lsa)
}

export function removeLsa(list: Lsa[], key: LsaKey): void {
  const at = place(list, key)
  const found = list[at]
  if (found && compareKeys(found, key) === 0) list.splice(at, 1)
}

export function keyOf(key: LsaKey): string {
  return `${key.type}/${key.id}/${key.adv}`
}

/** The LSA in `bytes`, which are not written any more; `at` = when it came in or was made. */
export function makeLsa(bytes: Bytes, at: Nanos, from: 'self' | 'neighbor'): Lsa {
  const { age, ...header } = readLsaHeader(bytes)
  const age0 = Math.min(age, MAX_AGE)
  return Object.freeze({
    ...header,
    age0,
    at,
    bytes,
    self: from === 'self',
    received: from === 'neighbor',
  })
}

const NO_BYTES = new Uint8Array(0)

/** An entry of a request list: the header alone. */
export function lsaOfHeader(header: LsaHeader, at: Nanos): Lsa {
  const { age, ...rest } = header
  return Object.freeze({ ...rest, age0: age, at, bytes: NO_BYTES, self: false, received: true })
}

/** Age in seconds, at most MaxAge (LS_AGE). */
export function ageOf(lsa: Lsa, now: Nanos): number {
  return Math.min(MAX_AGE, lsa.age0 + Math.floor((now - lsa.at) / SEC))
}

export function isMaxAge(lsa: Lsa, now: Nanos): boolean {
  return ageOf(lsa, now) === MAX_AGE
}

/** Header as it is sent now. */
export function headerOf(lsa: Lsa, now: Nanos): LsaHeader {
  const { type, id, adv, seq, checksum, options, length } = lsa
  return { age: ageOf(lsa, now), type, id, adv, seq, checksum, options, length }
}

/**
 * ospf_lsa_more_recent (RFC 2328 13.1): positive when `a` is, negative when `b` is, 0 when they are the same instance.
 * An LSA that is not there is the older one.
 */
export function moreRecent(a: Lsa | undefined, b: Lsa | undefined, now: Nanos): number {
  if (!a || !b) return (a ? 1 : 0) - (b ? 1 : 0)
  const bySeq = (a.seq | 0) - (b.seq | 0)
  if (bySeq !== 0) return bySeq
  if (a.checksum !== b.checksum) return a.checksum - b.checksum
  const [ageA, ageB] = [ageOf(a, now), ageOf(b, now)]
  if ((ageA === MAX_AGE) !== (ageB === MAX_AGE)) return ageA === MAX_AGE ? 1 : -1
  return Math.abs(ageA - ageB) > 900 ? ageB - ageA : 0
}

/** ospf_lsa_different: whether routes have to be calculated again. */
export function isDifferent(a: Lsa, b: Lsa, now: Nanos): boolean {
  if (a.options !== b.options || a.length !== b.length || a.received !== b.received) return true
  if (isMaxAge(a, now) !== isMaxAge(b, now)) return true
  for (let i = 20; i < a.length; i++) if (a.bytes[i] !== b.bytes[i]) return true
  return false
}

function place(list: readonly Lsa[], key: LsaKey): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const mid = (low + high) >>> 1
    const here = list[mid]
    if (here && compareKeys(here, key) < 0) low = mid + 1
    else high = mid
  }
  return low
}

function compareKeys(a: LsaKey, b: LsaKey): number {
  return a.type - b.type || a.id - b.id || a.adv - b.adv
}
