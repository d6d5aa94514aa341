import { must } from '../../base/assert.ts'
import type { HookDef } from '../ctx.ts'
import type { HookPoint } from '../note.ts'
import { NF_PRI } from './hooks.ts'
import type { NetfilterModule, Place } from './module-types.ts'
import { NF_CONNTRACK, NF_FILTER, NF_MANGLE, NF_NAT, NF_RAW } from './tables/types.ts'

/**
 * Tables, connection tracking and NAT come as a module, as ip_tables and nf_conntrack do on Linux: the commands that need
 * it load it. Where each of its functions hooks in is known without it.
 */
let module: NetfilterModule | undefined

export async function loadNetfilter(): Promise<void> {
  module ??= (await import('./table-hooks.ts')).netfilterModule
}

/** The module, which whoever made a rule has loaded. */
export function netfilter(): NetfilterModule {
  return must(module, 'netfilter is loaded')
}

function place(name: Place['name'], point: HookPoint, priority: number, needs: number): Place {
  return { name, point, priority, needs }
}

/** Priorities of include/uapi/linux/netfilter_ipv4.h. */
const PLACES: readonly Place[] = [
  place('defrag', 'PREROUTING', NF_PRI.DEFRAG, NF_CONNTRACK),
  place('raw', 'PREROUTING', NF_PRI.RAW, NF_RAW),
  place('raw', 'LOCAL_OUT', NF_PRI.RAW, NF_RAW),
  place('conntrack', 'PREROUTING', NF_PRI.CONNTRACK, NF_CONNTRACK),
  place('conntrack', 'LOCAL_OUT', NF_PRI.CONNTRACK, NF_CONNTRACK),
  place('mangle', 'PREROUTING', NF_PRI.MANGLE, NF_MANGLE),
  place('mangle', 'LOCAL_IN', NF_PRI.MANGLE, NF_MANGLE),
  place('mangle', 'FORWARD', NF_PRI.MANGLE, NF_MANGLE),
  place('mangle', 'POSTROUTING', NF_PRI.MANGLE, NF_MANGLE),
  place('mangle', 'LOCAL_OUT', NF_PRI.MANGLE, NF_MANGLE),
  place('nat', 'PREROUTING', NF_PRI.NAT_DST, NF_NAT),
  place('nat', 'LOCAL_OUT', NF_PRI.NAT_DST, NF_NAT),
  place('filter', 'LOCAL_IN', NF_PRI.FILTER, NF_FILTER),
  place('filter', 'FORWARD', NF_PRI.FILTER, NF_FILTER),
  place('filter', 'LOCAL_OUT', NF_PRI.FILTER, NF_FILTER),
  place('nat', 'LOCAL_IN', NF_PRI.NAT_SRC, NF_NAT),
  place('nat', 'POSTROUTING', NF_PRI.NAT_SRC, NF_NAT),
  place('conntrack_confirm', 'LOCAL_IN', NF_PRI.CONNTRACK_CONFIRM, NF_CONNTRACK),
  place('conntrack_confirm', 'POSTROUTING', NF_PRI.CONNTRACK_CONFIRM, NF_CONNTRACK),
]

export const tableHooks: readonly HookDef[] = PLACES.map((at) => ({
  ...at,
  run: (host, skb, ctx) => netfilter().run(at, host, skb, ctx),
}))
