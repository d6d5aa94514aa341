import { type Ip4, IP_LOOPBACK } from '../../../base/ids.ts'
import {
  ICMP_DEST_UNREACH,
  ICMP_HOST_ANO,
  ICMP_HOST_UNREACH,
  ICMP_NET_ANO,
  ICMP_NET_UNREACH,
  ICMP_PKT_FILTERED,
  ICMP_PORT_UNREACH,
  ICMP_PROT_UNREACH,
} from '../../../wire/icmp.ts'
import type { Ctx } from '../../ctx.ts'
import { selectSource } from '../../dev/address.ts'
import type { Host } from '../../host.ts'
import { icmpSend } from '../../icmp/send.ts'
import type { Skb } from '../../skb.ts'
import { untrack } from '../conntrack/track.ts'
import type { SkbCt } from '../conntrack/types.ts'
import { setupNat } from '../nat/setup.ts'
import { logLine } from './log.ts'
import type { Look } from './match.ts'
import { clampMss } from './mss.ts'
import { sendReset } from './reset.ts'
import type { NatTo, RejectKind, Target } from './types.ts'
import type { Place, Walked } from './place.ts'

/** What targets do (xt_*.c, ipt_*.c). CONTINUE: the next rule is asked too. */
export function runTarget(
  host: Host,
  target: Exclude<Target, { t: 'jump' | 'goto' }>,
  place: Place,
  look: Look,
  ctx: Ctx,
): Walked {
  const { skb } = look
  const { table, chain, rule } = place
  ctx.note(host, { kind: 'nf.rule', table, chain: chain.name, rule, target: target.t })
  const dropped = { verdict: 'DROP' as const, detail: `${table}/${chain.name} rule ${rule}` }
  switch (target.t) {
    case 'ACCEPT':
      return 'ACCEPT'
    case 'DROP':
      return dropped
    case 'REJECT':
      reject(host, target.kind, look, ctx)
      return dropped
    case 'LOG':
      ctx.note(host, { kind: 'nf.log', line: logLine(host, target, look) })
      return 'CONTINUE'
    case 'MARK':
      skb.mark = ((skb.mark & ~target.mask) ^ target.value) >>> 0
      return 'CONTINUE'
    case 'NOTRACK':
    case 'CT':
      if (!skb.ct) untrack(skb)
      return 'CONTINUE'
    case 'TCPMSS':
      return clampMss(host, target.mss, look) ? 'CONTINUE' : dropped
    case 'RETURN':
      return 'CONTINUE'
    default:
      return natTarget(host, target, place, look, ctx) ? 'ACCEPT' : dropped
  }
}

const CODES: Record<Exclude<RejectKind, 'tcp-reset'>, number> = {
  'icmp-net-unreachable': ICMP_NET_UNREACH,
  'icmp-host-unreachable': ICMP_HOST_UNREACH,
  'icmp-proto-unreachable': ICMP_PROT_UNREACH,
  'icmp-port-unreachable': ICMP_PORT_UNREACH,
  'icmp-net-prohibited': ICMP_NET_ANO,
  'icmp-host-prohibited': ICMP_HOST_ANO,
  'icmp-admin-prohibited': ICMP_PKT_FILTERED,
}

function reject(host: Host, kind: RejectKind, look: Look, ctx: Ctx): void {
  if (kind === 'tcp-reset') return sendReset(host, look, ctx)
  icmpSend(host, look.skb, ICMP_DEST_UNREACH, CODES[kind], 0, ctx)
}

type NatTarget = Extract<Target, { t: 'SNAT' | 'DNAT' | 'MASQUERADE' | 'REDIRECT' }>

/** Bind the connection of this packet to an address. False: there is none to take. */
function natTarget(host: Host, target: NatTarget, place: Place, look: Look, ctx: Ctx): boolean {
  const { skb } = look
  const { ct } = skb
  if (!ct?.entry) return true
  const manip = target.t === 'SNAT' || target.t === 'MASQUERADE' ? 'src' : 'dst'
  const to = natTo(host, target, place, skb)
  if (!to) return false
  setupNat(host, ct.entry, to, manip, ctx)
  if (target.t === 'MASQUERADE') rememberDev(ct, skb)
  return true
}

/** A masquerade belongs to the interface it was made for. */
function rememberDev(ct: SkbCt, skb: Skb): void {
  if (ct.entry) ct.entry.masqDev = skb.dst?.dev ?? ''
}

function natTo(host: Host, target: NatTarget, place: Place, skb: Skb): NatTo | undefined {
  if (target.t === 'SNAT' || target.t === 'DNAT') return target.to
  let address: Ip4
  if (target.t === 'MASQUERADE') {
    if (!skb.dst) return undefined
    address = selectSource(host, skb.dst.dev, skb.dst.nexthop)
  } else {
    // To this host itself: the interface's first address, or the loopback for our own packets.
    address = place.point === 'LOCAL_OUT' ? IP_LOOPBACK : (host.devs[skb.dev]?.addrs[0]?.ip ?? (0 as Ip4))
  }
  return address === 0 ? undefined : { ...target.to, from: address, to: address }
}
