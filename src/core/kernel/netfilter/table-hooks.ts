import { ipDst, ipSrc } from '../../wire/ipv4.ts'
import type { Ctx, HookResult } from '../ctx.ts'
import type { Host } from '../host.ts'
import { applyNf } from './apply.ts'
import { isFragment } from '../ip/fragment.ts'
import { reassemble } from '../ip/reassemble.ts'
import { L2, type Skb } from '../skb.ts'
import { conntrackConfirm, conntrackIn, untrack } from './conntrack/track.ts'
import type { NetfilterModule, Place } from './module-types.ts'
import { natHook } from './nat/nat.ts'
import { reroute } from './nat/reroute.ts'
import { alterReply } from './nat/unique.ts'
import { walkTable } from './tables/walk.ts'

/**
 * What Netfilter itself registers on the hooks: the tables of iptables and connection tracking. Every function runs only
 * on hosts that have its bit in `nf.active`. Packets from IPVS that re-enter at LOCAL_OUT meet them like any other.
 */

/** A rule that changes mark or addresses of our own packet changes its way (ipt_mangle_out). */
function mangleOut(host: Host, skb: Skb, ctx: Ctx): HookResult {
  const { mark, data } = skb
  const [src, dst, tos] = [ipSrc(data, L2), ipDst(data, L2), data[L2 + 1]]
  const verdict = walkTable(host, 'mangle', 'LOCAL_OUT', skb, ctx)
  if (verdict !== 'ACCEPT') return verdict
  const same =
    skb.mark === mark &&
    ipSrc(skb.data, L2) === src &&
    ipDst(skb.data, L2) === dst &&
    skb.data[L2 + 1] === tos
  return same ? 'ACCEPT' : reroute(host, skb, ctx)
}

/** Connections are told apart by ports, which only the first fragment has: fragments wait for each other first. */
function defrag(host: Host, skb: Skb, ctx: Ctx): HookResult {
  if (!isFragment(skb) || reassemble(host, skb, ctx)) return 'ACCEPT'
  return { verdict: 'STOLEN', then: () => undefined }
}

function run({ name, point }: Place, host: Host, skb: Skb, ctx: Ctx): HookResult {
  switch (name) {
    case 'defrag':
      return defrag(host, skb, ctx)
    case 'conntrack':
      return conntrackIn(host, skb, ctx)
    case 'conntrack_confirm':
      return conntrackConfirm(host, skb, ctx)
    case 'nat':
      return natHook(host, point, skb, ctx)
    case 'mangle':
      return point === 'LOCAL_OUT' ? mangleOut(host, skb, ctx) : walkTable(host, name, point, skb, ctx)
    default:
      return walkTable(host, name, point, skb, ctx)
  }
}

export const netfilterModule: NetfilterModule = { run, applyNf, conntrackConfirm, untrack, alterReply }
