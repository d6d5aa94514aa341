import { ipDst, ipSrc } from '../../wire/ipv4.ts'
import type { Ctx, HookDef, HookResult } from '../ctx.ts'
import type { Host } from '../host.ts'
import { isFragment } from '../ip/fragment.ts'
import { reassemble } from '../ip/reassemble.ts'
import type { HookPoint } from '../note.ts'
import { L2, type Skb } from '../skb.ts'
import { conntrackConfirm, conntrackIn } from './conntrack/track.ts'
import { NF_PRI } from './hooks.ts'
import { natHook } from './nat/nat.ts'
import { reroute } from './nat/reroute.ts'
import { NF_CONNTRACK, NF_FILTER, NF_MANGLE, NF_NAT, NF_RAW } from './tables/types.ts'
import { walkTable } from './tables/walk.ts'

/**
 * What Netfilter itself registers on the hooks: the tables of iptables and connection tracking. Every function runs only
 * on hosts that have its bit in `nf.active`. Packets from IPVS that re-enter at LOCAL_OUT meet them like any other.
 */

const MANGLE_POINTS: readonly HookPoint[] = ['PREROUTING', 'LOCAL_IN', 'FORWARD', 'POSTROUTING']
const FILTER_POINTS: readonly HookPoint[] = ['LOCAL_IN', 'FORWARD', 'LOCAL_OUT']

function raw(point: HookPoint): HookDef {
  const run = (host: Host, skb: Skb, ctx: Ctx): HookResult => walkTable(host, 'raw', point, skb, ctx)
  return { point, priority: NF_PRI.RAW, name: 'raw', needs: NF_RAW, run }
}

function mangle(point: HookPoint): HookDef {
  const run = (host: Host, skb: Skb, ctx: Ctx): HookResult => walkTable(host, 'mangle', point, skb, ctx)
  return { point, priority: NF_PRI.MANGLE, name: 'mangle', needs: NF_MANGLE, run }
}

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

function filter(point: HookPoint): HookDef {
  const run = (host: Host, skb: Skb, ctx: Ctx): HookResult => walkTable(host, 'filter', point, skb, ctx)
  return { point, priority: NF_PRI.FILTER, name: 'filter', needs: NF_FILTER, run }
}

function nat(point: HookPoint, priority: number): HookDef {
  const run = (host: Host, skb: Skb, ctx: Ctx): HookResult => natHook(host, point, skb, ctx)
  return { point, priority, name: 'nat', needs: NF_NAT, run }
}

function track(point: HookPoint): HookDef {
  return { point, priority: NF_PRI.CONNTRACK, name: 'conntrack', needs: NF_CONNTRACK, run: conntrackIn }
}

/** Connections are told apart by ports, which only the first fragment has: fragments wait for each other first. */
function defrag(host: Host, skb: Skb, ctx: Ctx): HookResult {
  if (!isFragment(skb) || reassemble(host, skb, ctx)) return 'ACCEPT'
  return { verdict: 'STOLEN', then: () => undefined }
}

function confirm(point: HookPoint): HookDef {
  const priority = NF_PRI.CONNTRACK_CONFIRM
  return { point, priority, name: 'conntrack_confirm', needs: NF_CONNTRACK, run: conntrackConfirm }
}

/** Priorities of include/uapi/linux/netfilter_ipv4.h. */
export const tableHooks: readonly HookDef[] = [
  { point: 'PREROUTING', priority: NF_PRI.DEFRAG, name: 'defrag', needs: NF_CONNTRACK, run: defrag },
  raw('PREROUTING'),
  raw('LOCAL_OUT'),
  track('PREROUTING'),
  track('LOCAL_OUT'),
  ...MANGLE_POINTS.map(mangle),
  { ...mangle('LOCAL_OUT'), run: mangleOut },
  nat('PREROUTING', NF_PRI.NAT_DST),
  nat('LOCAL_OUT', NF_PRI.NAT_DST),
  ...FILTER_POINTS.map(filter),
  nat('LOCAL_IN', NF_PRI.NAT_SRC),
  nat('POSTROUTING', NF_PRI.NAT_SRC),
  confirm('LOCAL_IN'),
  confirm('POSTROUTING'),
]
