import { ICMP, ICMP_REDIRECT, setIcmpChecksum } from '../../../wire/icmp.ts'
import { ipDst, ipHeaderLength } from '../../../wire/ipv4.ts'
import type { Ctx, HookResult } from '../../ctx.ts'
import type { Host } from '../../host.ts'
import { packetEnd, transportAt } from '../../ip/offsets.ts'
import type { HookPoint } from '../../note.ts'
import { L2, type Skb, writable } from '../../skb.ts'
import { invert } from '../conntrack/tuple.ts'
import { type CtEntry, ORIGINAL, type SkbCt } from '../conntrack/types.ts'
import { removeEntry } from '../conntrack/table.ts'
import { walkTable } from '../tables/walk.ts'
import { type Manip, manipPacket } from './manip.ts'
import { reroute } from './reroute.ts'
import { BOTH, CHANGED, DONE, setupNat } from './setup.ts'

/**
 * Address translation (nf_nat_core.c): the rules of table nat see only the first packet of a connection; what they decide
 * is kept with the connection, and every packet of it is rewritten from there, the way back in reverse.
 */

/** Sources change where packets leave (POSTROUTING, LOCAL_IN), destinations where they enter. */
export function manipOf(point: HookPoint): Manip {
  return point === 'POSTROUTING' || point === 'LOCAL_IN' ? 'src' : 'dst'
}

/** The hook functions of table nat (nf_nat_inet_fn and its IPv4 wrappers). */
export function natHook(host: Host, point: HookPoint, skb: Skb, ctx: Ctx): HookResult {
  const { ct } = skb
  if (!ct?.entry) return 'ACCEPT'
  const { entry } = ct
  const manip = manipOf(point)
  if (ct.info === 'RELATED') return translateError(skb, ct, entry, manip)
  if (ct.info === 'NEW' && (entry.status & DONE[manip]) === 0) {
    const verdict = walkTable(host, 'nat', point, skb, ctx)
    if (verdict !== 'ACCEPT') return verdict
    // No rule spoke: the address stays, but a port that is taken gives way (nf_nat_alloc_null_binding).
    if ((entry.status & DONE[manip]) === 0) {
      const address = manip === 'src' ? entry.reply.dst : entry.reply.src
      const to = { from: address, to: address, portFrom: 0, portTo: 0, random: false }
      setupNat(host, entry, to, manip, ctx)
    }
  } else if (point === 'POSTROUTING' && hasMoved(skb, entry)) {
    removeEntry(host, entry)
    return { verdict: 'DROP', detail: 'masquerade: outgoing interface changed' }
  }
  return translate(host, point, skb, ct, entry, manip, ctx)
}

/** A masqueraded connection whose route changed its interface is over (nf_nat_oif_changed). */
function hasMoved(skb: Skb, entry: CtEntry): boolean {
  return entry.masqDev !== '' && skb.ct?.dir === ORIGINAL && skb.dst?.dev !== entry.masqDev
}

function isToChange(ct: SkbCt, entry: CtEntry, manip: Manip): boolean {
  const bit = ct.dir === ORIGINAL ? CHANGED[manip] : CHANGED[manip] ^ BOTH
  return (entry.status & bit) !== 0
}

function translate(
  host: Host,
  point: HookPoint,
  skb: Skb,
  ct: SkbCt,
  entry: CtEntry,
  manip: Manip,
  ctx: Ctx,
): HookResult {
  if (!isToChange(ct, entry, manip)) return 'ACCEPT'
  const was = ipDst(skb.data, L2)
  const target = invert(ct.dir === ORIGINAL ? entry.reply : entry.original)
  manipPacket(writable(skb), L2, packetEnd(skb), target, manip)
  if (point === 'LOCAL_OUT' && ipDst(skb.data, L2) !== was) return reroute(host, skb, ctx)
  return 'ACCEPT'
}

/** An ICMP error about a translated connection: the quote inside and the address outside (nf_nat_icmp_reply_translation). */
function translateError(skb: Skb, ct: SkbCt, entry: CtEntry, manip: Manip): HookResult {
  const at = transportAt(skb)
  const end = packetEnd(skb)
  const undecided = (entry.status & DONE.src) === 0 || (entry.status & DONE.dst) === 0
  if (skb.data[at] === ICMP_REDIRECT && (undecided || (entry.status & BOTH) !== 0)) {
    return { verdict: 'DROP', detail: 'redirect about a translated connection' }
  }
  if (!isToChange(ct, entry, manip)) return 'ACCEPT'
  const other = ct.dir === ORIGINAL ? entry.reply : entry.original
  const data = writable(skb)
  const quote = at + ICMP.size
  if (end < quote + 20 || end < quote + ipHeaderLength(data, quote)) return 'DROP'
  manipPacket(data, quote, end, other, manip === 'src' ? 'dst' : 'src')
  setIcmpChecksum(data, at, end)
  manipPacket(data, L2, end, invert(other), manip)
  return 'ACCEPT'
}
