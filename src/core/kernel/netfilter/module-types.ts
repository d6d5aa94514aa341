import type { Result } from '../../base/result.ts'
import type { Ctx, HookResult } from '../ctx.ts'
import type { Host } from '../host.ts'
import type { Errno } from '../netlink.ts'
import type { HookPoint } from '../note.ts'
import type { Skb } from '../skb.ts'
import type { CtEntry, Tuple } from './conntrack/types.ts'
import type { NfOp } from './ops.ts'

/** What the rest of the kernel asks of Netfilter's tables, connection tracking and NAT. */
export interface NetfilterModule {
  run: (place: Place, host: Host, skb: Skb, ctx: Ctx) => HookResult
  applyNf: (host: Host, op: NfOp) => Result<void, Errno>
  conntrackConfirm: (host: Host, skb: Skb, ctx: Ctx) => HookResult
  untrack: (skb: Skb) => void
  alterReply: (host: Host, entry: CtEntry, reply: Tuple) => void
}

/** Where one of its functions hooks in. */
export interface Place {
  point: HookPoint
  name: 'defrag' | 'raw' | 'conntrack' | 'mangle' | 'nat' | 'filter' | 'conntrack_confirm'
  priority: number
  /** Bit of `nf.active` without which it is passed over. */
  needs: number
}
