import type { Ctx } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { HookPoint } from '../note.ts'
import type { Skb } from '../skb.ts'

/**
 *                 PREROUTING ── route ──┬── LOCAL_IN ── sockets ── route ── LOCAL_OUT ──┐
 *   device in ──►                       └── FORWARD ───────────────────────────────────┴── POSTROUTING ──► device out
 *
 * Priorities of include/uapi/linux/netfilter_ipv4.h: functions of one hook run in ascending order.
 */
export const NF_PRI = {
  DEFRAG: -400,
  RAW: -300,
  CONNTRACK: -200,
  MANGLE: -150,
  NAT_DST: -100,
  FILTER: 0,
  SECURITY: 50,
  NAT_SRC: 100,
  CONNTRACK_CONFIRM: 0x7fffffff,
} as const

export const HOOK_POINTS: readonly HookPoint[] = [
  'PREROUTING',
  'LOCAL_IN',
  'FORWARD',
  'LOCAL_OUT',
  'POSTROUTING',
]

/**
 * Run a hook: its functions in order of priority, until one does not accept; then one note with the verdict. True = go
 * on with the packet; after DROP it is accounted for here; a function that steals it says how it goes on in `then`.
 * Functions that this host has no use for (`needs`) are passed over.
 */
export function runHook(host: Host, point: HookPoint, skb: Skb, ctx: Ctx): boolean {
  const { active } = host.nf
  for (const fn of ctx.stack.hooks[point]) {
    if (fn.needs !== undefined && (fn.needs & active) === 0) continue
    const result = fn.run(host, skb, ctx)
    if (result === 'ACCEPT') continue
    const verdict = typeof result === 'string' ? result : result.verdict
    ctx.note(host, { kind: 'hook', point, verdict, by: fn.name })
    if (typeof result === 'string') {
      if (result === 'DROP') ctx.drop(host, skb, 'NETFILTER_DROP', fn.name)
    } else if (result.verdict === 'DROP') ctx.drop(host, skb, 'NETFILTER_DROP', result.detail)
    else result.then()
    return false
  }
  ctx.note(host, { kind: 'hook', point, verdict: 'ACCEPT', by: '' })
  return true
}
