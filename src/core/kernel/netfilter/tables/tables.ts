import { TABLE_NAMES } from '../state.ts'
import type { Nf } from './types.ts'
import {
  type Chain,
  NF_CONNTRACK,
  NF_FILTER,
  NF_MANGLE,
  NF_NAT,
  NF_RAW,
  type Rule,
  type RuleSpec,
  type Table,
  type TableName,
} from './types.ts'
import { needsTracking } from './match.ts'

/** Tables with their chains, and what of Netfilter a host has in use. */

/** Names of built-in chains and the hooks that call them, in the order of their listing. */
const BUILT_IN: Record<TableName, readonly [name: string, hook: Exclude<Chain['hook'], ''>][]> = {
  raw: [
    ['PREROUTING', 'PREROUTING'],
    ['OUTPUT', 'LOCAL_OUT'],
  ],
  mangle: [
    ['PREROUTING', 'PREROUTING'],
    ['INPUT', 'LOCAL_IN'],
    ['FORWARD', 'FORWARD'],
    ['OUTPUT', 'LOCAL_OUT'],
    ['POSTROUTING', 'POSTROUTING'],
  ],
  nat: [
    ['PREROUTING', 'PREROUTING'],
    ['INPUT', 'LOCAL_IN'],
    ['OUTPUT', 'LOCAL_OUT'],
    ['POSTROUTING', 'POSTROUTING'],
  ],
  filter: [
    ['INPUT', 'LOCAL_IN'],
    ['FORWARD', 'FORWARD'],
    ['OUTPUT', 'LOCAL_OUT'],
  ],
}

const BITS: Record<TableName, number> = { raw: NF_RAW, mangle: NF_MANGLE, nat: NF_NAT, filter: NF_FILTER }

/** A table with empty chains, as it is while nobody has touched it. */
export function blankTable(name: TableName): Table {
  return {
    chains: BUILT_IN[name].map(([chain, hook]) => ({
      name: chain,
      hook,
      policy: 'ACCEPT',
      counted: false,
      made: false,
      packets: 0,
      bytes: 0,
      rules: [],
    })),
  }
}

export function makeRule(spec: RuleSpec): Rule {
  return { spec, packets: 0, bytes: 0, creditNs: 0, creditAt: -1 }
}

export function findChain(table: Table | undefined, name: string): Chain | undefined {
  return table?.chains.find((chain) => chain.name === name)
}

/** Work out what is in use after a change. Connection tracking runs only while a rule refers to it. */
export function settleActive(nf: Nf): void {
  let active = 0
  for (const name of TABLE_NAMES) {
    const table = nf.tables[name]
    if (!table) continue
    active |= BITS[name]
    if (table.chains.some((chain) => chain.rules.some((rule) => needsTracking(rule.spec))))
      active |= NF_CONNTRACK
  }
  nf.active = active
}
