import type { HostId } from '../core/base/ids.ts'
import type { TraceDelta } from './batches.ts'
import type { Session } from './session.ts'

/** Calls that are answered. */
export type CallName = Exclude<keyof Session, 'stop' | 'setPace' | 'dispose'>

/** Down, from the page. */
export type ToWorker =
  | { [K in CallName]: { call: K; id: number; args: Parameters<Session[K]> } }[CallName]
  | { stop: true; host?: HostId }
  | { pace: number }

/** Up, from the worker: answers by the number of their call, and what is new, in order. */
export type FromWorker =
  | { id: number; value: unknown }
  | { id: number; error: { name: string; message: string } }
  | { trace: TraceDelta }
