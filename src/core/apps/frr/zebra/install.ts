/**
 * The kernel's side of a chosen route (rib_install_kernel, zebra/rt_netlink.c): metric 20, `proto` of its source, next hops
 * by id of a next-hop object. Connected and kernel routes are the kernel's own: only their next-hop object is made.
 */
import type { Ip4 } from '../../../base/ids.ts'
import type { RouteSpec } from '../../../kernel/netlink.ts'
import type { Sys } from '../../sys.ts'
import { installNhe, resolveNhe } from './nhg.ts'
import type { Dest, Entry, Hop, ZebraState } from './types.ts'

/** NL_DEFAULT_ROUTE_METRIC. */
const METRIC = 20

export function isSystem(entry: Entry): boolean {
  return entry.type === 'connected' || entry.type === 'kernel'
}

/** Make the kernel use `entry`; `old` was chosen before (the same one, if only its next hops changed). */
export function installRoute(
  sys: Sys,
  st: ZebraState,
  dest: Dest,
  entry: Entry,
  old: Entry | undefined,
): void {
  const top = st.nhes[entry.nhe]
  if (!top) return
  installNhe(sys, st, top)
  if (isSystem(entry)) {
    if (old && old !== entry) uninstallRoute(sys, dest, old)
    entry.installed = true
    return
  }
  const done = sys.netlink({ op: 'route.replace', ...specOf(st, dest, entry) })
  entry.installed = done.ok
  if (!done.ok) sys.log('zebra', failed(dest))
  if (old && old !== entry) old.installed = false
}

function specOf(st: ZebraState, dest: Dest, entry: Entry): RouteSpec {
  const top = st.nhes[entry.nhe]
  const nhe = top ? resolveNhe(st, top) : undefined
  const first: Hop | undefined = nhe?.hops.find((hop) => hop.active)
  const src = top?.hops.find((hop) => hop.active)?.src ?? (0 as Ip4)
  const base = {
    dst: dest.dst,
    prefix: dest.prefix,
    proto: entry.type,
    metric: METRIC,
    prefsrc: src,
    nexthops: [],
  }
  if (first?.kind === 'blackhole') return { ...base, type: 'blackhole' }
  if (first?.kind === 'reject') return { ...base, type: 'unreachable' }
  return { ...base, type: 'unicast', nhid: nhe?.id ?? 0 }
}

/** Take a route out of the kernel, if it is ours; the kernel may have dropped it before, with its interface. */
export function uninstallRoute(sys: Sys, dest: Dest, entry: Entry): void {
  const isOurs = !isSystem(entry)
  entry.installed = false
  if (!isOurs || !inKernel(sys, dest, entry)) return
  const { dst, prefix } = dest
  const spec = { dst, prefix, type: 'unicast', proto: entry.type, metric: METRIC, prefsrc: 0 as Ip4 } as const
  sys.netlink({ op: 'route.del', ...spec, nexthops: [] })
}

function inKernel(sys: Sys, dest: Dest, entry: Entry): boolean {
  return sys
    .routes()
    .some(
      (route) =>
        route.dst === dest.dst &&
        route.prefix === dest.prefix &&
        route.proto === entry.type &&
        route.metric === METRIC,
    )
}

function failed({ dst, prefix }: Dest): string {
  return `[SWQK6-6JY63][EC 4043309074] 0:254:${[24, 16, 8, 0].map((bit) => (dst >>> bit) & 255).join('.')}/${prefix}: Failed to enqueue dataplane install`
}
