import type { HookResult } from '../../ctx.ts'
import type { HookPoint } from '../../note.ts'
import type { Chain, TableName } from './types.ts'

/** What a chain says: a verdict, or nothing, and the caller goes on. */
export type Walked = HookResult | 'CONTINUE'

/** Where a packet is among the rules. */
export interface Place {
  table: TableName
  point: HookPoint
  chain: Chain
  /** Number of the rule, from 1. */
  rule: number
}
