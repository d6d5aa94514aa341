import type { Ctx, HookDef, HookResult } from '../ctx.ts'
import { ipProto, PROTO_ICMP } from '../../wire/ipv4.ts'
import type { Host } from '../host.ts'
import { NF_PRI } from '../netfilter/hooks.ts'
import type { HookPoint } from '../note.ts'
import { L2, type Skb } from '../skb.ts'
import { icmpIn } from './icmp.ts'
import { ipvsIn, isBackupOnly } from './in.ts'
import { ipvsOut } from './out.ts'
import { ipvsModule } from './module.ts'

/**
 * IPVS sits on LOCAL_IN, not PREROUTING: the VIP must first be routed as an address of this host. That is why a director
 * has to own the VIP. Answers are looked at in FORWARD. Priorities as ip_vs_core.c ip_vs_ops4 has them, captured in golden
 * N1 and B16; the two of FULLNAT are ours (see fullnat.ts). Each is one test on a host without a virtual service.
 */
export const ipvsHooks: readonly HookDef[] = [
  { point: 'PREROUTING', priority: NF_PRI.NAT_DST + 1, name: 'ip_vs_fullnat_in', run: fullnatIn },
  { point: 'LOCAL_IN', priority: NF_PRI.NAT_SRC - 2, name: 'ip_vs_out', run: replies('LOCAL_IN') },
  { point: 'LOCAL_IN', priority: NF_PRI.NAT_SRC - 1, name: 'ip_vs_in', run: ipvsIn },
  { point: 'LOCAL_IN', priority: NF_PRI.NAT_SRC + 300, name: 'ip_vs_sync', run: syncIn },
  { point: 'LOCAL_OUT', priority: NF_PRI.NAT_DST + 1, name: 'ip_vs_out', run: replies('LOCAL_OUT') },
  { point: 'LOCAL_OUT', priority: NF_PRI.NAT_DST + 2, name: 'ip_vs_in', run: ipvsIn },
  { point: 'FORWARD', priority: NF_PRI.NAT_SRC - 1, name: 'ip_vs_forward_icmp', run: forwardIcmp },
  { point: 'FORWARD', priority: NF_PRI.NAT_SRC, name: 'ip_vs_out', run: replies('FORWARD') },
  { point: 'POSTROUTING', priority: NF_PRI.NAT_SRC + 1, name: 'ip_vs_fullnat_out', run: fullnatOut },
]

/** Without a connection of FULLNAT there is nothing to ask its code for. */
function fullnatIn(host: Host, skb: Skb, ctx: Ctx): HookResult {
  return host.ipvs.fullnat === 0 ? 'ACCEPT' : ipvsModule().fullnat.fullnatIn(host, skb, ctx)
}

function fullnatOut(host: Host, skb: Skb, ctx: Ctx): HookResult {
  return host.ipvs.fullnat === 0 ? 'ACCEPT' : ipvsModule().fullnat.fullnatOut(host, skb, ctx)
}

function replies(point: HookPoint): HookDef['run'] {
  return (host, skb, ctx) => ipvsOut(host, point, skb, ctx)
}

/** Errors for a client whose packets are balanced by a mark, and so are not addressed to this host. */
function forwardIcmp(host: Host, skb: Skb, ctx: Ctx): HookResult {
  if (!host.ipvs.enabled || ipProto(skb.data, L2) !== PROTO_ICMP || isBackupOnly(host)) return 'ACCEPT'
  return icmpIn(host, skb, ctx)
}

/** A backup takes its messages here. */
function syncIn(host: Host, skb: Skb, ctx: Ctx): HookResult {
  return host.ipvs.backup ? ipvsModule().sync.syncIn(host, skb, ctx) : 'ACCEPT'
}
