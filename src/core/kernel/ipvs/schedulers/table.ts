import type { Scheduler } from './scheduler.ts'
import { rr } from './rr.ts'

/** Schedulers by the name `ipvsadm -s` takes. */
export const SCHEDULERS: Record<string, Scheduler> = { rr }
