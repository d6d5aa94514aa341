import { dh, sh } from './hash.ts'
import { fo, lc, nq, ovf, sed, wlc } from './least.ts'
import { lblc, lblcr } from './locality.ts'
import { mh } from './mh.ts'
import { rr } from './rr.ts'
import type { Scheduler } from './scheduler.ts'
import { twos } from './twos.ts'
import { wrr } from './wrr.ts'

/** Schedulers by the name `ipvsadm -s` takes. */
export const SCHEDULERS: Record<string, Scheduler> = {
  rr,
  wrr,
  lc,
  wlc,
  lblc,
  lblcr,
  dh,
  sh,
  sed,
  nq,
  fo,
  ovf,
  mh,
  twos,
}
