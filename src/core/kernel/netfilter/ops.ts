import type { Tuple } from './conntrack/types.ts'
import type { RuleSpec, TableName } from './tables/types.ts'

/** Changes of Netfilter as plain data: what iptables and conntrack compile to. Numbers of rules count from 1. */
export type NfOp =
  /** `at` 0 = at the end. `count`: counters it begins with. */
  | {
      op: 'nf.rule.add'
      table: TableName
      chain: string
      at: number
      rule: RuleSpec
      count?: { packets: number; bytes: number }
    }
  | { op: 'nf.rule.replace'; table: TableName; chain: string; at: number; rule: RuleSpec }
  | { op: 'nf.rule.del'; table: TableName; chain: string; at: number }
  | { op: 'nf.chain.add'; table: TableName; chain: string }
  | { op: 'nf.chain.del'; table: TableName; chain: string }
  | { op: 'nf.chain.rename'; table: TableName; chain: string; to: string }
  | {
      op: 'nf.policy'
      table: TableName
      chain: string
      policy: 'ACCEPT' | 'DROP'
      count?: { packets: number; bytes: number }
    }
  /** Remove all rules, set all counters to 0: of one chain, or of all ('' = all). `at` 0 = every rule. */
  | { op: 'nf.flush'; table: TableName; chain: string }
  | { op: 'nf.zero'; table: TableName; chain: string; at: number }
  /** Take the table away with everything in it. */
  | { op: 'nf.table.del'; table: TableName }
  | { op: 'ct.flush' }
  /** Forget one connection, named by its original direction. */
  | { op: 'ct.del'; tuple: Tuple }
