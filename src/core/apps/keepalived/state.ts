import type { Pid } from '../../base/ids.ts'
import type { Args } from './args.ts'
import type { CheckersState } from './health/types.ts'
import type { VrrpState } from './vrrp/types.ts'

/** One process of keepalived: the parent, or one of its two children. Configuration is frozen, so copies share it. */
export interface KeepalivedState {
  role: 'parent' | 'checkers' | 'vrrp'
  args: Args
  parent: ParentState
  checkers: CheckersState | null
  vrrp: VrrpState | null
  /** Scripts that this process has started (two phase end, and the words of its last line). */
  ranScripts: boolean
}

interface ParentState {
  /** 0 = not running. */
  checkers: Pid
  vrrp: Pid
  stopping: boolean
  /** Children that have not yet said that they read the configuration. */
  waiting: Pid[]
  reloading: boolean
}
