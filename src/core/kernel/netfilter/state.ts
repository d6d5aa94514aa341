import type { Ct, CtEntry } from './conntrack/types.ts'
import type { Chain, Nf, TableName } from './tables/types.ts'

/** What a host holds of Netfilter before anybody has made a rule, and copies of it: no more than every host needs. */

/** In the order of `iptables-save`. */
export const TABLE_NAMES: readonly TableName[] = ['mangle', 'raw', 'filter', 'nat']

export function createNf(): Nf {
  return { tables: {}, active: 0 }
}

/** A copy for checkpoints; what rules say is never written and shared. */
export function cloneNf(nf: Nf): Nf {
  const tables: Nf['tables'] = {}
  for (const name of TABLE_NAMES) {
    const table = nf.tables[name]
    if (table) tables[name] = { chains: table.chains.map(cloneChain) }
  }
  return { tables, active: nf.active }
}

function cloneChain(chain: Chain): Chain {
  return { ...chain, rules: chain.rules.map((rule) => ({ ...rule })) }
}

export const FIRST_SWEEP = 1024

export function createCt(): Ct {
  return { entries: {}, replies: {}, count: 0, sweepAt: FIRST_SWEEP }
}

/** A copy for checkpoints; tuples and TCP's part are replaced, never written in place, and so shared. */
export function cloneCt(ct: Ct): Ct {
  const entries: Record<string, CtEntry> = {}
  for (const key in ct.entries) {
    const entry = ct.entries[key]
    if (entry) entries[key] = { ...entry }
  }
  return { ...ct, entries, replies: { ...ct.replies } }
}
