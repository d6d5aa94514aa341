import { bad, ok, type Result } from '../../base/result.ts'
import type { Host } from '../host.ts'
import type { Errno } from '../netlink.ts'
import { removeEntry } from './conntrack/table.ts'
import { createCt } from './state.ts'
import { tupleKey } from './conntrack/tuple.ts'
import type { NfOp } from './ops.ts'
import { blankTable, findChain, makeRule, settleActive } from './tables/tables.ts'
import { checkRule } from './tables/check.ts'
import type { Chain, Nf, Table, TableName } from './tables/types.ts'

/**
 * Carry out a change of Netfilter. ENOENT: no such chain (or rule, or connection); EEXIST: the chain exists; EBUSY: rules
 * refer to it, or it has rules; EINVAL: the target cannot be used in this place; ELOOP comes out as EINVAL.
 */
export function applyNf(host: Host, op: NfOp): Result<void, Errno> {
  if (op.op === 'ct.flush') {
    host.ct = createCt()
    return ok(undefined)
  }
  if (op.op === 'ct.del') {
    const entry = host.ct.entries[tupleKey(op.tuple)]
    if (!entry) return bad('ENOENT')
    removeEntry(host, entry)
    return ok(undefined)
  }
  const done = change(host.nf, op)
  settleActive(host.nf)
  return done
}

type TableOp = Exclude<NfOp, { op: `ct.${string}` }>

function change(nf: Nf, op: TableOp): Result<void, Errno> {
  if (op.op === 'nf.table.del') {
    Reflect.deleteProperty(nf.tables, op.table)
    return ok(undefined)
  }
  if (op.op === 'nf.flush' || op.op === 'nf.zero') return forChains(nf.tables[op.table], op)
  const table = touchTable(nf, op.table)
  if (op.op === 'nf.chain.add') {
    if (findChain(table, op.chain)) return bad('EEXIST')
    table.chains.push({
      name: op.chain,
      hook: '',
      policy: 'ACCEPT',
      counted: false,
      made: true,
      packets: 0,
      bytes: 0,
      rules: [],
    })
    return ok(undefined)
  }
  const chain = findChain(table, op.chain)
  if (!chain) return bad('ENOENT')
  switch (op.op) {
    case 'nf.chain.del':
      return deleteChain(table, chain)
    case 'nf.chain.rename':
      return renameChain(table, chain, op.to)
    case 'nf.policy':
      chain.policy = op.policy
      chain.made = true
      // seen on a real kernel: a chain whose policy was set counts what comes to it
      chain.counted = true
      if (op.count) Object.assign(chain, op.count)
      return ok(undefined)
    default:
      return changeRules(table, chain, op)
  }
}

/** A table comes into being when it is first written to. */
function touchTable(nf: Nf, name: TableName): Table {
  const table = nf.tables[name] ?? blankTable(name)
  nf.tables[name] = table
  return table
}

function changeRules(
  table: Table,
  chain: Chain,
  op: Extract<TableOp, { op: `nf.rule.${string}` }>,
): Result<void, Errno> {
  const at = op.at - 1
  if (op.op === 'nf.rule.del') {
    if (!chain.rules[at]) return bad('ENOENT')
    chain.rules.splice(at, 1)
    return ok(undefined)
  }
  const checked = checkRule(table, chain, op.table, op.rule)
  if (!checked.ok) return checked
  const rule = makeRule(op.rule)
  if (op.op === 'nf.rule.replace') {
    if (!chain.rules[at]) return bad('ENOENT')
    chain.rules[at] = rule
    return ok(undefined)
  }
  if (op.at > chain.rules.length + 1) return bad('ENOENT')
  rule.packets = op.count?.packets ?? 0
  rule.bytes = op.count?.bytes ?? 0
  chain.rules.splice(op.at === 0 ? chain.rules.length : at, 0, rule)
  chain.made = true
  return ok(undefined)
}

function forChains(
  table: Table | undefined,
  op: Extract<TableOp, { op: 'nf.flush' | 'nf.zero' }>,
): Result<void, Errno> {
  const chains = (table?.chains ?? []).filter((chain) => op.chain === '' || chain.name === op.chain)
  if (op.chain !== '' && chains.length === 0) {
    return findChain(blankTable(op.table), op.chain) ? ok(undefined) : bad('ENOENT')
  }
  for (const chain of chains) {
    if (op.op === 'nf.flush') chain.rules = []
    else zero(chain, op.at)
  }
  return ok(undefined)
}

function zero(chain: Chain, at: number): void {
  if (at === 0) {
    chain.counted = chain.made
    chain.packets = chain.bytes = 0
  }
  chain.rules.forEach((rule, i) => {
    if (at === 0 || at === i + 1) rule.packets = rule.bytes = 0
  })
}

/** Rules that jump to a chain. */
export function referencesTo(table: Table | undefined, name: string): number {
  let count = 0
  for (const chain of table?.chains ?? []) {
    for (const { spec } of chain.rules) {
      if ((spec.target?.t === 'jump' || spec.target?.t === 'goto') && spec.target.chain === name) count++
    }
  }
  return count
}

function deleteChain(table: Table, chain: Chain): Result<void, Errno> {
  if (chain.hook !== '' || chain.rules.length > 0 || referencesTo(table, chain.name) > 0) return bad('EBUSY')
  table.chains = table.chains.filter((c) => c !== chain)
  return ok(undefined)
}

function renameChain(table: Table, chain: Chain, to: string): Result<void, Errno> {
  if (chain.hook !== '') return bad('EINVAL')
  if (findChain(table, to)) return bad('EEXIST')
  for (const other of table.chains) {
    for (const rule of other.rules) {
      const { target } = rule.spec
      if ((target?.t === 'jump' || target?.t === 'goto') && target.chain === chain.name) {
        rule.spec = { ...rule.spec, target: { ...target, chain: to } }
      }
    }
  }
  chain.name = to
  return ok(undefined)
}
