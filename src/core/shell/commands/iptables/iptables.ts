import type { Errno } from '../../../kernel/netlink.ts'
import type { NfOp } from '../../../kernel/netfilter/ops.ts'
import { blankTable, findChain } from '../../../kernel/netfilter/tables/tables.ts'
import type { Chain, RuleSpec, Table, TableName } from '../../../kernel/netfilter/tables/types.ts'
import type { Command, Io } from '../../sys.ts'
import { tell } from '../words.ts'
import { formatAppend } from './format.ts'
import { HELP } from './help.ts'
import { listedChains, listRule, listTable } from './list.ts'
import { type Line, parseIptables } from './parse.ts'
import { checkName } from './reader.ts'
import { isTargetName } from './targets.ts'
import { kernel, type Mistake, plain, usage, versionText, wordMistake } from './words.ts'

/**
 * iptables 1.8 on nf_tables, as Debian 12 has it. Not modelled, and refused by name: table security, most of the rarer
 * matches and targets, ip6tables. Names of hosts are not resolved.
 */
export const iptables: Command = {
  name: 'iptables',
  summary: 'rules of the packet filter and of address translation',
  run: (args, io) => {
    const line = parseIptables(args)
    if (!line.ok) return tell(io, wordMistake(line.error, io))
    if (line.value === 'version' || line.value === 'help') {
      io.out(`iptables ${versionText(io)}\n${line.value === 'help' ? HELP : ''}`)
      return 0
    }
    const mistake = runLine(line.value, io)
    return mistake ? tell(io, wordMistake(mistake, io)) : 0
  },
}

const NO_CHAIN = plain('No chain/target/match by that name.')
const NO_RULE = plain('Bad rule (does a matching rule exist in that chain?).')

/** Carry out one line, of a terminal or of a file of iptables-restore. */
export function runLine(line: Line, io: Io): Mistake | undefined {
  switch (line.verb) {
    case 'A':
    case 'I':
      return addRules(line, io)
    case 'R':
      return replaceRule(line, io)
    case 'D':
    case 'C':
      return findOrDelete(line, io)
    case 'L':
    case 'S':
      return list(line, io)
    default:
      return changeChain(line, io)
  }
}

function tableOf(io: Io, name: TableName): Table {
  return io.sys.host().nf.tables[name] ?? blankTable(name)
}

function targetMissing(table: Table, rule: RuleSpec): Mistake | undefined {
  const { target } = rule
  if (target?.t !== 'jump' && target?.t !== 'goto') return undefined
  const chain = findChain(table, target.chain)
  return chain ? undefined : usage(`Chain '${target.chain}' does not exist`)
}

/** The kernel refused a rule. */
function refused(what: string, errno: Errno, line: Line): Mistake {
  if (errno === 'ENOENT') return NO_CHAIN
  return kernel(`${what} failed (Invalid argument): rule in chain ${line.chain}`)
}

function addRules(line: Line, io: Io): Mistake | undefined {
  const { table, chain, rules, count } = line
  for (const [i, rule] of rules.entries()) {
    const found = findChain(tableOf(io, table), chain)
    const missing = targetMissing(tableOf(io, table), rule)
    if (missing) return missing
    if (!found) return NO_CHAIN
    const at = line.verb === 'A' ? 0 : Math.max(line.at, 1) + i
    if (at > found.rules.length + 1) return plain('Index of insertion too big.')
    const done = io.sys.apply({ op: 'nf.rule.add', table, chain, at, rule, ...(count && { count }) })
    if (!done.ok) return refused(line.verb === 'A' ? 'RULE_APPEND' : 'RULE_INSERT', done.error, line)
  }
  return undefined
}

function replaceRule(line: Line, io: Io): Mistake | undefined {
  const { table, chain, at } = line
  const found = findChain(tableOf(io, table), chain)
  const [rule, second] = line.rules
  if (second) return usage('Replacement rule does not specify a unique address')
  if (!rule) return undefined
  const missing = targetMissing(tableOf(io, table), rule)
  if (missing) return missing
  if (!found) return NO_CHAIN
  if (!found.rules[at - 1]) return plain('Index of replacement too big.')
  const done = io.sys.apply({ op: 'nf.rule.replace', table, chain, at, rule })
  return done.ok ? undefined : refused('RULE_REPLACE', done.error, line)
}

