/** Prefix lists (lib/plist.c): a prefix passes by the first entry that covers it; none = refused. */
import { formatCidr, inPrefix, networkOf, parseCidr } from '../../../base/cidr.ts'
import type { Ip4 } from '../../../base/ids.ts'
import { bad, ok, type Result } from '../../../base/result.ts'

export interface PrefixEntry {
  readonly seq: number
  readonly permit: boolean
  readonly ip: Ip4
  readonly prefix: number
  /** Shortest and longest length covered as written, 0 = not written. */
  readonly ge: number
  readonly le: number
  /** `any` was written. */
  readonly any: boolean
}

export type PrefixLists = Record<string, readonly PrefixEntry[]>

const SEQ_STEP = 5

/** Entry of the words after `ip prefix-list NAME`; without `seq` it comes behind the others. The error is FRR's text. */
export function parseEntry(
  words: readonly string[],
  others: readonly PrefixEntry[],
): Result<PrefixEntry, string> {
  const rest = words.slice()
  const last = others[others.length - 1]?.seq ?? 0
  let seq = (Math.floor(last / SEQ_STEP) + 1) * SEQ_STEP
  if (rest[0] === 'seq') seq = Number(rest.splice(0, 2)[1])
  const permit = rest.shift() === 'permit'
  const target = rest.shift() ?? ''
  const any = target === 'any'
  const cidr = any ? { ip: 0 as Ip4, prefix: 0 } : parseCidr(target)
  if (!cidr) return bad('% Malformed prefix')
  let [ge, le] = [0, any ? 32 : 0]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === 'ge') ge = Number(rest.shift())
    else le = Number(rest.shift())
  }
  const { prefix } = cidr
  const ip = networkOf(cidr.ip, prefix)
  if ((ge > 0 && ge < prefix) || (le > 0 && le < Math.max(prefix, ge))) {
    return bad(invalidRange(formatCidr({ ip, prefix })))
  }
  return ok({ seq, permit, ip, prefix, ge, le, any })
}

function invalidRange(prefix: string): string {
  return `% Configuration failed.\n\nError type: validation\nError description: Invalid prefix range for ${prefix}: Make sure that mask length <= ge <= le`
}

/** Does the list let this prefix through? Lists that are not there let nothing through (prefix_list_apply). */
export function passes(entries: readonly PrefixEntry[] | undefined, ip: Ip4, prefix: number): boolean {
  return entries?.find((entry) => covers(entry, ip, prefix))?.permit ?? false
}

function covers(entry: PrefixEntry, ip: Ip4, prefix: number): boolean {
  if (prefix < entry.prefix || !inPrefix(ip, entry.ip, entry.prefix)) return false
  if (entry.ge === 0 && entry.le === 0) return prefix === entry.prefix
  return prefix >= entry.ge && (entry.le === 0 || prefix <= entry.le)
}

/** An entry as it is shown: 'seq 5 permit 0.0.0.0/0 le 32'. */
export function entryText(entry: PrefixEntry): string {
  const { seq, permit, ge, le, any } = entry
  const target = any ? 'any' : formatCidr(entry)
  const range = any ? '' : `${ge > 0 ? ` ge ${ge}` : ''}${le > 0 ? ` le ${le}` : ''}`
  return `seq ${seq} ${permit ? 'permit' : 'deny'} ${target}${range}`
}
