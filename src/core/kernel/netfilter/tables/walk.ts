import { ipTotalLength } from '../../../wire/ipv4.ts'
import type { Ctx, HookResult } from '../../ctx.ts'
import type { Host } from '../../host.ts'
import type { HookPoint } from '../../note.ts'
import { L2, type Skb } from '../../skb.ts'
import { fitsRule, type Look, lookAt } from './match.ts'
import type { Place, Walked } from './place.ts'
import { runTarget } from './targets.ts'
import type { Chain, TableName } from './types.ts'

/** Chains that may be entered within one another; a loop is refused when rules are made, this is the last resort. */
const MAX_DEPTH = 16

/** Walk the chain of a hook (ip_tables.c ipt_do_table): rules in order, the first verdict counts, else the policy. */
export function walkTable(host: Host, table: TableName, point: HookPoint, skb: Skb, ctx: Ctx): HookResult {
  const chains = host.nf.tables[table]?.chains
  const chain = chains?.find((c) => c.hook === point)
  if (!chains || !chain) return 'ACCEPT'
  const look = lookAt(skb, inDev(point, skb), outDev(point, skb), ctx.now)
  const walked = walkChain(host, { table, point, chain, rule: 0 }, chains, look, 0, ctx)
  if (walked !== 'CONTINUE') return walked
  if (chain.counted) {
    chain.packets += 1
    chain.bytes += ipTotalLength(skb.data, L2)
  }
  if (chain.policy === 'ACCEPT') return 'ACCEPT'
  ctx.note(host, { kind: 'nf.rule', table, chain: chain.name, rule: 0, target: 'DROP' })
  return { verdict: 'DROP', detail: `${table}/${chain.name} policy` }
}

/** In POSTROUTING it is still known where a packet came from (ip_output), though no rule may ask. */
const inDev = (point: HookPoint, skb: Skb): string => (point === 'LOCAL_OUT' ? '' : skb.dev)

const outDev = (point: HookPoint, skb: Skb): string =>
  point === 'PREROUTING' || point === 'LOCAL_IN' ? '' : (skb.dst?.dev ?? '')

function walkChain(
  host: Host,
  place: Place,
  chains: readonly Chain[],
  look: Look,
  depth: number,
  ctx: Ctx,
): Walked {
  const { chain } = place
  let number = 0
  for (const rule of chain.rules) {
    number += 1
    if (!fitsRule(host, rule, look)) continue
    rule.packets += 1
    rule.bytes += ipTotalLength(look.skb.data, L2)
    const { target } = rule.spec
    if (!target) continue
    place.rule = number
    if (target.t === 'jump' || target.t === 'goto') {
      const next = chains.find((c) => c.name === target.chain)
      if (!next || depth >= MAX_DEPTH) return 'DROP'
      const walked = walkChain(host, { ...place, chain: next, rule: 0 }, chains, look, depth + 1, ctx)
      if (walked !== 'CONTINUE' || target.t === 'goto') return walked
      continue
    }
    if (target.t === 'RETURN') return 'CONTINUE'
    const walked = runTarget(host, target, place, look, ctx)
    if (walked !== 'CONTINUE') return walked
  }
  return 'CONTINUE'
}