function findOrDelete(line: Line, io: Io): Mistake | undefined {
  const { table, chain } = line
  if (line.verb === 'D' && line.at > 0) {
    const found = findChain(tableOf(io, table), chain)
    if (!found) return NO_CHAIN
    if (!found.rules[line.at - 1]) return plain('Index of deletion too big.')
    io.sys.apply({ op: 'nf.rule.del', table, chain, at: line.at })
    return undefined
  }
  for (const rule of line.rules) {
    const found = findChain(tableOf(io, table), chain)
    const missing = targetMissing(tableOf(io, table), rule)
    if (missing) return missing
    if (!found) return NO_CHAIN
    const text = formatAppend('', rule)
    const at = found.rules.findIndex(({ spec }) => formatAppend('', spec) === text) + 1
    if (at === 0) return NO_RULE
    if (line.verb === 'D') io.sys.apply({ op: 'nf.rule.del', table, chain, at })
  }
  return undefined
}

function changeChain(line: Line, io: Io): Mistake | undefined {
  const { table, chain, verb } = line
  const found = chain === '' ? undefined : findChain(tableOf(io, table), chain)
  const apply = (op: NfOp): boolean => io.sys.apply(op).ok
  switch (verb) {
    case 'F':
      if (chain !== '' && !found) return NO_CHAIN
      apply({ op: 'nf.flush', table, chain })
      return undefined
    case 'Z':
      if (chain !== '' && !found) return NO_CHAIN
      apply({ op: 'nf.zero', table, chain, at: line.at })
      return undefined
    case 'N':
      return found || !apply({ op: 'nf.chain.add', table, chain })
        ? plain('Chain already exists.')
        : undefined
    case 'X':
      return deleteChains(line, io)
    case 'E':
      return renameChain(line, found, io)
    default:
      if (!found || found.hook === '') return plain('Bad built-in chain name.')
      if (line.second !== 'ACCEPT' && line.second !== 'DROP') {
        return plain("Bad policy name. Run `dmesg' for more information.")
      }
      apply({ op: 'nf.policy', table, chain, policy: line.second })
      return undefined
  }
}

function deleteChains({ table, chain }: Line, io: Io): Mistake | undefined {
  if (chain !== '') {
    const found = findChain(tableOf(io, table), chain)
    if (!found) return NO_CHAIN
    // A built-in chain can be deleted only with its table, and that only when empty.
    if (found.hook !== '') return found.rules.length > 0 ? plain('Directory not empty.') : undefined
    const done = io.sys.apply({ op: 'nf.chain.del', table, chain })
    return done.ok ? undefined : kernel(`CHAIN_DEL failed (Device or resource busy): chain ${chain}`)
  }
  for (const own of tableOf(io, table).chains.filter((c) => c.hook === '')) {
    const done = io.sys.apply({ op: 'nf.chain.del', table, chain: own.name })
    if (!done.ok) return kernel(`CHAIN_DEL failed (Device or resource busy): chain ${own.name}`)
  }
  return undefined
}

function renameChain(line: Line, found: Chain | undefined, io: Io): Mistake | undefined {
  const { table, chain, second } = line
  const wrong = checkName(second)
  if (wrong) return wrong
  if (!found) return NO_CHAIN
  if (isTargetName(second)) return usage('chain name may not clash with target name')
  if (findChain(tableOf(io, table), second)) return plain('File exists.')
  const done = io.sys.apply({ op: 'nf.chain.rename', table, chain, to: second })
  return done.ok ? undefined : plain('Invalid argument.')
}

function list(line: Line, io: Io): Mistake | undefined {
  const table = tableOf(io, line.table)
  const all = listedChains(table)
  const chains = line.chain === '' ? all : all.filter((c) => c.name === line.chain)
  if (chains.length === 0) {
    return {
      text: `chain \`${line.chain}' in table \`${line.table}' is incompatible, use 'nft' tool.`,
      kind: 'foreign',
    }
  }
  if (line.verb === 'S') io.out(saveLines(chains, line))
  else if (line.at > 0) {
    const rule = chains[0]?.rules[line.at - 1]
    if (rule) io.out(listRule(rule, line.at, line))
  } else io.out(listTable(table, chains, line))
  if (line.zero) io.sys.apply({ op: 'nf.zero', table: line.table, chain: line.chain, at: 0 })
  return undefined
}

function saveLines(chains: readonly Chain[], line: Line): string {
  const counted = (what: { packets: number; bytes: number }): string =>
    line.verbose ? `-c ${what.packets} ${what.bytes}` : ''
  const rules = chains.flatMap((chain) =>
    chain.rules
      .filter((_rule, i) => line.at === 0 || line.at === i + 1)
      .map((rule) => formatAppend(chain.name, rule.spec, counted(rule))),
  )
  if (line.at > 0) return rules.map((text) => `${text}\n`).join('')
  const heads = chains.map((chain) => {
    if (chain.hook === '') return `-N ${chain.name}`
    const count = counted(chain)
    return `-P ${chain.name} ${chain.policy}${count === '' ? '' : ` ${count}`}`
  })
  return [...heads, ...rules].map((text) => `${text}\n`).join('')
}
