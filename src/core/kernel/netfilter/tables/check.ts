import { bad, ok, type Result } from '../../../base/result.ts'
import { PROTO_TCP } from '../../../wire/ipv4.ts'
import type { Errno } from '../../netlink.ts'
import type { Chain, RuleSpec, Table, TableName, Target } from './types.ts'

/** What the kernel refuses of a rule (the targets' checkentry functions, nf_tables' search for loops). */

/** Hooks and tables in which a target may stand; targets that are not named may stand everywhere. */
const PLACES: Partial<
  Record<Target['t'], { tables: readonly TableName[]; hooks: readonly Chain['hook'][] }>
> = {
  SNAT: { tables: ['nat'], hooks: ['POSTROUTING', 'LOCAL_IN'] },
  MASQUERADE: { tables: ['nat'], hooks: ['POSTROUTING'] },
  DNAT: { tables: ['nat'], hooks: ['PREROUTING', 'LOCAL_OUT'] },
  REDIRECT: { tables: ['nat'], hooks: ['PREROUTING', 'LOCAL_OUT'] },
  REJECT: { tables: ['filter'], hooks: ['LOCAL_IN', 'FORWARD', 'LOCAL_OUT'] },
  NOTRACK: { tables: ['raw'], hooks: ['PREROUTING', 'LOCAL_OUT'] },
  CT: { tables: ['raw'], hooks: ['PREROUTING', 'LOCAL_OUT'] },
}

/** May this rule be put into this chain? EINVAL, or ENOENT for a chain to jump to that is not there. */
export function checkRule(table: Table, chain: Chain, name: TableName, rule: RuleSpec): Result<void, Errno> {
  const { target } = rule
  if (!target) return ok(undefined)
  const place = PLACES[target.t]
  if (place && !place.tables.includes(name)) return bad('EINVAL')
  if (place && chain.hook !== '' && !place.hooks.includes(chain.hook)) return bad('EINVAL')
  const isTcp = rule.proto?.proto === PROTO_TCP && !rule.proto.not
  if (target.t === 'REJECT' && target.kind === 'tcp-reset' && !isTcp) return bad('EINVAL')
  if (target.t === 'TCPMSS') {
    if (!isTcp) return bad('EINVAL')
    const outward: Chain['hook'][] = ['FORWARD', 'LOCAL_OUT', 'POSTROUTING', '']
    return target.mss === 0 && !outward.includes(chain.hook) ? bad('EINVAL') : ok(undefined)
  }
  if (target.t !== 'jump' && target.t !== 'goto') return ok(undefined)
  const next = table.chains.find((c) => c.name === target.chain && c.hook === '')
  if (!next) return bad('ENOENT')
  return reaches(table, next, chain, 0) ? bad('EINVAL') : ok(undefined)
}

/** Does one lead to the other by jumps? */
function reaches(table: Table, from: Chain, to: Chain, depth: number): boolean {
  if (from === to || depth > table.chains.length) return true
  return from.rules.some(({ spec }) => {
    const { target } = spec
    if (target?.t !== 'jump' && target?.t !== 'goto') return false
    const next = table.chains.find((c) => c.name === target.chain)
    return next !== undefined && reaches(table, next, to, depth + 1)
  })
}
